"""A driver's sessions as a PDF, with the totals of each month."""

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from ohmstead.charging.models import Session
from ohmstead.charging.rules.history import Month
from ohmstead.web.driver.account.who import Self

_GREEN, _LINE, _MUTED = "#0b7a53", "#c9d0ca", "#566472"


def history_pdf(
    mine: Self, sessions: Sequence[Session], months: Sequence[Month], since: date | None, until: date | None
) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

    styles = getSampleStyleSheet()
    out = io.BytesIO()
    title = _("Charging sessions")
    page = SimpleDocTemplate(
        out, pagesize=A4, title=title, author=mine.organisation.name, leftMargin=18 * mm, rightMargin=18 * mm
    )
    story: list[Any] = [
        Paragraph(drawn(title), styles["Title"]),
        Paragraph(drawn(_headline(mine, since, until)), styles["Normal"]),
        Spacer(1, 6 * mm),
        _table([[_("Month"), _("Sessions"), _("Energy, kWh")], *_month_rows(months)], (70, 40, 60)),
        Spacer(1, 8 * mm),
        _table([[_("Began"), _("Place"), _("Plug"), _("Card"), _("Energy, kWh")], *_rows(mine, sessions)]),
        Spacer(1, 6 * mm),
        Paragraph(
            drawn(_("Cost and CO2 are not on this list: nothing told them for these sessions.")), styles["Italic"]
        ),
    ]
    page.build(story)
    return out.getvalue()


def drawn(text: str) -> str:
    """The PDF's own fonts know the letters of Western Europe; others lose their accents or become a question mark."""
    from xml.sax.saxutils import escape

    return escape(latin(text))


def latin(text: str) -> str:
    import unicodedata

    found = []
    for character in text:
        try:
            character.encode("cp1252")
            found.append(character)
        except UnicodeEncodeError:
            bare = unicodedata.normalize("NFKD", character).encode("cp1252", "ignore").decode("cp1252")
            found.append(bare or "?")
    return "".join(found)


def _headline(mine: Self, since: date | None, until: date | None) -> str:
    words = [str(mine.driver), mine.organisation.name]
    if since or until:
        words.append(f"{date_format(since) if since else '…'} – {date_format(until) if until else '…'}")
    made_at = timezone.now().astimezone(mine.zone)
    words.append(_("made on %(day)s, times in %(zone)s") % {"day": date_format(made_at), "zone": mine.zone.key})
    return ", ".join(words)


def _month_rows(months: Sequence[Month]) -> list[list[str]]:
    rows = [[date_format(m.first, "F Y"), str(m.sessions), number_format(m.energy_wh / 1000, 2)] for m in months[::-1]]
    total = [
        _("Total"),
        str(sum(month.sessions for month in months)),
        number_format(sum(month.energy_wh for month in months) / 1000, 2),
    ]
    return [*rows, total]


def _rows(mine: Self, sessions: Sequence[Session]) -> list[list[str]]:
    return [
        [
            date_format(each.started_at.astimezone(mine.zone), "j M Y, H:i"),
            str(each.station.site or each.station.identity)[:40],
            f"{each.station.identity} / {each.evse or '–'}"[:34],
            str(each.token or "")[:24],
            number_format(each.energy_wh / 1000, 2),
        ]
        for each in sessions
    ]


def _table(rows: list[list[str]], widths_mm: Sequence[int] | None = None) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import Table

    widths = [width * mm for width in widths_mm] if widths_mm else [34 * mm, 50 * mm, 42 * mm, 26 * mm, 22 * mm]
    table = Table([[latin(cell) for cell in row] for row in rows], repeatRows=1, hAlign="LEFT", colWidths=widths)
    table.setStyle(
        [
            ("FONT", (0, 0), (-1, 0), "Helvetica-Bold", 9),
            ("FONT", (0, 1), (-1, -1), "Helvetica", 9),
            ("TEXTCOLOR", (0, 0), (-1, 0), HexColor(_GREEN)),
            ("LINEBELOW", (0, 0), (-1, -1), 0.5, HexColor(_LINE)),
            ("ALIGN", (-1, 0), (-1, -1), "RIGHT"),
        ]
    )
    return table
