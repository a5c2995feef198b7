"""Reads of drivers, tokens and what was seen of them; the number of queries never depends on the rows."""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Upper

from ohmstead.access.models import Organisation
from ohmstead.drivers.models import Alarm, Consent, Driver, Group, Sighting, Token
from ohmstead.drivers.rules import identities
from ohmstead.station.tokens import canonical_uid

UNKNOWN_FOR: Final = timedelta(hours=24)


def tokens_of(organisation: Organisation) -> QuerySet[Token]:
    return Token.objects.filter(organisation=organisation).order_by("label", "uid")


def find_token(organisation: Organisation, uid: str) -> Token | None:
    """By any spelling."""
    return Token.objects.filter(organisation=organisation, canonical_uid=canonical_uid(uid)).first()


def search_tokens(organisation: Organisation, text: str = "") -> QuerySet[Token]:
    """By uid in any spelling and byte order, printed number, plate, label, or the driver's name and e-mail address."""
    found = Token.objects.filter(organisation=organisation).select_related("driver", "group")
    if text := text.replace("\0", "").strip():
        uids = [canonical_uid(text), identities.read_backwards(text) or ""]
        found = found.filter(
            Q(canonical_uid__in=[uid for uid in uids if uid])
            | Q(searched__contains=Upper(Value(text)))
            | Q(driver__in=_drivers_called(organisation, text).values("pk"))
            | (Q(printed_number__contains=number) if (number := identities.printed_number(text)) else Q())
            | (Q(plate__contains=plate) if (plate := identities.plate(text)) else Q())
        )
    return found.order_by("-created_at", "-id")


def search_drivers(organisation: Organisation, text: str = "") -> QuerySet[Driver]:
    """By name, e-mail address, phone, or any of what finds one of the driver's tokens."""
    found = Driver.objects.filter(organisation=organisation)
    if text := text.replace("\0", "").strip():
        with_token = search_tokens(organisation, text).order_by().filter(driver__isnull=False)
        found = found.filter(
            Q(pk__in=_drivers_called(organisation, text).values("pk")) | Q(pk__in=with_token.values("driver"))
        )
    return found.order_by("name", "id")


def _drivers_called(organisation: Organisation, text: str) -> QuerySet[Driver]:
    return Driver.objects.filter(organisation=organisation, searched__contains=Upper(Value(text)))


def groups(organisation: Organisation) -> QuerySet[Group]:
    return Group.objects.filter(organisation=organisation).select_related("parent").order_by("name")


def unknown_cards(organisation: Organisation, now: datetime) -> QuerySet[Sighting]:
    """Seen within a day and still nobody's, newest first."""
    known = Token.objects.filter(organisation=OuterRef("organisation"), canonical_uid=OuterRef("canonical_uid"))
    return (
        Sighting.objects.filter(~Exists(known), organisation=organisation, last_at__gte=now - UNKNOWN_FOR)
        .select_related("station__site")
        .order_by("-last_at")
    )


def sightings_of(token: Token) -> QuerySet[Sighting]:
    found = Sighting.objects.filter(organisation=token.organisation, canonical_uid=token.canonical_uid)
    return found.select_related("station__site").order_by("-last_at")


def open_alarms(organisation: Organisation) -> QuerySet[Alarm]:
    found = Alarm.objects.filter(organisation=organisation, settled_at__isnull=True)
    return found.select_related("station").order_by("-last_at")


def consents_now(driver: Driver) -> dict[str, bool]:
    """The newest word of each kind; a kind that was never spoken of is not in it."""
    newest = Consent.objects.filter(driver=driver).order_by("kind", "-at", "-pk").distinct("kind")
    return dict(newest.values_list("kind", "given"))
