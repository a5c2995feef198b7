"""The list of sessions; the filter is the URL."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q, QuerySet
from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ohmstead.charging.models import Session, SessionState
from ohmstead.station.tokens import canonical_uid
from ohmstead.web.console.paging import page_of
from ohmstead.web.console.stations import NOBODY, uuid_of
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

STATES = SessionState.values
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

    def applied(self, sessions: QuerySet[Session]) -> QuerySet[Session]:
        if self.search:
            sessions = sessions.filter(
                Q(station__identity__icontains=self.search)
                | Q(token__label__icontains=self.search)
                | Q(token_uid__iexact=self.search)
                | Q(token__canonical_uid=canonical_uid(self.search))
                | Q(transaction_id=self.search)
            )
        if self.state:
            sessions = sessions.filter(state=self.state)
        if self.since:
            sessions = sessions.filter(started_at__gte=timezone.now() - SINCE[self.since])
        if self.site:
            sessions = sessions.filter(station__site=uuid_of(self.site) or NOBODY)
        if self.flagged:
            sessions = sessions.exclude(flags=[])
        return sessions


def rows(viewer: Viewer) -> QuerySet[Session]:
    """Sessions as the row partial needs them."""
    return viewer.sessions().select_related("station__site", "token").defer("facts")


def listed(viewer: Viewer, wanted: SessionFilter) -> QuerySet[Session]:
    return wanted.applied(rows(viewer)).order_by("-started_at", "-pk")


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
            "sites": list(viewer.sites().order_by("name")),
            "page": page_of(listed(viewer, wanted), request.GET),
            "live_url": f"/console/live/sessions?{request.GET.urlencode()}",
        },
    )
