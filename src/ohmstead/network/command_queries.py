"""Reads of what was asked of stations; the number of queries never depends on the rows."""

from uuid import UUID

from django.db.models import QuerySet

from ohmstead.access.models import Organisation
from ohmstead.network.models import Command, Station


def commands(station: Station, limit: int = 50) -> QuerySet[Command]:
    return Command.objects.filter(station=station).select_related("asked_by").order_by("-asked_at", "-id")[:limit]


def command(organisation: Organisation, command_id: UUID) -> Command:
    """Raises Command.DoesNotExist, also for another tenant's command."""
    return Command.objects.select_related("station", "asked_by").get(pk=command_id, station__organisation=organisation)
