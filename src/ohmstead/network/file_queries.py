"""Reads of logs and firmware; the number of queries never depends on the rows."""

from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from ohmstead.access.models import Organisation
from ohmstead.network.models import FirmwareImage, FirmwareUpdate, Station, StationFile


def files(station: Station, limit: int = 50) -> QuerySet[StationFile]:
    """Logs, newest first, with the command that asked and what was stored."""
    found = StationFile.objects.filter(station=station).select_related("command", "stored")
    return found.order_by("-asked_at", "-id")[:limit]


def file(organisation: Organisation, file_id: UUID) -> StationFile:
    """Raises StationFile.DoesNotExist, also for another tenant's."""
    found = StationFile.objects.select_related("station", "command", "stored")
    return found.get(pk=file_id, station__organisation=organisation)


def images(organisation: Organisation) -> QuerySet[Any]:
    """Newest first, withdrawn ones last; `sent_to` and `confirmed` stations of each."""
    return (
        FirmwareImage.objects.filter(organisation=organisation)
        .select_related("stored", "added_by")
        .annotate(
            sent_to=Count("updates"),
            confirmed=Count("updates", filter=Q(updates__confirmed_at__isnull=False)),
        )
        .order_by(F("withdrawn_at").asc(nulls_first=True), "-added_at")
    )


def image(organisation: Organisation, image_id: UUID) -> FirmwareImage:
    """Raises FirmwareImage.DoesNotExist, also for another tenant's."""
    return FirmwareImage.objects.select_related("stored").get(pk=image_id, organisation=organisation)


def images_for(station: Station) -> QuerySet[FirmwareImage]:
    """That fit the station and are not withdrawn, newest first."""
    return (
        FirmwareImage.objects.filter(
            Q(model="") | Q(model__iexact=station.model),
            organisation=station.organisation_id,
            vendor__iexact=station.vendor,
            withdrawn_at=None,
        )
        .select_related("stored")
        .order_by("-added_at")
    )


def firmware_updates(station: Station, limit: int = 50) -> QuerySet[FirmwareUpdate]:
    """Newest first, each with its image and its command (state, work, progress, history)."""
    found = FirmwareUpdate.objects.filter(station=station).select_related("image", "command", "command__asked_by")
    return found.order_by("-command__asked_at", "-id")[:limit]
