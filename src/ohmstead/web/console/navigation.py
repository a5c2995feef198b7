"""What stands in the console's side navigation: one line for each page, shown to whoever may open it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from ohmstead.access.rights import Right
from ohmstead.web.scope import Viewer

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


@dataclass(frozen=True, slots=True)
class Entry:
    """`name` is the page's URL name and what the page's context says in `here`."""

    name: str
    icon: str
    label: "_StrPromise"
    right: Right = Right.VIEW

    @property
    def url(self) -> str:
        return _url(self.name)


@dataclass(frozen=True, slots=True)
class Group:
    label: "_StrPromise"
    entries: tuple[Entry, ...]


GROUPS = (
    Group(
        _("Network"),
        (
            Entry("overview", "layout-dashboard", _("Overview")),
            Entry("map", "map", _("Map")),
            Entry("sites", "map-pin", _("Sites")),
            Entry("stations", "charging-pile", _("Stations")),
            Entry("inbox", "inbox", _("Inbox")),
        ),
    ),
    Group(_("Charging activity"), (Entry("sessions", "history", _("Sessions")),)),
    Group(
        _("Drivers"),
        (
            Entry("drivers", "user", _("Drivers"), Right.DRIVERS),
            Entry("tokens", "nfc", _("Cards and tokens"), Right.DRIVERS),
            Entry("driver-groups", "users", _("Groups"), Right.DRIVERS),
            Entry("reservations", "calendar-time", _("Reservations"), Right.DRIVERS),
            Entry("cameras", "camera", _("Cameras"), Right.DRIVERS),
        ),
    ),
    Group(
        _("Steering"),
        (
            Entry("commands", "terminal-2", _("Commands")),
            Entry("firmware", "cpu", _("Firmware")),
            Entry("contract-roots", "shield-check", _("Contract roots"), Right.CONFIGURE),
        ),
    ),
    Group(
        _("Administration"),
        (
            Entry("members", "users", _("Members"), Right.PEOPLE),
            Entry("api-keys", "key", _("API keys"), Right.INTEGRATE),
            Entry("webhooks", "webhook", _("Webhooks"), Right.INTEGRATE),
            Entry("audit", "list-search", _("Audit trail"), Right.AUDIT),
            Entry("organisation", "building-community", _("Organisation"), Right.PEOPLE),
        ),
    ),
    Group(
        _("System"),
        (
            Entry("health", "activity", _("System health")),
            Entry("api-docs", "api", _("API")),
        ),
    ),
)


@cache
def _url(name: str) -> str:
    """Empty for a page that does not exist."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def navigation(viewer: Viewer) -> Iterator[Group]:
    """The groups with what this viewer may open; a group with nothing in it is left out."""
    for group in GROUPS:
        entries = tuple(entry for entry in group.entries if entry.url and viewer.has(entry.right))
        if entries:
            yield Group(group.label, entries)
