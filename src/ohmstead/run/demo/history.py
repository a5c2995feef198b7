"""A month of charging: the simulator's drivers and cars, folded by the same rules as what stations say."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from ohmstead.access.models import Organisation
from ohmstead.charging import session_rows
from ohmstead.charging.held import HeldSession, session_id
from ohmstead.charging.marks import MarkRows
from ohmstead.charging.reading_rows import ReadingRows
from ohmstead.charging.rules.closing import Surroundings
from ohmstead.charging.rules.facts import SessionFacts
from ohmstead.charging.rules.fold import SessionView, fold
from ohmstead.charging.rules.meter import rank_of
from ohmstead.network.models import Station
from ohmstead.simulator.car import Flow, Offer
from ohmstead.simulator.drivers import Visit, visits
from ohmstead.simulator.evse import Outlet
from ohmstead.simulator.scenario import Planned, Scenario
from ohmstead.station.events import TransactionEnded, TransactionStarted
from ohmstead.station.readings import Reading, ReadingContext
from ohmstead.station.states import ChargingState, StopReason
from ohmstead.station.tokens import TokenVerdict

_STEP: Final = timedelta(minutes=5)
_FAST_STEP: Final = timedelta(minutes=2)  # direct current: short stays, steep curves
_AFTER_FULL: Final = timedelta(minutes=30)  # readings go on this long once the car takes no more
_BATCH: Final = 500
_WALK: Final = timedelta(seconds=20)


@dataclass(slots=True)
class Plug:
    """One EVSE through the month; its register only rises."""

    station: Station
    number: int
    outlet: Outlet
    random: Random
    register_wh: Decimal

    def offer(self) -> Offer:
        return Offer(self.outlet.phases, self.outlet.current_a, self.outlet.dc_power_w)


class Rows:
    """What a batch of sessions leaves beside them."""

    def __init__(self) -> None:
        self.readings = ReadingRows()
        self.marks = MarkRows()


def write_history(organisation: Organisation, town: Scenario, now: datetime, days: int) -> int:
    """In the caller's transaction; the number of sessions written."""
    stations = {station.identity: station for station in Station.objects.filter(organisation=organisation)}
    zone = ZoneInfo(town.sheet.time_zone)
    written = 0
    batch: list[tuple[HeldSession, SessionView]] = []
    rows = Rows()
    for planned in town.stations:
        for plug in _plugs(stations[planned.identity], planned):
            for visit in _month(plug, planned, town, (now - timedelta(days=days)).astimezone(zone), now):
                batch.append(_session(plug, visit, rows))
                if len(batch) >= _BATCH:
                    written += _write(batch, rows)
                    batch, rows = [], Rows()
    return written + _write(batch, rows)


def _write(batch: list[tuple[HeldSession, SessionView]], rows: Rows) -> int:
    session_rows.find_tokens([held for held, _ in batch])
    session_rows.write(batch)
    rows.readings.write()
    rows.marks.write()
    return len(batch)


def _plugs(station: Station, planned: Planned) -> Iterator[Plug]:
    for number, outlet in enumerate(planned.nameplate.outlets, start=1):
        random = Random(f"history of {planned.identity}/{number}")
        yield Plug(station, number, outlet, random, Decimal(random.randrange(200_000, 9_000_000)))


def _month(plug: Plug, planned: Planned, town: Scenario, start: datetime, now: datetime) -> Iterator[Visit]:
    dc = plug.outlet.dc_power_w is not None
    for visit in visits(plug.random, planned.site.kind, town.cards, start, dc=dc, pace=planned.site.pace):
        if visit.arrives_at + timedelta(seconds=visit.stays_s) >= now:
            return
        yield visit


def _session(plug: Plug, visit: Visit, rows: Rows) -> tuple[HeldSession, SessionView]:
    begins = visit.arrives_at.astimezone(UTC).replace(microsecond=0) + _WALK
    leaves = begins + timedelta(seconds=int(visit.stays_s))
    transaction_id = f"{plug.random.getrandbits(30)}"
    mine = session_id(plug.station.pk, transaction_id)
    facts = SessionFacts()
    facts.heard_start(
        TransactionStarted(
            transaction_id=transaction_id,
            evse=plug.number,
            at=begins,
            at_as_sent=begins.isoformat(),
            register_wh=plug.register_wh,
            token=visit.token,
            verdict=TokenVerdict.ACCEPTED,
        )
    )
    marks: list[tuple[datetime, str]] = [(begins, ChargingState.CHARGING)]
    for reading in _readings(plug, visit, begins, leaves, marks):
        facts.meter.step(
            reading.at, rank_of(reading.context), reading.register_wh, reading.power_w, reading.soc_percent
        )
        rows.readings.add(str(plug.station.pk), plug.number, str(mine), reading)
    for at, state in marks:
        rows.marks.add(plug.station.pk, at, state, evse=None, connector=None, session=mine)
    facts.heard_end(
        TransactionEnded(
            transaction_id=transaction_id,
            evse=plug.number,
            at=leaves,
            register_wh=plug.register_wh,
            reason=_reason(plug.random),
        )
    )
    held = HeldSession(plug.station.pk, transaction_id, plug.station.organisation_id, facts)
    held.token_uid = visit.token.canonical_uid
    return held, fold(facts, Surroundings(), marks)


def _reason(random: Random) -> StopReason:
    return random.choices((StopReason.DRIVER, StopReason.CAR_UNPLUGGED, StopReason.REMOTE), (8, 3, 1))[0]


def _readings(
    plug: Plug, visit: Visit, begins: datetime, leaves: datetime, marks: list[tuple[datetime, str]]
) -> Iterator[Reading]:
    """Begin, some on the way while it matters, end; the plug's register moves along."""
    yield _reading(plug, visit, begins, ReadingContext.BEGIN, Flow())
    at, full_at = begins, None
    step = _STEP if plug.outlet.dc_power_w is None else _FAST_STEP
    while at + step < leaves:
        flow, passed_wh = visit.car.charge(plug.offer(), step.total_seconds())
        plug.register_wh += Decimal(round(passed_wh))
        at += step
        if not flow.power_w and full_at is None:
            full_at = at
            marks.append((at, ChargingState.SUSPENDED_CAR))
        if full_at is None or at - full_at <= _AFTER_FULL:
            yield _reading(plug, visit, at, ReadingContext.PERIODIC, flow)
    yield _reading(plug, visit, leaves, ReadingContext.END, Flow())


def _reading(plug: Plug, visit: Visit, at: datetime, context: ReadingContext, flow: Flow) -> Reading:
    dc = plug.outlet.dc_power_w is not None
    noise = 1 + plug.random.uniform(-0.004, 0.004)
    amperes = [round(flow.current_a * noise, 1) if phase < flow.phases else 0.0 for phase in range(3)]
    return Reading(
        at=at,
        context=context,
        register_wh=plug.register_wh,
        power_w=round(flow.power_w * noise, 1),
        current_l1_a=amperes[0],
        current_l2_a=None if dc else amperes[1],
        current_l3_a=None if dc else amperes[2],
        soc_percent=round(visit.car.soc * 100, 1) if dc else None,
    )
