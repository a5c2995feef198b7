"""Kinds of events in words for people."""

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

EVENT_WORDS: Final[dict[str, "_StrPromise"]] = {
    "station.online": _("A station connects."),
    "station.offline": _("A station is gone."),
    "station.created": _("Somebody added a station."),
    "station.waiting": _("An unknown station waits in the inbox."),
    "station.accepted": _("A station was let in."),
    "station.refused": _("A station was turned away."),
    "station.removed": _("A station was taken out of service."),
    "station.restored": _("A removed station is in service again."),
    "fault.raised": _("A plug is out of order."),
    "fault.cleared": _("A plug works again."),
    "session.started": _("A session begins."),
    "session.updated": _("The meter of a session goes on, once a minute."),
    "session.ended": _("A session ends."),
    "command.ended": _("A command came to its end."),
    "token.blocked": _("A card was blocked."),
    "token.unblocked": _("A card may charge again."),
    "webhook.disabled": _("Another webhook was switched off because nothing arrived."),
}
