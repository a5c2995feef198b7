"""Reads of what was asked of stations; the number of queries never depends on the rows."""

from collections import Counter
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from ohmstead.access.models import Organisation
from ohmstead.network import bulks as bulk_work
from ohmstead.network.models import Bulk, Command, Report, Station


def commands(station: Station, limit: int = 50) -> QuerySet[Command]:
    """Newest first."""
    return (
        Command.objects.filter(station=station).select_related("asked_by", "bulk").order_by("-asked_at", "-id")[:limit]
    )


def commands_of(organisation: Organisation) -> QuerySet[Command]:
    """Of all its stations, newest first."""
    return (
        Command.objects.filter(station__organisation=organisation)
        .select_related("station", "asked_by", "bulk")
        .order_by("-asked_at", "-id")
    )


def command(organisation: Organisation, command_id: UUID) -> Command:
    """Raises Command.DoesNotExist, also for another tenant's command."""
    return commands_of(organisation).get(pk=command_id)


def reports(command: Command) -> QuerySet[Report]:
    """What the station sent later because of it, in the order of arrival."""
    return Report.objects.filter(command=command).order_by("number")


@dataclass(frozen=True, slots=True)
class BulkProgress:
    """`counts`: every command state, and total, open, busy, done, not_done."""

    bulk: Bulk
    counts: Counter[str]

    @property
    def percent(self) -> int:
        total = self.counts["total"]
        return 100 if not total else (total - self.counts["open"]) * 100 // total


def bulks(organisation: Organisation, limit: int = 50) -> list[BulkProgress]:
    """Newest first: two queries."""
    rows = Bulk.objects.filter(organisation=organisation).select_related("asked_by").order_by("-asked_at", "-id")
    return _with_progress(list(rows[:limit]))


def bulk(organisation: Organisation, bulk_id: UUID) -> BulkProgress:
    """Raises Bulk.DoesNotExist, also for another tenant's."""
    row = Bulk.objects.select_related("asked_by", "organisation").get(pk=bulk_id, organisation=organisation)
    return _with_progress([row])[0]


def bulk_commands(bulk: Bulk) -> QuerySet[Command]:
    """By station; each with its state and reason."""
    return Command.objects.filter(bulk=bulk).select_related("station").order_by("station__identity", "id")


def _with_progress(rows: list[Bulk]) -> list[BulkProgress]:
    counts = bulk_work.progress([row.pk for row in rows])
    return [BulkProgress(row, counts.get(row.pk, Counter())) for row in rows]
