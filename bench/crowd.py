"""Ten thousand stations: what each costs in memory while idle, and how long all of them need to come back at once."""

import resource
import ssl
import time

from bench.cores import resident_kb
from bench.figures import Figure
from bench.provision import STATIONS, identity
from bench.storm import Storm, quiet
from bench.system import System

_GENTLE = 50
_OPEN_FILES = 65_536
_CLOSED_S = 60.0


def raise_file_limit() -> None:
    """For us and, by inheritance, for the gateway."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, max(hard, _OPEN_FILES)))
    except (ValueError, PermissionError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def figures(system: System, stations: int = STATIONS) -> list[Figure]:
    identities = [identity(number) for number in range(stations)]
    plain_kb = _held(system, Storm(system.ports["ws"]), identities)
    storm = _storm(system, identities)
    _restart_gateway(system)
    context = quiet(ssl.create_default_context())
    tls_kb = _held(system, Storm(system.ports["wss"], tls=context), identities)
    _restart_gateway(system)
    return [
        Figure("memory_plain", f"memory per idle connection, {stations:,} held, plain", plain_kb, "kB", 20, True),
        Figure("memory_tls", f"memory per idle connection, {stations:,} held, TLS", tls_kb, "kB", 40, True),
        *storm,
    ]


def _held(system: System, crowd: Storm, identities: list[str]) -> float:
    """kB of the gateway's resident memory per connection, all of them booted and quiet."""
    _restart_gateway(system)
    warm = Storm(crowd.port, tls=crowd.tls)
    warm.run(identities[:20], _GENTLE, 60)  # imports and first-use tables are not the connections'
    warm.close()
    _wait_alone(system)
    before = resident_kb(system.pid("gateway"))
    crowd.run(identities, _GENTLE, 300)
    if crowd.refused:
        raise RuntimeError(f"{len(crowd.refused)} of {len(identities)} were refused: {crowd.refused[0].refusal}")
    after = resident_kb(system.pid("gateway"))
    crowd.close()
    return (after - before) / len(identities)


def _storm(system: System, identities: list[str]) -> list[Figure]:
    """Everybody was connected a moment ago; the gateway restarts and all knock at the same time."""
    _restart_gateway(system)
    before = _connections(system)
    storm = Storm(system.ports["ws"])
    took_s = storm.run(identities, len(identities), 120)
    served = sorted(a.served_s or 0.0 for a in storm.arrivals if not a.refusal)
    refused = len(storm.refused)
    for reason in sorted({arrival.refusal for arrival in storm.refused})[:5]:
        print(f"storm: refused: {reason}")
    time.sleep(1.0)  # a second entry of the same station would be written behind the answers
    twice = _connections(system) - before - len(identities)
    storm.close()
    half = served[len(served) // 2] if served else float("nan")
    note = f"half of them after {half:.2f} s"
    return [
        Figure("storm", f"reconnect storm of {len(identities):,}, last one served", took_s, "s", 10, True, note=note),
        Figure("storm_refused", "reconnect storm, refused", refused, "stations", 0, True),
        Figure("storm_twice", "reconnect storm, admitted more than once", twice, "stations", 0, True),
    ]


def _connections(system: System) -> int:
    """CONNECTED entries in the journal."""
    return int(system.query("SELECT count(*) FROM journal.entry WHERE kind = 1")[0][0])


def _restart_gateway(system: System) -> None:
    system.stop("gateway")
    system.start("gateway")


def _wait_alone(system: System) -> None:
    """Until the gateway has let go of everybody."""
    deadline = time.monotonic() + _CLOSED_S
    while time.monotonic() < deadline:
        open_now = system.query(
            """SELECT count(*) FILTER (WHERE kind = 1) - count(*) FILTER (WHERE kind = 2) FROM journal.entry
               WHERE stream = (SELECT max(stream) FROM journal.entry)"""
        )
        if open_now[0][0] == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("closed connections stayed open at the gateway")
