"""Plates read by cameras: a customer's plate becomes an offer, and the offer a charge when the plug goes in."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Prefetch, QuerySet

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.charging.authorisation import may_start
from ohmstead.charging.models import Camera, PlateOffer, PlateOfferState
from ohmstead.charging.plate_recognisers import recogniser
from ohmstead.charging.rules.plates import MESSAGE_MAX_BYTES, NotUnderstood, PlateReading, readings
from ohmstead.drivers.models import Alarm, AlarmKind, Token, TokenStatus
from ohmstead.drivers.rules.identities import plate_look_alikes
from ohmstead.kit.clock import Clock, SystemClock
from ohmstead.network import commands
from ohmstead.network.models import Evse, Site
from ohmstead.station.commands import StartSession
from ohmstead.station.states import PlugState
from ohmstead.station.tokens import PresentedToken, TokenKind, TokenVerdict

OFFER_FOR: Final = timedelta(minutes=10)  # from the barrier to the plug
LATE_AT_MOST: Final = timedelta(minutes=5)  # a message about an earlier car helps nobody
_PLUGGED: Final = (PlugState.PREPARING, PlugState.OCCUPIED)
_BY: Final = Actor.job("plate recognition")
_SYSTEM_CLOCK: Final = SystemClock()


class CameraRefused(ValueError):
    """The message is a sentence for the operator."""


@transaction.atomic
def add_camera(site: Site, name: str, evses: Sequence[Evse], *, by: Actor) -> tuple[Camera, str]:
    """The camera and its secret, which can be read this once. Raises CameraRefused."""
    if not name.strip() or not evses:
        raise CameraRefused("A camera needs a name and at least one plug it watches.")
    if any(evse.station.site_id != site.pk for evse in evses):
        raise CameraRefused("A camera watches plugs of its own site.")
    secret = secrets.token_urlsafe(24)
    camera = Camera(
        organisation=site.organisation, site=site, name=name.replace("\0", "").strip()[:120], secret_hash=_hash(secret)
    )
    try:
        with transaction.atomic():
            camera.save(force_insert=True)
    except IntegrityError:
        raise CameraRefused(f"There is a camera {camera.name} already.") from None
    camera.evses.set(evses)
    record(by, "camera.added", camera, site=str(site))
    return camera, secret


@transaction.atomic
def remove_camera(camera: Camera, *, by: Actor) -> None:
    record(by, "camera.removed", camera)
    camera.delete()


def camera_with(secret: str) -> Camera | None:
    return Camera.objects.filter(secret_hash=_hash(secret)).select_related("organisation", "site").first()


def heard(camera: Camera, content_type: str, body: bytes, now: datetime) -> list[PlateOffer]:
    """What follows from a camera's message. Raises NotUnderstood, and keeps what was wrong for the operator."""
    try:
        found = _read(content_type, body)
    except NotUnderstood as trouble:
        Camera.objects.filter(pk=camera.pk).update(heard_at=now, trouble=str(trouble)[:200])
        raise
    Camera.objects.filter(pk=camera.pk).update(heard_at=now, trouble="")
    return [offer for reading in found if (offer := _offer(camera, reading, now)) is not None]


def _read(content_type: str, body: bytes) -> list[PlateReading]:
    """A camera that reads plates says them; one that does not sends its picture to be read. Raises NotUnderstood."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind not in ("image/jpeg", "image/png"):
        return readings(content_type, body)
    if len(body) > MESSAGE_MAX_BYTES:
        raise NotUnderstood(f"The message is larger than {MESSAGE_MAX_BYTES // 1_000_000} MB.")
    return recogniser().read(body, kind)


def start_plugged(clock: Clock = _SYSTEM_CLOCK) -> int:
    """Charges for open offers at whose camera a plug has gone in since; offers whose time is over end."""
    now = clock.now()
    PlateOffer.objects.filter(state=PlateOfferState.OPEN, until__lte=now).update(state=PlateOfferState.EXPIRED)
    ids = list(PlateOffer.objects.filter(state=PlateOfferState.OPEN).order_by("read_at").values_list("pk", flat=True))
    return sum(_start(offer_id, clock) for offer_id in ids)


@transaction.atomic
def report_wrong(offer: PlateOffer, *, by: Actor, now: datetime) -> None:
    """Somebody says: this was not my car. The operator is told; the charge itself is theirs to settle."""
    offer = PlateOffer.objects.select_for_update(of=("self",)).get(pk=offer.pk)
    if offer.state == PlateOfferState.WRONG:
        return
    offer.state = PlateOfferState.WRONG
    offer.save(update_fields=["state"])
    Alarm.objects.create(
        organisation_id=offer.organisation_id,
        kind=AlarmKind.WRONG_PLATE,
        canonical_uid=offer.token.canonical_uid,
        station_id=offer.evse.station_id if offer.evse else None,
        sentence=f"The plate {offer.plate_read} was matched with {offer.token}, whose driver says: not my car.",
        first_at=now,
        last_at=now,
    )
    record(by, "plate.reported_wrong", offer)


def forget_old(now: datetime) -> None:
    """Each camera's readings are kept for its hours; the charges that followed stay."""
    for camera_id, hours in Camera.objects.values_list("pk", "kept_hours"):
        old = PlateOffer.objects.filter(camera_id=camera_id, until__lt=now - timedelta(hours=hours))
        old.exclude(state=PlateOfferState.OPEN).delete()


