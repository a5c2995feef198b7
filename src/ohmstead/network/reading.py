"""Settings are read by ourselves after a station has booted: gently, and never in a way that keeps it from working."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from ohmstead import wire
from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.network import commands, knowledge
from ohmstead.network.models import Command, Station
from ohmstead.station.answers import Admission
from ohmstead.station.commands import AnyCommand, GetInventory, GetSettings

AFTER_BOOT: Final = timedelta(minutes=3)
AT_A_TIME: Final = 10  # a minute
READ_EVERY: Final = timedelta(days=30)
ASKED_EVERY: Final = timedelta(days=1)
UNANSWERED_AT_MOST: Final = 2  # a station that falls over its own settings is not asked again with this firmware
READER: Final = Actor.job("reading of settings")


def ask_due(now: datetime) -> int:
    """Ask the stations whose settings are unknown; how many were asked."""
    asked = 0
    for station in _due(now):
        with transaction.atomic():
            knowledge.note_asked(station.pk, station.firmware, now)
            if wire.avoids_probing(wire.quirk_mask(station.vendor, station.model, station.firmware)):
                continue
            row = commands.queue(station.pk, _question(station), at=now, by=READER)
            record(READER, "station.asked", station, command=row.kind, command_id=str(row.pk))
        asked += 1
    return asked


def _due(now: datetime) -> list[Station]:
    busy = Command.objects.filter(station=OuterRef("pk"), state__in=commands.OPEN)
    never = Q(knowledge__isnull=True) | Q(knowledge__read_at__isnull=True) | Q(knowledge__read_at__lt=now - READ_EVERY)
    allowed = Q(knowledge__isnull=True) | (
        Q(knowledge__unanswered__lt=UNANSWERED_AT_MOST)
        & (Q(knowledge__asked_at__isnull=True) | Q(knowledge__asked_at__lt=now - ASKED_EVERY))
    )
    found = Station.objects.filter(
        never,
        allowed,
        ~Exists(busy),
        online=True,
        admission=Admission.ACCEPTED,
        booted_at__lt=now - AFTER_BOOT,
    )
    return list(found.order_by("booted_at")[:AT_A_TIME])


def _question(station: Station) -> AnyCommand:
    return GetInventory() if station.dialect.startswith("ocpp2") else GetSettings()
