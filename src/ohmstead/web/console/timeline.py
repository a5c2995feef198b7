"""Who did what at a station, newest first."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from ohmstead.access.models import AuditEntry
from ohmstead.network.models import Command, Station, StationEvent
from ohmstead.web.console.words import command_look
from ohmstead.web.scope import Viewer

_MOST = 20
_EVENT_ICONS = {
    "connection": ("plug-connected", "available"),
    "disconnected": ("plug-connected-x", "offline"),
    "boot": ("refresh", "preparing"),
    "security": ("shield-check", "warning"),
    "firmware": ("arrow-down-left", "preparing"),
    "log": ("inbox", "plain"),
    "rejected": ("alert-triangle", "faulted"),
    "certificate": ("lock", "preparing"),
}
_VERBS = {
    "station.accepted": _("accepted the station"),
    "station.refused": _("refused the station"),
    "station.created": _("added the station"),
    "station.password_set": _("set a new password"),
    "station.password_sent": _("sent a new password over the air"),
    "station.changed": _("changed what is said of the station"),
    "station.removed": _("removed the station"),
    "station.restored": _("brought the station back"),
    "evse.added": _("added a plug"),
    "evse.changed": _("changed a plug"),
    "evse.removed": _("removed a plug"),
    "connector.added": _("added a connector"),
    "connector.changed": _("changed a connector"),
    "connector.removed": _("removed a connector"),
    "station.moved": _("moved the station to another site"),
    "station.security_profile_set": _("changed the security profile"),
    "station.connection_closed": _("closed the connection"),
    "certificate.issued": _("issued a certificate"),
}


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime
    icon: str
    css: str
    text: str
    detail: str = ""


def timeline(viewer: Viewer, station: Station) -> list[Moment]:
    moments = [
        *(_of_event(event) for event in station.events.exclude(kind="notice").order_by("-at")[:_MOST]),
        *(_of_command(c) for c in station.commands.select_related("asked_by").order_by("-asked_at")[:_MOST]),
        *(_of_audit(entry) for entry in _audit(viewer, station)),
    ]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:_MOST]


def _audit(viewer: Viewer, station: Station) -> list[AuditEntry]:
    mine = AuditEntry.objects.filter(organisation=viewer.organisation)
    entries = mine.filter(thing_kind="network.station", thing_id=str(station.pk)).exclude(verb="station.asked")
    return list(entries.order_by("-at")[:_MOST])


def _of_event(event: StationEvent) -> Moment:
    kind = "disconnected" if event.title.startswith("Disconnected") else event.kind
    icon, css = _EVENT_ICONS.get(kind, ("info-circle", "plain"))
    return Moment(event.at, icon, css, event.title)


def _of_command(command: Command) -> Moment:
    look = command_look(command.state)
    who = str(command.asked_by) if command.asked_by else "Ohmstead"
    return Moment(
        command.asked_at, look.icon, look.css, f"{who}: {command.kind}", f"{look.word}. {command.reason}".strip()
    )


def _of_audit(entry: AuditEntry) -> Moment:
    return Moment(entry.at, "user", "plain", f"{entry.actor_name} {_VERBS.get(entry.verb, entry.verb)}")