def cameras_of(organisation: Organisation) -> QuerySet[Camera]:
    """With the plugs they watch: two queries when read."""
    watched = Prefetch("evses", Evse.objects.select_related("station").order_by("station__identity", "number"))
    return Camera.objects.filter(organisation=organisation).prefetch_related(watched)


def offers_of(organisation: Organisation) -> QuerySet[PlateOffer]:
    """Newest first."""
    found = PlateOffer.objects.filter(organisation=organisation).select_related("camera__site", "token__driver", "evse")
    return found.order_by("-read_at", "-pk")


def _offer(camera: Camera, reading: PlateReading, now: datetime) -> PlateOffer | None:
    """Only customers' plates are stored; a stranger's car passes without a trace."""
    if reading.confidence_percent < camera.least_confidence_percent:
        return None
    if reading.read_at is not None and reading.read_at < now - LATE_AT_MOST:
        return None
    token = _customer(camera.organisation_id, reading.plate)
    if token is None:
        return None
    known = PlateOffer.objects.filter(camera=camera, token=token, state=PlateOfferState.OPEN).first()
    if known is not None:  # cameras tell of a car while it stands there
        known.until = now + OFFER_FOR
        known.save(update_fields=["until"])
        return known
    try:
        with transaction.atomic():
            return PlateOffer.objects.create(
                organisation_id=camera.organisation_id,
                camera=camera,
                token=token,
                plate_read=reading.plate,
                exact=reading.plate == token.plate,
                confidence_percent=reading.confidence_percent,
                read_at=now,
                until=now + OFFER_FOR,
            )
    except IntegrityError:
        return None


def _customer(organisation_id: UUID, plate: str) -> Token | None:
    """The same plate, or the only one of which one look-alike character differs."""
    found = list(
        Token.objects.filter(
            organisation_id=organisation_id,
            kind=TokenKind.PLATE,
            status=TokenStatus.VALID,
            plate__in=plate_look_alikes(plate),
        )[:5]
    )
    exact = next((token for token in found if token.plate == plate), None)
    if exact is not None:
        return exact
    return found[0] if len(found) == 1 else None


def _start(offer_id: UUID, clock: Clock) -> bool:
    with transaction.atomic():
        locked = PlateOffer.objects.select_for_update(of=("self",), skip_locked=True)
        offer = locked.select_related("camera", "token").filter(pk=offer_id, state=PlateOfferState.OPEN).first()
        if offer is None:
            return False
        plugged = offer.camera.evses.filter(state__in=_PLUGGED, state_at__gte=offer.read_at)
        evses = list(plugged.select_related("station").order_by("state_at")[:2])
        others = PlateOffer.objects.filter(camera=offer.camera, state=PlateOfferState.OPEN).exclude(pk=offer.pk)
        if len(evses) != 1 or others.exists():
            return False  # two cars, two plugs: whose is whose is not for us to guess
        _begin(offer, evses[0], clock)
        return True


def _begin(offer: PlateOffer, evse: Evse, clock: Clock) -> None:
    found = may_start(offer.token, evse.station, evse.number, clock)
    offer.evse, offer.reason = evse, found.reason[:300]
    if found.verdict is not TokenVerdict.ACCEPTED:
        offer.state = PlateOfferState.REFUSED
    else:
        command = StartSession(
            token=PresentedToken(offer.token.uid, TokenKind.PLATE, offer.token.parent_uid or None),
            evse=evse.number,
            remote_start_id=secrets.randbelow(2**31 - 1) + 1,
        )
        offer.state = PlateOfferState.STARTED
        offer.command_id = commands.queue(evse.station_id, command, at=clock.now(), by=_BY).pk
    offer.save()
    record(_BY, f"plate.{offer.state}", offer, evse=str(evse), driver=str(offer.token.driver or ""))


def _hash(secret: str) -> str:
    """The secret is random and long, so a fast hash does."""
    return sha256(secret.encode()).hexdigest()
