"""The list of sessions; the filter is the URL."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ohmstead.charging.models import Session, SessionState
from ohmstead.drivers.queries import search_tokens
from ohmstead.station.tokens import canonical_uid
from ohmstead.web.console.paging import page_of
from ohmstead.web.console.stations import NOBODY, uuid_of
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

STATES = SessionState.values
_FEW: Final = 200
_SHOWN: Final = (
    "transaction_id", "evse", "state", "started_at", "ended_at", "last_event_at", "energy_wh", "power_w", "flags",
    "token_uid", "station__identity", "station__name", "station__site__name", "station__site__time_zone",
    "token__label", "token__uid", "token__plate", "token__printed_number",
)  # fmt: skip
SINCE = {"1h": timedelta(hours=1), "24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
SINCE_WORDS = {"1h": _("1 hour"), "24h": _("24 hours"), "7d": _("7 days"), "30d": _("30 days")}


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """What the query string asks for; values it does not know are ignored."""

    search: str = ""
    state: str = ""
    since: str = ""
    site: str = ""
    flagged: bool = False

    @classmethod
    def of(cls, query: QueryDict) -> "SessionFilter":
        state, since = query.get("state", ""), query.get("since", "")
        return cls(
            search=query.get("q", "").replace("\0", "").strip()[:80],
            state=state if state in STATES else "",
            since=since if since in SINCE else "",
            site=query.get("site", "")[:36],
            flagged=query.get("flagged") == "1",
        )

    @property
    def narrows(self) -> bool:
        return bool(self.search or self.state or self.since or self.site or self.flagged)

    def applied(self, viewer: Viewer) -> QuerySet[Session]:
        sessions = viewer.sessions().select_related("station__site", "token").defer("facts")
        if self.search:
            sessions = sessions.filter(_called(viewer, self.search))
        if self.state:
            sessions = sessions.filter(state=self.state)
        if self.since:
            sessions = sessions.filter(started_at__gte=timezone.now() - SINCE[self.since])
        if self.site:
            site = uuid_of(self.site) or NOBODY
            sessions = sessions.filter(_among("station", viewer.stations().filter(site=site)))
        if self.flagged:
            sessions = sessions.exclude(flags=[])
        return sessions


def _called(viewer: Viewer, text: str) -> Q:
    """By station, card, driver or transaction; a card we do not know by its uid."""
    return (
        _among("station", viewer.stations().filter(identity__icontains=text))
        | _among("token", search_tokens(viewer.organisation, text))
        | Q(token=None, token_uid=canonical_uid(text))
        | Q(transaction_id=text)
    )


def _among(field: str, found: QuerySet[Any]) -> Q:
    """A few are named one by one: then indexes lead to their sessions. Those of many are found on the way anyway."""
    keys = found.order_by().values_list("pk", flat=True)
    few = list(keys[: _FEW + 1])
    return Q(**{f"{field}__in": few if len(few) <= _FEW else keys})


def rows(found: QuerySet[Session]) -> QuerySet[Session]:
    """Sessions with what the row partial needs: whole stations, sites and cards took as long as the rows themselves."""
    return found.select_related("station__site", "token").only(*_SHOWN)


def listed(viewer: Viewer, wanted: SessionFilter) -> QuerySet[Session]:
    return wanted.applied(viewer).order_by("-started_at", "-pk")


@console_view()
def sessions(request: ConsoleRequest) -> HttpResponse:
    viewer, wanted = request.viewer, SessionFilter.of(request.GET)
    return render(
        request,
        "console/sessions.html",
        {
            "here": "sessions",
            "wanted": wanted,
            "query": request.GET,
            "states": STATES,
            "since_words": SINCE_WORDS,
            "sites": viewer.site_choices(),
            "page": page_of(rows(listed(viewer, wanted)), request.GET),
            "live_url": f"/console/live/sessions?{request.GET.urlencode()}",
        },
    )
