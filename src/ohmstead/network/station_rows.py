"""What the actions on stations share: no transaction and no audit row of their own."""

from ohmstead.network import commands
from ohmstead.network.models import Announcement, Refusal, Station


def locked(station: Station) -> Station:
    """The caller's object, fresh: an action decides on what is stored, not on what a page once read."""
    station.refresh_from_db(from_queryset=Station.objects.select_for_update(no_key=True))
    return station


def announce(station: Station, close: str = "") -> None:
    Announcement.objects.create(station=station, admission=station.admission, close=close[:120])
    commands.wake_dispatch()


def forget_refusals(station: Station, *codes: str) -> None:
    """What the operator just mended is no longer a complaint."""
    Refusal.objects.filter(
        organisation_id=station.organisation_id, identity__iexact=station.identity, code__in=codes
    ).delete()
