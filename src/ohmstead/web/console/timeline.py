"""Who did what at a station, newest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from ohmstead.access.models import AuditEntry
from ohmstead.network.models import Command, Station, StationEvent
from ohmstead.web.console.operation_words import kind_title
from ohmstead.web.console.words import command_look
from ohmstead.web.scope import Viewer

_MOST = 20
KINDS: Final = {
    "connection": _("Connection"),
    "boot": _("Restarts"),
    "fault": _("Faults"),
    "security": _("Security"),
    "firmware": _("Firmware"),
    "log": _("Logs"),
    "certificate": _("Certificates"),
    "rejected": _("Not understood"),
    "notice": _("Notices"),
    "command": _("Commands"),
    "person": _("People"),
}
_NOT_EVENTS: Final = ("command", "person")
_EVENT_ICONS = {
    "connection": ("plug-connected", "available"),
    "disconnected": ("plug-connected-x", "offline"),
    "boot": ("refresh", "preparing"),
    "fault": ("alert-triangle", "faulted"),
    "security": ("shield-check", "warning"),
    "firmware": ("cpu", "preparing"),
    "log": ("file-text", "plain"),
    "rejected": ("alert-triangle", "faulted"),
    "certificate": ("certificate", "preparing"),
    "notice": ("bell", "plain"),
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
    link: str = ""  # id of the command behind it


def timeline(
    viewer: Viewer, station: Station, *, kind: str = "", before: datetime | None = None, most: int = _MOST
) -> list[Moment]:
    """Of one kind, or of all but the routine notices, which stand in the message log too."""

    def newest(rows: QuerySet[Any], at: str) -> Iterable[Any]:
        earlier = rows.filter(**{f"{at}__lt": before}) if before else rows
        return earlier.order_by(f"-{at}")[:most]

    events = station.events.filter(kind=kind) if kind else station.events.exclude(kind="notice")
    moments: list[Moment] = []
    if kind not in _NOT_EVENTS:
        moments += [_of_event(event) for event in newest(events, "at")]
    if kind in ("", "command"):
        moments += [_of_command(row) for row in newest(station.commands.select_related("asked_by"), "asked_at")]
    if kind in ("", "person"):
        moments += [_of_audit(entry) for entry in newest(_audit(viewer, station), "at")]
    return sorted(moments, key=lambda moment: moment.at, reverse=True)[:most]


def _audit(viewer: Viewer, station: Station) -> QuerySet[AuditEntry]:
    mine = AuditEntry.objects.filter(organisation=viewer.organisation)
    return mine.filter(thing_kind="network.station", thing_id=str(station.pk)).exclude(verb="station.asked")


def _of_event(event: StationEvent) -> Moment:
    kind = "disconnected" if event.title.startswith("Disconnected") else event.kind
    icon, css = _EVENT_ICONS.get(kind, ("info-circle", "plain"))
    return Moment(event.at, icon, css, event.title, _detail(event))


def _detail(event: StationEvent) -> str:
    """What a person wants to know of it at a glance; all of it stands in the message log."""
    said = event.detail if isinstance(event.detail, dict) else {}
    words = [said.get(name) for name in ("reason", "info", "firmware", "text")]
    return ", ".join(str(word)[:200] for word in words if word and str(word) not in event.title)


def _of_command(command: Command) -> Moment:
    look = command_look(command.state)
    who = str(command.asked_by) if command.asked_by else "Ohmstead"
    said = f"{look.word}. {command.reason}".strip()
    return Moment(command.asked_at, look.icon, look.css, f"{who}: {kind_title(command.kind)}", said, str(command.pk))


def _of_audit(entry: AuditEntry) -> Moment:
    return Moment(entry.at, "user", "plain", f"{entry.actor_name} {_VERBS.get(entry.verb, entry.verb)}")
