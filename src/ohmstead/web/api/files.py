"""Logs that stations upload to us, and firmware that they fetch from us."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.network import file_actions, file_store
from ohmstead.network.file_actions import IMAGE_MOST_BYTES
from ohmstead.network.models import FirmwareImage, FirmwareUpdate, StationFile
from ohmstead.web.api.access import viewer
from ohmstead.web.api.bulks import BulkOut, ChosenIn, MannerIn, bulk_out, chosen, manner
from ohmstead.web.api.operation import Input, file_answer, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import the

logs = Router(tags=["Files"])
firmware = Router(tags=["Firmware"])

_CONFIGURE = Right.CONFIGURE
_FILE: Any = {
    200: {
        "description": "OK",
        "content": {"application/octet-stream": {"schema": {"type": "string"}, "example": "(the file)"}},
    }
}


class LogIn(Input):
    kind: Literal["diagnostics", "security", "data_collector"] = Field("diagnostics", examples=["diagnostics"])
    oldest_at: datetime | None = None
    latest_at: datetime | None = None
    wait_until_online_s: int = Field(0, ge=0, le=30 * 86_400)


class LogOut(Schema):
    id: UUID
    station: str
    kind: str = Field(examples=["diagnostics"])
    command_id: UUID | None
    asked_at: datetime
    received_at: datetime | None
    size_bytes: int | None
    sha256: str = Field(examples=["9f86d081"])
    reason: str = Field(description="Why the last attempt failed.")


class ImageOut(Schema):
    id: UUID
    vendor: str
    model: str
    version: str = Field(examples=["4.3.0"])
    file_name: str = Field(examples=["duo22-4.3.0.bin"])
    size_bytes: int
    sha256: str = Field(examples=["9f86d081"])
    signed: bool
    notes: str
    added_at: datetime
    withdrawn_at: datetime | None


class ImageForm(Schema):
    vendor: str = Field(min_length=1, max_length=64)
    version: str = Field(min_length=1, max_length=64, examples=["4.3.0"])
    model: str = Field("", max_length=64, description="Empty: every model of the vendor.")
    sha256: str = Field("", max_length=64, description="Given, other content is refused.")
    signature: str = Field("", max_length=20_000)
    signing_certificate_pem: str = Field("", max_length=20_000)
    notes: str = Field("", max_length=2_000)


class UpdateIn(Input):
    image_id: UUID
    retrieve_at: datetime | None = None
    install_at: datetime | None = None
    wait_until_online_s: int = Field(0, ge=0, le=30 * 86_400)


class CampaignIn(Input):
    stations: ChosenIn
    manner: MannerIn = Field(default_factory=lambda: MannerIn.model_validate({}))
    retrieve_at: datetime | None = None
    install_at: datetime | None = None


class UpdateOut(Schema):
    id: UUID
    station: str
    image_id: UUID
    command_id: UUID
    state: str = Field(description="Of the command.", examples=["accepted"])
    progress: str = Field(examples=["Installing"])
    version_before: str = Field(examples=["4.2.1"])
    fetched_at: datetime | None
    confirmed_at: datetime | None = Field(description="When it started with the new version.")
    booted_with: str = Field(examples=["4.3.0"])


def _log_out(row: StationFile) -> LogOut:
    stored = row.stored
    return LogOut(
        id=row.pk,
        station=row.station.identity,
        size_bytes=stored.size_bytes if stored else None,
        sha256=stored.sha256 if stored else "",
        **{name: getattr(row, name) for name in ("kind", "command_id", "asked_at", "received_at", "reason")},
    )


def _image_out(row: FirmwareImage) -> ImageOut:
    plain = ("vendor", "model", "version", "notes", "added_at", "withdrawn_at")
    return ImageOut(
        id=row.pk,
        file_name=row.stored.name,
        size_bytes=row.stored.size_bytes,
        sha256=row.stored.sha256,
        signed=row.is_signed,
        **{name: getattr(row, name) for name in plain},
    )


def _update_out(row: FirmwareUpdate) -> UpdateOut:
    plain = ("image_id", "command_id", "version_before", "fetched_at", "confirmed_at", "booted_with")
    return UpdateOut(
        id=row.pk,
        station=row.station.identity,
        state=row.command.state,
        progress=row.command.progress,
        **{name: getattr(row, name) for name in plain},
    )


def _logs(request: HttpRequest) -> Any:
    mine = StationFile.objects.filter(station__organisation=viewer(request).organisation)
    return mine.select_related("station", "stored")


def _images(request: HttpRequest) -> Any:
    mine = FirmwareImage.objects.filter(organisation=viewer(request).organisation)
    return mine.select_related("stored", "organisation")


def _wait(seconds: int) -> timedelta | None:
    return timedelta(seconds=seconds) if seconds else None


@operation(logs, "GET", "/stations/{identity}/logs", "list_logs", "Logs of a station", answers=page_of(LogOut))
def list_logs(request: HttpRequest, identity: str, query: Query[PageQuery]) -> Any:
    """Newest first."""
    found = _logs(request).filter(station=viewer(request).station(identity))
    return page(found, query, _log_out, ("-asked_at", "-pk"))


@operation(
    logs,
    "POST",
    "/stations/{identity}/logs",
    "ask_for_log",
    "Ask for a log",
    right=_CONFIGURE,
    answers=LogOut,
    location="/logs/{id}",
)
def ask_for_log(request: HttpRequest, identity: str, body: LogIn) -> LogOut:
    """The station uploads it to us."""
    who = viewer(request)
    made = file_actions.ask_for_log(
        who.station(identity),
        by=who.actor,
        kind=body.kind,
        oldest_at=body.oldest_at,
        latest_at=body.latest_at,
        wait_until_online=_wait(body.wait_until_online_s),
    )
    return _log_out(the(_logs(request), made.pk, "log"))


@operation(logs, "GET", "/logs/{uuid:log_id}", "get_log_file", "One log", answers=LogOut)
def get_log(request: HttpRequest, log_id: UUID) -> LogOut:
    return _log_out(the(_logs(request), log_id, "log"))


@operation(
    logs,
    "GET",
    "/logs/{uuid:log_id}/content",
    "download_log",
    "What the station uploaded",
    right=_CONFIGURE,
    responses=_FILE,
    status=200,
)
def download_log(request: HttpRequest, log_id: UUID) -> HttpResponse:
    """A log may tell of drivers: who fetched it stands in the audit trail."""
    row = the(_logs(request), log_id, "log")
    if row.stored is None:
        raise Http404("Nothing was uploaded yet.")
    file_actions.note_opened(row, by=viewer(request).actor)
    content = b"".join(file_store.read(row.stored.pk, 0, max(0, row.stored.size_bytes - 1)))
    return file_answer(content, "application/octet-stream", row.stored.name)


@operation(logs, "DELETE", "/logs/{uuid:log_id}", "delete_log", "Delete a log", right=_CONFIGURE)
def delete_log(request: HttpRequest, log_id: UUID) -> None:
    file_actions.delete_file(the(_logs(request), log_id, "log"), by=viewer(request).actor)


@operation(firmware, "GET", "/firmware-images", "list_firmware_images", "List images", answers=page_of(ImageOut))
def list_images(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Newest first."""
    return page(_images(request), query, _image_out, ("-added_at", "-pk"))


