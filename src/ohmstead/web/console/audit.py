"""The audit trail: filtered, page by page, and as CSV."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse

from ohmstead.access.models import AuditEntry
from ohmstead.access.queries import audit_entries
from ohmstead.access.rights import Right
from ohmstead.web.console.audit_words import THINGS, deed_words, thing_word
from ohmstead.web.console.moments import moment_of
from ohmstead.web.csv_stream import csv_of
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_PAGE: Final = 50
_COLUMNS: Final = ("at", "actor_kind", "actor", "verb", "thing_kind", "thing_id", "thing", "details")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What the query string asks for; what cannot be meant is left out."""

    person: str = ""
    kind: str = ""
    verb: str = ""
    thing: str = ""
    since: date | None = None
    until: date | None = None

    @classmethod
    def of(cls, query: QueryDict) -> "AuditFilter":
        kind = query.get("kind", "")
        return cls(
            person=_text(query, "person"),
            kind=kind if kind in THINGS else "",
            verb=_text(query, "verb"),
            thing=_text(query, "thing"),
            since=_day(query.get("since", "")),
            until=_day(query.get("until", "")),
        )

    @property
    def narrows(self) -> bool:
        return self != AuditFilter()

    def applied(self, entries: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        if self.person:
            entries = entries.filter(actor_name__icontains=self.person)
        if self.kind:
            entries = entries.filter(verb__startswith=f"{self.kind}.")
        if self.verb:
            entries = entries.filter(verb=self.verb)
        if self.thing:
            entries = entries.filter(Q(thing_name__icontains=self.thing) | Q(thing_id=self.thing))
        if self.since:
            entries = entries.filter(at__gte=datetime.combine(self.since, time(), UTC))
        if self.until:
            entries = entries.filter(at__lt=datetime.combine(self.until + timedelta(days=1), time(), UTC))
        return entries


def _text(query: QueryDict, name: str) -> str:
    return query.get(name, "").replace("\0", "").strip()[:80]


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1971 <= found.year < 2200 else None


@console_view(Right.AUDIT)
def audit(request: ConsoleRequest) -> HttpResponse:
    viewer, wanted = request.viewer, AuditFilter.of(request.GET)
    entries = wanted.applied(audit_entries(viewer.organisation))
    before = request.GET.get("before", "")
    page = list(_older_than(entries, before)[: _PAGE + 1])
    rows = page[:_PAGE]
    context = {
        "here": "audit",
        "wanted": wanted,
        "query": request.GET,
        "kinds": sorted(((name, str(word)) for name, word in THINGS.items()), key=lambda each: each[1]),
        "rows": [_row(entry, links) for links in [_links(viewer, rows)] for entry in rows],
        "older": f"{rows[-1].at.isoformat()}~{rows[-1].pk}" if len(page) > _PAGE else "",
        "is_older": bool(before),
    }
    return render(request, "console/audit.html", context)


def _older_than(entries: QuerySet[AuditEntry], cursor: str) -> QuerySet[AuditEntry]:
    """A cursor that none of our pages gave out is the start."""
    text, _, key = cursor.partition("~")
    at = moment_of(text)
    try:
        last = UUID(key)
    except ValueError:
        return entries
    return entries.filter(Q(at__lt=at) | Q(at=at, pk__lt=last)) if at else entries


def _links(viewer: Viewer, entries: list[AuditEntry]) -> dict[str, str]:
    """Where a thing's page is; what is gone or has none is not linked."""
    ids = {each.thing_id for each in entries if each.thing_kind == "network.station"}
    stations = viewer.stations().filter(pk__in=ids).values_list("pk", "identity")
    links = {str(key): reverse("station", args=[identity]) for key, identity in stations}
    for each in entries:
        if each.thing_kind == "charging.session":
            links[each.thing_id] = reverse("session", args=[each.thing_id])
        elif each.thing_kind == "network.site":
            links[each.thing_id] = reverse("site", args=[each.thing_id])
    return links


def _row(entry: AuditEntry, links: dict[str, str]) -> dict[str, Any]:
    return {
        "entry": entry,
        "thing": thing_word(entry.verb),
        "deed": deed_words(entry.verb),
        "link": links.get(entry.thing_id, ""),
        "details": [(name.replace("_", " "), _said(value)) for name, value in entry.details.items()],
    }


def _said(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(_said(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {_said(each)}" for name, each in value.items())
    return "–" if value in (None, "") else str(value)


@console_view(Right.AUDIT)
def export(request: ConsoleRequest) -> HttpResponseBase:
    viewer = request.viewer
    found = AuditFilter.of(request.GET).applied(audit_entries(viewer.organisation))
    return csv_of(viewer, found, ("-at", "-pk"), _COLUMNS, _cells, "audit-trail")


def _cells(entry: AuditEntry) -> tuple[object, ...]:
    return (
        entry.at.isoformat(timespec="seconds"),
        entry.actor_kind,
        entry.actor_name,
        entry.verb,
        entry.thing_kind,
        entry.thing_id,
        entry.thing_name,
        "; ".join(f"{name}: {_said(value)}" for name, value in entry.details.items()),
    )
