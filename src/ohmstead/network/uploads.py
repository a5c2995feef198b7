"""Uploads of stations as they arrive, and downloads as they leave; the web role serves them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from ohmstead.access import live
from ohmstead.network import file_store
from ohmstead.network.commands import passed
from ohmstead.network.file_targets import token_hash
from ohmstead.network.models import Command, FirmwareUpdate, StationFile, StoredFile, Work
from ohmstead.network.rules.files import safe_name
from ohmstead.network.text import plain

ATTEMPTS_AT_MOST: Final = 8
KEPT_FOR: Final = timedelta(days=90)


def begin(token: str, name: str, sender: str, now: datetime) -> tuple[StationFile, file_store.Writing] | None:
    """None: there is no such address, it has ended, or was used too often."""
    with transaction.atomic():
        target = (
            StationFile.objects.select_for_update(of=("self",))
            .select_related("station")
            .filter(token_hash=token_hash(token), expires_at__gt=now)
            .first()
        )
        if target is None or target.attempts >= ATTEMPTS_AT_MOST:
            return None
        target.attempts, target.sender = target.attempts + 1, plain(sender, 64)
        target.save(update_fields=["attempts", "sender"])
        otherwise = f"{target.kind}.log"
        return target, file_store.Writing(target.station.organisation_id, safe_name(name, otherwise))


def received(target: StationFile, writing: file_store.Writing, now: datetime) -> None:
    """The newest whole upload is the one that is kept."""
    with transaction.atomic():
        before = StoredFile.objects.filter(station_file=target.pk).first()
        stored = writing.finish()
        StationFile.objects.filter(pk=target.pk).update(stored=stored, received_at=now, reason="")
        if before is not None:
            before.delete()
        row = Command.objects.select_for_update(no_key=True).filter(station_file=target.pk).first()
        if row is not None and row.work != Work.DONE:
            row.work, row.progress, row.progress_at = Work.DONE, "Received", now
            row.history = [*row.history, passed("Received", now)]
            row.save(update_fields=["work", "progress", "progress_at", "history"])
        live.tell("stations", target.station.organisation_id, [target.station_id])
        live.tell("commands", target.station.organisation_id, [row.pk] if row else [])


def broke_off(target: StationFile, writing: file_store.Writing, reason: str) -> None:
    with transaction.atomic():
        writing.give_up()
        StationFile.objects.filter(pk=target.pk).update(reason=reason[:200])


@dataclass(frozen=True, slots=True)
class Download:
    file_id: UUID
    name: str
    size_bytes: int
    sha256: str
    update_id: UUID

    def read(self, first: int, last: int) -> Iterator[bytes]:
        return file_store.read(self.file_id, first, last)


def download(token: str, now: datetime) -> Download | None:
    """The firmware at this address; None when there is none, its time is over, or it was withdrawn."""
    update = (
        FirmwareUpdate.objects.select_related("image__stored")
        .filter(token_hash=token_hash(token), expires_at__gt=now, image__withdrawn_at=None)
        .first()
    )
    if update is None:
        return None
    stored = update.image.stored
    return Download(stored.pk, stored.name, stored.size_bytes, stored.sha256, update.pk)


def fetched(download: Download, number: int, now: datetime) -> None:
    FirmwareUpdate.objects.filter(pk=download.update_id).update(
        fetched_at=Coalesce(F("fetched_at"), now), fetched_bytes=F("fetched_bytes") + number
    )


def forget_old(now: datetime) -> None:
    StoredFile.objects.filter(station_file__asked_at__lt=now - KEPT_FOR).delete()
    StationFile.objects.filter(asked_at__lt=now - KEPT_FOR).delete()
    file_store.forget_broken(now)
