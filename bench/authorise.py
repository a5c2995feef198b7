"""How long a card waits for its answer when the organisation has a million tokens, with drivers, groups and limits."""

import json
import random
from collections.abc import Iterator

import psycopg

from bench import frames, stations
from bench.drive import Driven, closed_loop, open_loop
from bench.figures import Figure, median_figure
from bench.lines import Line
from bench.system import System
from bench.throughput import Pace

TOKENS = 1_000_000
_DRIVERS = 250_000
_GROUPS = 200
_STATIONS = 200
_PER_S = 200
_FIRST = 6000


def figures(system: System, pace: Pace) -> list[Figure]:
    fill(system)
    steady, alone = [], []
    with stations.idle_16(system.ports["ws"], range(_FIRST, _FIRST + _STATIONS)) as lines:
        for number in range(pace.repeats):
            _present(lines, number)
            steady.append(open_loop(lines, _PER_S, pace.warm_s, pace.run_s))
            alone.append(closed_loop(lines[:1], pace.warm_s, min(pace.run_s, 3.0)))
    title = f"Authorize among {TOKENS:,} tokens, {_STATIONS} stations, {_PER_S}/s"
    return [
        _figure("authorise_p50", f"{title}, p50", steady, 50, None),
        _figure("authorise_p99", f"{title}, p99", steady, 99, 20.0),
        _figure(
            "authorise_alone_p99", f"Authorize among {TOKENS:,} tokens, one station closed loop, p99", alone, 99, 20.0
        ),
    ]


def uid(number: int) -> str:
    """A card of seven bytes; neighbours in number are not neighbours in the index."""
    return f"{number * 0x9E3779B1 % 2**32:08X}{number:06X}"


def fill(system: System) -> None:
    """In plain SQL, once: a driver for four tokens each, in one of two hundred groups with a monthly limit."""
    with psycopg.connect(system.database_url) as connection:
        (organisation,) = connection.execute("SELECT id FROM access_organisation WHERE slug = 'bench'").fetchone() or ()
        for statement in _DRIVERS_AND_GROUPS.split(";\n"):
            connection.execute(statement, {"o": organisation, "drivers": _DRIVERS, "groups": _GROUPS})
        with connection.cursor().copy(_COPY) as copy:
            for number in range(TOKENS):
                copy.write_row((number, uid(number)))
        connection.execute(_TOKENS, {"o": organisation, "drivers": _DRIVERS})
    with psycopg.connect(system.database_url, autocommit=True) as connection:
        connection.execute("ANALYZE")


_DRIVERS_AND_GROUPS = """
CREATE TEMP TABLE some_driver AS SELECT n, gen_random_uuid() AS id FROM generate_series(0, %(drivers)s - 1) AS n;
CREATE TEMP TABLE some_group AS SELECT n, gen_random_uuid() AS id FROM generate_series(0, %(groups)s - 1) AS n;
CREATE TEMP TABLE some_token (n int4, uid text);
INSERT INTO drivers_driver (id, organisation_id, name, email, phone, language, time_zone, needs, note, may_pay,
                            autocharge, created_at)
SELECT id, %(o)s, 'Driver ' || n, '', '', '', '', '', '', true, false, now() FROM some_driver;
INSERT INTO drivers_group (id, organisation_id, name, kind, energy_wh_per_month, changed_at)
SELECT id, %(o)s, 'Group ' || n, 'employees', 500000, now() FROM some_group;
INSERT INTO drivers_groupmember (id, group_id, driver_id, manages)
SELECT gen_random_uuid(), g.id, d.id, false FROM some_driver d JOIN some_group g ON g.n = d.n %% %(groups)s
"""
_COPY = "COPY some_token (n, uid) FROM STDIN"
_TOKENS = """
INSERT INTO drivers_token (id, organisation_id, driver_id, uid, canonical_uid, printed_number, plate, kind, status,
                           blocked_because, master, parent_uid, label, created_at, changed_at)
SELECT gen_random_uuid(), %(o)s, d.id, t.uid, t.uid, '', '', 'rfid', 'valid', '', false, '', '', now(), now()
FROM some_token t JOIN some_driver d ON d.n = t.n %% %(drivers)s
"""


def _present(lines: list[Line], run: int) -> None:
    for number, line in enumerate(lines):
        line.frames = _presentations(line.identity, random.Random(f"{run} {number}"), run)


def _presentations(station: str, dice: random.Random, run: int) -> Iterator[bytes]:
    """Any card of the million: no answer is remembered from an earlier one."""
    number = 0
    while True:
        number += 1
        card = {"idTag": uid(dice.randrange(TOKENS))}
        yield frames.masked(json.dumps([2, f"{station}a{run}.{number}", "Authorize", card]).encode())


def _figure(key: str, title: str, runs: list[Driven], percent: float, need: float | None) -> Figure:
    samples = [run.percentile_ms(percent) for run in runs]
    rate = sum(run.answers / run.seconds for run in runs) / len(runs)
    return median_figure(key, title, samples, "ms", need, at_most=True, note=f"{rate:,.0f} answers/s")
