"""What a driver has charged: filtered, summed by month, as a chart, a table, a spreadsheet and a PDF."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ohmstead.charging.driver_history import by_month
from ohmstead.charging.models import Session
from ohmstead.charging.queries import readings_of, thinned
from ohmstead.network.models import Site
from ohmstead.network.rules.sheet import written
from ohmstead.web.console.session import chart_of
from ohmstead.web.driver.account.bars import bars
from ohmstead.web.driver.account.pdf import history_pdf
from ohmstead.web.driver.account.who import DriverRequest, Self, account_view

PAGE: Final = 25
_MOST: Final = 20_000
_MOST_READINGS: Final = 5_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """Days are the driver's own, both included."""

    since: date | None = None
    until: date | None = None
    site: UUID | None = None
    card: UUID | None = None

    @classmethod
    def of(cls, query: QueryDict) -> "Wanted":
        return cls(
            _day(query.get("since", "")), _day(query.get("until", "")), _id(query.get("site")), _id(query.get("card"))
        )

    @property
    def query(self) -> str:
        fields = {"since": self.since, "until": self.until, "site": self.site, "card": self.card}
        return urlencode({name: str(value) for name, value in fields.items() if value})


def chosen(mine: Self, wanted: Wanted) -> QuerySet[Session]:
    found = mine.sessions()
    if wanted.since:
        found = found.filter(started_at__gte=datetime.combine(wanted.since, time(), mine.zone))
    if wanted.until:
        found = found.filter(started_at__lt=datetime.combine(wanted.until + timedelta(days=1), time(), mine.zone))
    if wanted.site:
        found = found.filter(station__site=wanted.site)
    return found.filter(token=wanted.card) if wanted.card else found


@account_view
def history(request: DriverRequest) -> HttpResponse:
    mine, wanted = request.me, Wanted.of(request.GET)
    found = chosen(mine, wanted)
    start = _number(request.GET.get("from", "0"))
    rows = list(found[start : start + PAGE + 1])
    months = by_month(found, mine.zone)
    context: dict[str, Any] = {
        "wanted": wanted,
        "rows": rows[:PAGE],
        "next": start + PAGE if len(rows) > PAGE else None,
        "start": start,
        "months": months[::-1],
        "bars": bars(months),
        "sites": _sites(mine),
        "cards": list(mine.tokens().order_by("label", "uid")[:100]),
        "tab": "history",
    }
    return render(request, "driver/account/history.html", context)


@account_view
def session(request: DriverRequest, session_id: UUID) -> HttpResponse:
    found = request.me.sessions().filter(pk=session_id).first()
    if found is None:
        raise Http404("No such session.")
    readings = list(thinned(readings_of(found), _MOST_READINGS))
    site = found.station.site
    zone = site.time_zone if site else request.me.zone.key
    until = found.ended_at or found.last_event_at
    context = {
        "session": found,
        "zone": zone,
        "chart": chart_of(readings, zone),
        "chart_label": _("Power over time"),
        "lasts": until - found.started_at,
        "readings": readings,
        "tab": "history",
    }
    return render(request, "driver/account/session.html", context)


@account_view
def as_csv(request: DriverRequest) -> HttpResponse:
    """Where the comma is the decimal mark, a spreadsheet parts cells at the semicolon."""
    found = chosen(request.me, Wanted.of(request.GET))
    delimiter = ";" if (get_language() or "").startswith("de") else ","
    return _file(written(_cells(request.me, found), delimiter), "text/csv; charset=utf-8", "csv")


@account_view
def as_pdf(request: DriverRequest) -> HttpResponse:
    wanted = Wanted.of(request.GET)
    found = chosen(request.me, wanted)
    content = history_pdf(request.me, list(found[:2_000]), by_month(found, request.me.zone), wanted.since, wanted.until)
    return _file(content, "application/pdf", "pdf")


def _cells(mine: Self, found: QuerySet[Session]) -> Iterator[tuple[object, ...]]:
    yield (
        _("Began"), _("Ended"), _("Time zone"), _("Place"), _("Station"), _("Plug"), _("Card"), _("Energy, kWh"),
        _("Session"),
    )  # fmt: skip
    for each in found[:_MOST].iterator(chunk_size=1_000):
        site, token = each.station.site, each.token
        yield (
            each.started_at.astimezone(mine.zone).isoformat(timespec="seconds"),
            each.ended_at.astimezone(mine.zone).isoformat(timespec="seconds") if each.ended_at else "",
            mine.zone.key,
            site.name if site else "",
            each.station.identity,
            each.evse,
            str(token or ""),
            each.energy_wh / 1000,
            each.pk,
        )


def _file(content: bytes | Iterable[str], kind: str, ending: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer.headers["Content-Disposition"] = f'attachment; filename="charging-{timezone.now():%Y-%m-%d}.{ending}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _sites(mine: Self) -> list[Site]:
    charged_at = mine.sessions().order_by().values("station__site")
    return list(Site.objects.filter(pk__in=charged_at).order_by("name")[:200])


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 2000 <= found.year <= 2200 else None


def _id(text: str | None) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        return None


def _number(text: str) -> int:
    return min(int(text), _MOST) if text.isascii() and text.isdecimal() and len(text) < 7 else 0