@operation(firmware, "GET", "/firmware-images/{uuid:image_id}", "get_firmware_image", "One image", answers=ImageOut)
def get_image(request: HttpRequest, image_id: UUID) -> ImageOut:
    return _image_out(the(_images(request), image_id, "image"))


@operation(
    firmware,
    "POST",
    "/firmware-images",
    "add_firmware_image",
    "Add an image",
    right=_CONFIGURE,
    answers=ImageOut,
    location="/firmware-images/{id}",
    most_bytes=IMAGE_MOST_BYTES + 100_000,
)
def add_image(request: HttpRequest, image: File[UploadedFile], about: Form[ImageForm]) -> ImageOut:
    who = viewer(request)
    pieces: Iterator[bytes] = iter(image.chunks())
    made = file_actions.add_image(
        who.organisation, pieces, by=who.actor, file_name=image.name or "", **about.model_dump()
    )
    return _image_out(the(_images(request), made.pk, "image"))


@operation(
    firmware,
    "POST",
    "/firmware-images/{uuid:image_id}/withdraw",
    "withdraw_firmware_image",
    "Withdraw an image",
    right=_CONFIGURE,
    answers=ImageOut,
    status=200,
)
def withdraw_image(request: HttpRequest, image_id: UUID) -> ImageOut:
    """No station is sent to it any more."""
    file_actions.withdraw_image(the(_images(request), image_id, "image"), by=viewer(request).actor)
    return _image_out(the(_images(request), image_id, "image"))


@operation(
    firmware,
    "POST",
    "/firmware-images/{uuid:image_id}/campaign",
    "start_firmware_campaign",
    "Update many stations",
    right=_CONFIGURE,
    answers=BulkOut,
    location="/bulks/{id}",
)
def campaign(request: HttpRequest, image_id: UUID, body: CampaignIn) -> BulkOut:
    """Those it fits and that have another version, so many at a time."""
    who = viewer(request)
    made = file_actions.update_many(
        the(_images(request), image_id, "image"),
        chosen(who, body.stations),
        by=who.actor,
        manner=manner(body.manner, body.stations),
        retrieve_at=body.retrieve_at,
        install_at=body.install_at,
    )
    return bulk_out(who, made.pk)


@operation(
    firmware,
    "GET",
    "/stations/{identity}/firmware-updates",
    "list_firmware_updates",
    "Updates of a station",
    answers=page_of(UpdateOut),
)
def list_updates(request: HttpRequest, identity: str, query: Query[PageQuery]) -> Any:
    """Newest first."""
    found = FirmwareUpdate.objects.filter(station=viewer(request).station(identity))
    return page(found.select_related("station", "command"), query, _update_out, ("-pk",))


@operation(
    firmware,
    "POST",
    "/stations/{identity}/firmware-updates",
    "update_station_firmware",
    "Update one station",
    right=_CONFIGURE,
    answers=UpdateOut,
)
def update_station(request: HttpRequest, identity: str, body: UpdateIn) -> UpdateOut:
    who = viewer(request)
    made = file_actions.update_firmware(
        who.station(identity),
        the(_images(request), body.image_id, "image"),
        by=who.actor,
        retrieve_at=body.retrieve_at,
        install_at=body.install_at,
        wait_until_online=_wait(body.wait_until_online_s),
    )
    found = FirmwareUpdate.objects.select_related("station", "command")
    return _update_out(the(found, made.pk, "update"))
