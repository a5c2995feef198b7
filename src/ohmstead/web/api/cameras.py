"""Cameras that read plates, and the charges that began because of it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema
from ninja.errors import HttpError
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.charging import plates
from ohmstead.charging.models import Camera, PlateOffer
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import evse_of, the

router = Router(tags=["Cameras"])

_DRIVERS = Right.DRIVERS


class PlugIn(Input):
    station: str = Field(min_length=1, max_length=48, description="Identity of a station.", examples=["HILL-1"])
    evse: int = Field(ge=1, le=32_767, examples=[1])


class CameraIn(Input):
    name: str = Field(min_length=1, max_length=120, examples=["Entrance north"])
    plugs: list[PlugIn] = Field(min_length=1, max_length=200, description="Those it watches, all of one site.")


class PlugOut(Schema):
    station: str = Field(examples=["HILL-1"])
    evse: int = Field(examples=[1])


class CameraOut(Schema):
    id: UUID
    name: str = Field(examples=["Entrance north"])
    site_id: UUID
    plugs: list[PlugOut]
    least_confidence_percent: int = Field(examples=[85])
    kept_hours: int = Field(description="What it read is forgotten after so long.", examples=[24])
    heard_at: datetime | None
    trouble: str = Field(description="What was wrong with its last message.", examples=[""])
    created_at: datetime


class NewCameraOut(CameraOut):
    address: str = Field(
        description="Told once: where the camera sends what it reads.",
        examples=["https://ohm.example/hooks/plates/4f7Q..."],
    )


class PlateOfferOut(Schema):
    id: UUID
    camera_id: UUID
    plate: str = Field(description="As it was read.", examples=["HHAB123"])
    exact: bool = Field(description="False: one look-alike character differs from the card's plate.")
    confidence_percent: float = Field(examples=[97.5])
    card_id: UUID
    read_at: datetime
    until: datetime
    state: str = Field(description="open, started, refused, expired or wrong.", examples=["started"])
    reason: str = Field(examples=[""])
    plug: PlugOut | None
    command_id: UUID | None


def _fields(camera: Camera) -> dict[str, Any]:
    plain = ("name", "site_id", "least_confidence_percent", "kept_hours", "heard_at", "trouble", "created_at")
    plugs = [PlugOut(station=evse.station.identity, evse=evse.number) for evse in camera.evses.all()]
    return {"id": camera.pk, "plugs": plugs, **{name: getattr(camera, name) for name in plain}}


def _camera_out(camera: Camera) -> CameraOut:
    return CameraOut(**_fields(camera))


def _offer_out(offer: PlateOffer) -> PlateOfferOut:
    plain = ("camera_id", "exact", "confidence_percent", "read_at", "until", "state", "reason", "command_id")
    plug = PlugOut(station=offer.evse.station.identity, evse=offer.evse.number) if offer.evse else None
    values = {name: getattr(offer, name) for name in plain}
    return PlateOfferOut(id=offer.pk, plate=offer.plate_read, card_id=offer.token_id, plug=plug, **values)


def _cameras(request: HttpRequest) -> Any:
    return plates.cameras_of(viewer(request).organisation)


@operation(router, "GET", "/cameras", "list_cameras", "List cameras", right=_DRIVERS, answers=page_of(CameraOut))
def list_cameras(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """By name."""
    return page(_cameras(request), query, _camera_out, ("name", "pk"))


@operation(router, "GET", "/cameras/{uuid:camera_id}", "get_camera", "One camera", right=_DRIVERS, answers=CameraOut)
def get_camera(request: HttpRequest, camera_id: UUID) -> CameraOut:
    return _camera_out(the(_cameras(request), camera_id, "camera"))


@operation(
    router,
    "POST",
    "/cameras",
    "create_camera",
    "Add a camera",
    right=_DRIVERS,
    answers=NewCameraOut,
    location="/cameras/{id}",
)
def create_camera(request: HttpRequest, body: CameraIn) -> NewCameraOut:
    """The address it then sends to holds its secret and is told once."""
    who = viewer(request)
    evses = [evse_of(who, each.station, each.evse) for each in body.plugs]
    site = evses[0].station.site
    if site is None:
        raise HttpError(422, f"Station {evses[0].station.identity} stands at no site.")
    made, secret = plates.add_camera(site, body.name, evses, by=who.actor)
    address = request.build_absolute_uri(reverse("plates-hook", args=[secret]))
    return NewCameraOut(address=address, **_fields(the(_cameras(request), made.pk, "camera")))


@operation(router, "DELETE", "/cameras/{uuid:camera_id}", "remove_camera", "Remove a camera", right=_DRIVERS)
def remove_camera(request: HttpRequest, camera_id: UUID) -> None:
    """Its address no longer works, and what it read is forgotten. Charges that followed stay."""
    plates.remove_camera(the(_cameras(request), camera_id, "camera"), by=viewer(request).actor)


@operation(
    router,
    "GET",
    "/plate-offers",
    "list_plate_offers",
    "What cameras read",
    right=_DRIVERS,
    answers=page_of(PlateOfferOut),
)
def list_offers(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Plates of your drivers, newest first; others leave no trace."""
    found = plates.offers_of(viewer(request).organisation).select_related("evse__station")
    return page(found, query, _offer_out, ("-read_at", "-pk"))


@operation(
    router,
    "POST",
    "/plate-offers/{uuid:offer_id}/wrong",
    "report_wrong_plate",
    "Say that it was another car",
    right=_DRIVERS,
)
def report_wrong(request: HttpRequest, offer_id: UUID) -> None:
    """It raises an alarm; the charge itself is yours to settle."""
    who = viewer(request)
    plates.report_wrong(the(plates.offers_of(who.organisation), offer_id, "offer"), by=who.actor, now=timezone.now())
