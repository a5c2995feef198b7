"""Writes of bulk work: each is one transaction with its audit row."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ohmstead.access import live
from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.network import bulks, commands
from ohmstead.network.command_actions import WAITS_AT_MOST, again
from ohmstead.network.errors import CommandRefused, NoStations, TooLate
from ohmstead.network.models import Bulk, BulkState, Command, CommandState, Station, Work
from ohmstead.network.rules.addresses import check_addresses
from ohmstead.network.rules.secrets import KEPT_SECRET, password_command
from ohmstead.network.text import plain_json
from ohmstead.station.answers import Admission
from ohmstead.station.commands import AnyCommand, ChangePassword
from ohmstead.station.commands.operations import BY_KIND, masked

PACES: Final = range(1, 501)
_INSERTED_AT_ONCE: Final = 1000


@dataclass(frozen=True, slots=True)
class Manner:
    """How bulk work goes: stations at the same time, when to stop, whether to wait for stations that are away."""

    pace: int = 20
    stop_after: int | None = None  # failures
    wait_until_online: timedelta | None = None
    chosen: Mapping[str, Any] = field(default_factory=dict)  # the filter, to be shown


GENTLY: Final = Manner()


@transaction.atomic(durable=True)
def ask_stations(
    organisation: Organisation,
    stations: QuerySet[Station],
    command: AnyCommand,
    *,
    by: Actor,
    manner: Manner = GENTLY,
    title: str = "",
) -> Bulk:
    """Ask the same of every accepted station among `stations`; a row each, at work in the background.

    Raises NoStations, CommandRefused.
    """
    command = password_command(command)
    check_addresses(command)
    if isinstance(command, ChangePassword):
        raise CommandRefused("Every station has a password of its own: change them one by one.")
    bulk = begin(organisation, title or BY_KIND[type(command)].sentence, command, manner, by)
    plan(bulk, stations, lambda station: (command,), by)
    record(by, "bulk.started", bulk, command=bulk.kind, stations=bulk.commands.count())
    return bulk


@transaction.atomic(durable=True)
def cancel_bulk(bulk: Bulk, *, by: Actor) -> None:
    """Take back what was not sent yet; what is under way ends by itself."""
    bulk.refresh_from_db(from_queryset=Bulk.objects.select_for_update(no_key=True))
    if bulk.state != BulkState.RUNNING:
        return
    taken_back = bulks.stop(bulk, BulkState.CANCELLED, f"Taken back by {by.name}.", timezone.now())
    record(by, "bulk.cancelled", bulk, taken_back=len(taken_back))
    live.tell("commands", bulk.organisation_id, taken_back[:1000])


@transaction.atomic(durable=True)
def retry_bulk(bulk: Bulk, *, by: Actor) -> Bulk:
    """Ask again the stations of a bulk that did not do it. Raises TooLate while it runs, NoStations."""
    bulk.refresh_from_db(from_queryset=Bulk.objects.select_for_update(no_key=True))
    if bulk.state == BulkState.RUNNING:
        raise TooLate("It is still under way; what has failed can be repeated when it has ended.")
    failed = Command.objects.filter(Q(state__in=bulks.NOT_DONE) | Q(work=Work.FAILED), bulk=bulk).order_by("id")
    wait = timedelta(seconds=bulk.waits_s) if bulk.waits_s else None
    manner = Manner(bulk.pace, bulk.stop_after, wait, bulk.chosen)
    retried = _begun(bulk.organisation, bulk.title, bulk.kind, bulk.command, manner, by)
    retried.retries = bulk
    retried.save(update_fields=["retries"])
    if not failed.exists():
        raise NoStations("No station is left to ask.")
    insert(_row(retried, each.station_id, again(each), by, repeats_id=each.pk) for each in failed.iterator())
    bulks.move_on(retried)
    record(by, "bulk.retried", retried, retries=str(bulk.pk))
    return retried


def begin(organisation: Organisation, title: str, command: AnyCommand, manner: Manner, by: Actor) -> Bulk:
    """A bulk without commands, in the caller's transaction."""
    return _begun(organisation, title, type(command).__name__, plain_json(masked(command, KEPT_SECRET)), manner, by)


def plan(bulk: Bulk, stations: QuerySet[Station], wishes: Callable[[Station], Sequence[AnyCommand]], by: Actor) -> None:
    """Its commands, planned; several for one station keep their order. Raises NoStations."""
    insert(_row(bulk, each.pk, wish, by) for each in planned(bulk, stations) for wish in wishes(each))


def planned(bulk: Bulk, stations: QuerySet[Station]) -> Iterator[Station]:
    """The stations that take part. Raises NoStations."""
    chosen = stations.filter(organisation=bulk.organisation, admission=Admission.ACCEPTED).order_by("identity")
    if not chosen.exists():
        raise NoStations("No station is left to ask.")
    return chosen.iterator()


def insert(rows: Iterable[Command]) -> None:
    """The commands of a bulk; their turn comes by and by."""
    Command.objects.bulk_create(rows, batch_size=_INSERTED_AT_ONCE)
    commands.wake_dispatch()


def _begun(organisation: Organisation, title: str, kind: str, command: Any, manner: Manner, by: Actor) -> Bulk:
    wait = manner.wait_until_online
    if manner.pace not in PACES:
        raise CommandRefused(f"{PACES.start} to {PACES[-1]} stations can be at work at the same time.")
    if manner.stop_after is not None and manner.stop_after < 1:
        raise CommandRefused("It can stop after one failure or more.")
    if wait is not None and not timedelta(0) < wait <= WAITS_AT_MOST:
        raise CommandRefused(f"A command waits for a station for {WAITS_AT_MOST.days} days at most.")
    return Bulk.objects.create(
        organisation=organisation,
        title=title[:160],
        kind=kind,
        command=command,
        chosen=plain_json(dict(manner.chosen)),
        pace=manner.pace,
        stop_after=manner.stop_after,
        waits_s=int(wait.total_seconds()) if wait else None,
        asked_by_id=by.user_id,
        asked_at=timezone.now(),
    )


def _row(bulk: Bulk, station_id: Any, command: AnyCommand, by: Actor, **fields: Any) -> Command:
    at: datetime = bulk.asked_at
    return commands.row_of(station_id, command, at=at, by=by, state=CommandState.PLANNED, bulk=bulk, **fields)
