"""Why a station does not connect, walked from the door inwards. Needs Django set up."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from ohmstead.network.models import Refusal, Station
from ohmstead.run.doctor.findings import Finding, fine, look
from ohmstead.run.environment import Environment
from ohmstead.station.answers import Admission
from ohmstead.station.identity import InvalidIdentity, station_identity

_LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_RECENT: Final = timedelta(days=7)
_SHOWN: Final = 5


def examine_station(identity: str, environment: Environment, now: datetime) -> Iterable[Finding]:
    try:
        station_identity(identity)
    except InvalidIdentity as wrong:
        yield look("identity", str(wrong))
        return
    stations = Station.objects.filter(identity__iexact=identity).select_related("organisation").order_by("created_at")
    if not stations:
        yield from _stranger(identity, environment, now)
    for station in stations:
        yield from _known(station, now)


def _stranger(identity: str, environment: Environment, now: datetime) -> Iterator[Finding]:
    attempts = list(_attempts(identity, now))
    yield from attempts
    if attempts:
        return
    address = f"ws://{environment.host}:{environment.ocpp_port}/ocpp/{identity}"
    yield look("station", f"{identity} is unknown and has not been at the door. Its address must be {address}")
    if environment.host in _LOOPBACK:
        yield look("network", "the gateway listens on this machine only: start it with --host for stations outside.")
    else:
        yield look("network", "check cable or SIM, DNS and firewall between the station and this machine.")


def _known(station: Station, now: datetime) -> Iterator[Finding]:
    where = f"{station.identity} of {station.organisation.name}"
    if station.admission == Admission.PENDING:
        yield look("admission", f"{where} waits in the inbox: `ohmstead station accept {station.identity}`.")
    elif station.admission == Admission.REFUSED:
        yield look("admission", f"{where} was refused by an operator: `ohmstead station accept {station.identity}`.")
    else:
        yield fine("admission", f"{where} is accepted.")
    if station.online:
        yield fine(
            "connection", f"{_line(station)} since {_when(station.connected_at, now)}{_last_word(station, now)}."
        )
    elif station.connected_at is None:
        yield look("connection", "it has never been connected.")
    else:
        since = _when(station.disconnected_at or station.last_seen_at, now)
        yield look("connection", f"offline since {since}; it was {_line(station)}.")
    if station.error_code and station.error_code != "NoError":
        yield look("state", f"the station reports {station.error_code}.")
    yield from _attempts(station.identity, now, since=station.connected_at if station.online else None)
    mended = station.deviations.count()
    if mended:
        yield fine("messages", f"{mended} kinds of mistakes in its messages are mended; see the station's page.")


def _attempts(identity: str, now: datetime, since: datetime | None = None) -> Iterator[Finding]:
    """What ended at the door lately; after the newest connection if the station is in."""
    found = Refusal.objects.filter(identity__iexact=identity, last_at__gte=max(now - _RECENT, since or now - _RECENT))
    for refusal in found.order_by("-last_at")[:_SHOWN]:
        times = "once" if refusal.count == 1 else f"{refusal.count} times"
        yield look(
            "door",
            f"{refusal.sentence} Seen {times}, last {_when(refusal.last_at, now)} from {refusal.remote_address}.",
        )


def _line(station: Station) -> str:
    return (
        f"connected{f' through {station.gateway}' if station.gateway else ''}"
        f" from {station.remote_address or 'an unknown address'} with {station.dialect or 'an unknown dialect'}"
    )


def _last_word(station: Station, now: datetime) -> str:
    return f", last heard {_when(station.last_seen_at, now)}" if station.last_seen_at else ""


def _when(at: datetime | None, now: datetime) -> str:
    """The clock for today, the date for earlier; UTC as everywhere in logs."""
    if at is None:
        return "an unknown time"
    return f"{at:%H:%M} UTC" if at.date() == now.date() else f"{at:%Y-%m-%d %H:%M} UTC"
