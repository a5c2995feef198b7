"""What happened in one session, in the order in which it happened."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ohmstead.charging.marks import BOOT
from ohmstead.charging.models import Mark, Session
from ohmstead.charging.rules.suspended import Stretch
from ohmstead.station.readings import ReadingContext
from ohmstead.web.console.charts import Band
from ohmstead.web.console.figures import figure
from ohmstead.web.console.timeline import Moment
from ohmstead.web.console.words import STOP_REASONS, plug_look
from ohmstead.web.session_story import Happening

_BANDS: Final = {"suspended_car": "by-car", "suspended_station": "by-station"}
_READINGS: Final = {
    ReadingContext.BEGIN: gettext_lazy("Reading at the start"),
    ReadingContext.INTERRUPTION_BEGIN: gettext_lazy("Reading before an interruption"),
    ReadingContext.INTERRUPTION_END: gettext_lazy("Reading after an interruption"),
    ReadingContext.END: gettext_lazy("Reading at the end"),
}


def events(session: Session, happenings: Iterable[Happening]) -> list[Moment]:
    return [_moment(session, each) for each in happenings]


def bands(stretches: Iterable[Stretch]) -> list[Band]:
    return [Band(each.since, each.until, _BANDS[each.state], str(plug_look(each.state).word)) for each in stretches]


def states(marks: Iterable[Mark]) -> list[tuple[datetime, str]]:
    return [(mark.at, mark.state) for mark in marks if mark.state != BOOT]


def _moment(session: Session, happening: Happening) -> Moment:
    at, detail = happening.at, happening.detail
    match happening.kind:
        case "started":
            text = _("Started") if session.start_heard else _("First heard of")
            return Moment(at, "player-play", "charging", text, str(session.token or session.token_uid))
        case "state":
            look = plug_look(detail)
            return Moment(at, look.icon, look.css, _("Resumed") if happening.resumed else str(look.word))
        case "restarted":
            return Moment(at, "refresh", "warning", _("The station restarted"))
        case "reading":
            return Moment(at, "gauge", "plain", str(_READINGS[ReadingContext[detail.upper()]]), _measured(happening))
        case "closed":
            text = _("Closed by a person") if happening.by_hand else _("Given up by rule")
            return Moment(at, "hand-stop", "warning", text, detail)
    return Moment(at, "player-stop", "plain", _("Stopped"), str(STOP_REASONS.get(detail, detail)))


def _measured(happening: Happening) -> str:
    words = []
    if happening.register_wh is not None:
        words.append(f"{figure(happening.register_wh / 1000, 2)} kWh")
    if happening.soc_percent is not None:
        words.append(f"{figure(happening.soc_percent, 0)} %")
    return ", ".join(words)
