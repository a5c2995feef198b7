"""Writes of logs and firmware: each is one transaction with its audit row."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.network import commands, file_store, file_targets
from ohmstead.network.bulk_actions import GENTLY, Manner, begin, insert, planned
from ohmstead.network.errors import BadImage
from ohmstead.network.models import (
    Bulk,
    Command,
    CommandState,
    FirmwareImage,
    FirmwareUpdate,
    Station,
    StationFile,
    StoredFile,
)
from ohmstead.network.rules.files import safe_name
from ohmstead.station.commands import GetLog, UpdateFirmware

TARGET_OPEN_FOR: Final = timedelta(days=2)
IMAGE_FETCHED_WITHIN: Final = timedelta(days=30)
IMAGE_MOST_BYTES: Final = 1024 * 1024 * 1024
PEM_MOST: Final = 20_000


@transaction.atomic(durable=True)
def ask_for_log(
    station: Station,
    *,
    by: Actor,
    kind: str = "diagnostics",
    oldest_at: datetime | None = None,
    latest_at: datetime | None = None,
    retries: int | None = 2,
    wait_until_online: timedelta | None = None,
) -> StationFile:
    """Let the station upload a log to us; `kind` is diagnostics, security or data_collector."""
    token, kept = file_targets.new_token()
    url = file_targets.address(station, token)
    wish = GetLog(url=url, kind=kind, oldest_at=oldest_at, latest_at=latest_at, retries=retries, retry_interval_s=60)  # type: ignore[arg-type]
    now = timezone.now()
    row = commands.row_of(station.pk, wish, at=now, by=by)
    row.expires_at = now + wait_until_online if wait_until_online else None
    row.save(force_insert=True)
    commands.wake_dispatch()
    file = StationFile.objects.create(
        station=station,
        command=row,
        kind=kind,
        token_hash=kept,
        asked_at=now,
        expires_at=now + TARGET_OPEN_FOR + (wait_until_online or timedelta(0)),
    )
    record(by, "station.log_asked", station, kind=kind, command_id=str(row.pk))
    return file


@transaction.atomic(durable=True)
def delete_file(file: StationFile, *, by: Actor) -> None:
    """The content goes; that it was asked for stays in the audit trail."""
    record(by, "station.log_deleted", file.station, kind=file.kind)
    stored = file.stored
    file.delete()
    if stored is not None:
        stored.delete()


@transaction.atomic(durable=True)
def note_opened(file: StationFile, *, by: Actor) -> None:
    """A log may tell of drivers: who fetched it is on record."""
    record(by, "station.log_downloaded", file.station, kind=file.kind, file_id=str(file.pk))


@transaction.atomic(durable=True)
def add_image(
    organisation: Organisation,
    pieces: Iterable[bytes],
    *,
    by: Actor,
    file_name: str,
    vendor: str,
    version: str,
    model: str = "",
    sha256: str = "",
    signature: str = "",
    signing_certificate_pem: str = "",
    notes: str = "",
) -> FirmwareImage:
    """Keep firmware for stations to fetch. With `sha256` given, other content is refused. Raises BadImage."""
    vendor, version = vendor.strip()[:64], version.strip()[:64]
    if not vendor or not version:
        raise BadImage("Firmware is for a vendor and has a version.")
    if bool(signature.strip()) != bool(signing_certificate_pem.strip()):
        raise BadImage("Signed firmware has both a signature and the certificate of who signed it.")
    if len(signature) > PEM_MOST or len(signing_certificate_pem) > PEM_MOST:
        raise BadImage("That is no signature, or no certificate: it is too long.")
    stored = file_store.store(organisation.pk, safe_name(file_name, "firmware.bin"), _bounded(pieces))
    _check(stored, sha256)
    image = FirmwareImage.objects.create(
        organisation=organisation,
        stored=stored,
        vendor=vendor,
        model=model.strip()[:64],
        version=version,
        signature=signature.strip(),
        signing_certificate_pem=signing_certificate_pem.strip(),
        notes=notes.strip()[:2_000],
        added_by_id=by.user_id,
        added_at=timezone.now(),
    )
    record(by, "firmware.added", image, sha256=stored.sha256, size_bytes=stored.size_bytes)
    return image


@transaction.atomic(durable=True)
def withdraw_image(image: FirmwareImage, *, by: Actor) -> None:
    """No station is sent to it any more, and those that are on their way find nothing."""
    if image.withdrawn_at is not None:
        return
    image.withdrawn_at = timezone.now()
    image.save(update_fields=["withdrawn_at"])
    record(by, "firmware.withdrawn", image)


@transaction.atomic(durable=True)
def update_firmware(
    station: Station,
    image: FirmwareImage,
    *,
    by: Actor,
    retrieve_at: datetime | None = None,
    install_at: datetime | None = None,
    wait_until_online: timedelta | None = None,
) -> FirmwareUpdate:
    """Let one station fetch and install it. Raises BadImage when it is withdrawn or for another vendor or model."""
    _must_fit(image, station)
    now = timezone.now()
    update, row = _update(station, image, by, now, retrieve_at, install_at)
    row.state, row.queued_at = CommandState.QUEUED, now
    row.history = [commands.passed(CommandState.QUEUED, now)]
    row.expires_at = now + wait_until_online if wait_until_online else None
    row.save(force_insert=True)
    update.save(force_insert=True)
    commands.wake_dispatch()
    record(by, "station.firmware_update_asked", station, image=str(image), command_id=str(row.pk))
    return update


@transaction.atomic(durable=True)
def update_many(
    image: FirmwareImage,
    stations: QuerySet[Station],
    *,
    by: Actor,
    manner: Manner = GENTLY,
    retrieve_at: datetime | None = None,
    install_at: datetime | None = None,
) -> Bulk:
    """A campaign: the stations it fits and that have another version, so many at a time, with the stop rule.

    Raises BadImage, NoStations, CommandRefused.
    """
    if image.withdrawn_at is not None:
        raise BadImage("This firmware was withdrawn.")
    now = timezone.now()
    shown = UpdateFirmware(url=f"{image.stored.name}", retrieve_at=retrieve_at or now, install_at=install_at)
    bulk = begin(image.organisation, str(image), shown, manner, by)
    due = planned(bulk, fitting(image, stations).exclude(firmware__iexact=image.version))
    pairs = [_update(station, image, by, now, retrieve_at, install_at, bulk) for station in due]
    insert([row for _, row in pairs])
    FirmwareUpdate.objects.bulk_create([update for update, _ in pairs], batch_size=1_000)
    record(by, "firmware.campaign_started", image, bulk=str(bulk.pk), stations=len(pairs))
    return bulk


def fitting(image: FirmwareImage, stations: QuerySet[Station]) -> QuerySet[Station]:
    found = stations.filter(organisation=image.organisation_id, vendor__iexact=image.vendor)
    return found.filter(model__iexact=image.model) if image.model else found


def _must_fit(image: FirmwareImage, station: Station) -> None:
    if image.withdrawn_at is not None:
        raise BadImage("This firmware was withdrawn.")
    if not fitting(image, Station.objects.filter(pk=station.pk)).exists():
        raise BadImage(
            f"This firmware is for {image.vendor} {image.model or 'stations'}, and {station} is another one."
        )


def _update(
    station: Station,
    image: FirmwareImage,
    by: Actor,
    now: datetime,
    retrieve_at: datetime | None,
    install_at: datetime | None,
    bulk: Bulk | None = None,
) -> tuple[FirmwareUpdate, Command]:
    """Neither is stored yet."""
    token, kept = file_targets.new_token()
    wish = UpdateFirmware(
        url=file_targets.address(station, token, image.stored.name),
        retrieve_at=retrieve_at or now,
        install_at=install_at,
        signing_certificate_pem=image.signing_certificate_pem or None,
        signature=image.signature or None,
        retries=3,
        retry_interval_s=300,
    )
    more: dict[str, Any] = {"bulk": bulk} if bulk else {}
    row = commands.row_of(station.pk, wish, at=now, by=by, state=CommandState.PLANNED, **more)
    expires_at = max(now, retrieve_at or now) + IMAGE_FETCHED_WITHIN
    update = FirmwareUpdate(
        station=station,
        image=image,
        command=row,
        token_hash=kept,
        version_before=station.firmware,
        expires_at=expires_at,
    )
    return update, row


def _bounded(pieces: Iterable[bytes]) -> Iterable[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > IMAGE_MOST_BYTES:
            raise BadImage(f"Firmware of more than {IMAGE_MOST_BYTES >> 20} MB is not taken.")
        yield piece


def _check(stored: StoredFile, sha256: str) -> None:
    if not stored.size_bytes:
        raise BadImage("The file is empty.")
    wanted = sha256.strip().lower()
    if wanted and wanted != stored.sha256:
        raise BadImage("Its content is not what the SHA-256 says: the file is damaged, or another one.")
