"""From a frame on a station's socket to its changed row at an open console: 1,000 stations, 20 streams of the list.

Measured from the moment a StatusNotification is written to the socket until each console that shows the station has
read the event with the row in its new state. Both ends are this process, on one clock. That a browser then puts the row
in place is not part of the figure.
"""

import time

from bench.consoles import Consoles
from bench.figures import Figure
from bench.frames import masked, status_notification
from bench.large_network import CONSOLES, identity
from bench.lines import Line
from bench.pages import percentile
from bench.stations import charging_16
from bench.system import System

STATIONS = 1_000
PER_S = 33.0  # of each kind: every station sends a meter value and a status about every 30 s
_MOST_MS = 300.0
_SETTLED_S = 5.0
_LOST_S = 5.0  # how long the last changes are waited for; one shown later than this while others go on is only late
_TOLD = (
    ("Preparing", "Preparing"),
    ("Charging", "Charging"),
    ("SuspendedEV", "Paused by car"),
    ("Finishing", "Finishing"),
)
_KEEP_EVERY = 100  # messages between two looks after all lines
_STRIDE = 7  # neighbours in the list do not change one after the other


def figures(system: System, quick: bool) -> list[Figure]:
    """Each console shows the first 50 of a hundred stations, so that half of what changes is on two screens."""
    stations = 100 if quick else STATIONS
    for role in ("desk", "gateway", "worker", "web"):
        system.start(role)
    searches = [identity(hundred * 100)[:-2] for hundred in range(stations // 100)]
    addresses = [f"/console/live/stations?q={searches[number % len(searches)]}" for number in range(CONSOLES)]
    with charging_16(system.ports["ws"], range(stations), run=0) as lines:
        system.wait_folded()
        _keep_open(lines)
        with Consoles(system.ports["web"], addresses) as consoles:
            consoles.listen_for(_SETTLED_S)
            late_ms = _measure(lines, consoles, 3.0 if quick else 60.0)
            waits, rows = consoles.waits_ms, consoles.rows
    if not waits:
        raise RuntimeError(f"no console was shown a change; they show {rows} stations")
    note = (
        f"p50 {percentile(waits, 50):.0f} ms, p99 {percentile(waits, 99):.0f} ms of {len(waits):,} rows at {CONSOLES} "
        f"consoles; {stations:,} stations, {PER_S:.0f} statuses/s and as many meter values; "
        f"the load itself was at most {late_ms:.0f} ms late"
    )
    lost = consoles.expected - len(waits)
    most_ms, most_lost = (None, None) if quick else (_MOST_MS, 0)
    p95 = percentile(waits, 95)
    return [
        Figure("live_p95", "frame to changed row at a console, p95", p95, "ms", most_ms, at_most=True, note=note),
        Figure("live_lost", "changes that a console was not shown", lost, "rows", most_lost, at_most=True),
    ]


def _keep_open(lines: list[Line]) -> None:
    """The gateway pings who is quiet for 20 s and closes who does not answer."""
    for line in lines:
        line.catch_up()


def _measure(lines: list[Line], consoles: Consoles, run_s: float) -> float:
    """A status and a meter value at set times, round the stations; by how many ms the load was late at worst."""
    begin, sent, late_s = time.perf_counter(), 0, 0.0
    while (now := time.perf_counter()) < begin + run_s:
        due = begin + sent / PER_S
        if now < due:
            consoles.listen_for(due - now)
            continue
        late_s = max(late_s, now - due)
        line = lines[sent * _STRIDE % len(lines)]
        state, word = _TOLD[sent // len(lines) % len(_TOLD)]
        sent_at = time.perf_counter()
        line.socket.sendall(masked(status_notification(sent, state)))
        consoles.expect(line.identity, word, sent_at)
        line.receive()
        line.socket.sendall(next(line.frames))
        line.receive()
        sent += 1
        if sent % _KEEP_EVERY == 0:
            _keep_open(lines)
    consoles.listen_for(_LOST_S)
    return late_s * 1e3
