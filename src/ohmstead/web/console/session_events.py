"""What happened in one session, in the order in which it happened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ohmstead.charging.marks import BOOT
from ohmstead.charging.models import Closing, Mark, MeterReading, Session
from ohmstead.charging.rules.suspended import INSIDE, Stretch
from ohmstead.station.readings import ReadingContext
from ohmstead.web.console.charts import Band
from ohmstead.web.console.figures import figure
from ohmstead.web.console.timeline import Moment
from ohmstead.web.console.words import STOP_REASONS, plug_look

MOST: Final = 300
_HELD_BACK: Final = frozenset({"suspended_car", "suspended_station"})
_BANDS: Final = {"suspended_car": "by-car", "suspended_station": "by-station"}
_READINGS: Final = {
    ReadingContext.BEGIN: gettext_lazy("Reading at the start"),
    ReadingContext.INTERRUPTION_BEGIN: gettext_lazy("Reading before an interruption"),
    ReadingContext.INTERRUPTION_END: gettext_lazy("Reading after an interruption"),
    ReadingContext.END: gettext_lazy("Reading at the end"),
}


def events(
    session: Session, marks: Sequence[Mark], readings: Iterable[MeterReading], closings: Iterable[Closing]
) -> list[Moment]:
    """Oldest first. Of the same moment, the start comes first and the stop last."""
    between = [
        *(_of_reading(each) for each in readings if each.context in _READINGS),
        *_of_marks(marks),
        *(_of_closing(each) for each in closings),
    ]
    between.sort(key=lambda moment: moment.at)
    return [_started(session), *between[:MOST], *_stopped(session)]


def bands(stretches: Iterable[Stretch]) -> list[Band]:
    return [Band(each.since, each.until, _BANDS[each.state], str(plug_look(each.state).word)) for each in stretches]


def states(marks: Iterable[Mark]) -> list[tuple[datetime, str]]:
    return [(mark.at, mark.state) for mark in marks if mark.state != BOOT]


def _started(session: Session) -> Moment:
    text = _("Started") if session.start_heard else _("First heard of")
    card = str(session.token) if session.token else session.token_uid
    return Moment(session.started_at, "player-play", "charging", text, card)


def _stopped(session: Session) -> list[Moment]:
    if session.ended_at is None:
        return []
    reason = str(STOP_REASONS.get(session.stop_reason, session.stop_reason))
    return [Moment(session.ended_at, "player-stop", "plain", _("Stopped"), reason)]


def _of_marks(marks: Iterable[Mark]) -> list[Moment]:
    """Of equal states in a row the first counts; charging after a pause is a resumption."""
    moments, before = [], ""
    for mark in marks:
        if mark.state == BOOT:
            moments.append(Moment(mark.at, "refresh", "warning", _("The station restarted")))
            continue
        if mark.state in INSIDE and mark.state != before:
            look = plug_look(mark.state)
            resumed = mark.state == "charging" and before in _HELD_BACK
            moments.append(Moment(mark.at, look.icon, look.css, _("Resumed") if resumed else str(look.word)))
        before = mark.state
    return moments


def _of_reading(reading: MeterReading) -> Moment:
    words = []
    if reading.register_wh is not None:
        words.append(f"{figure(reading.register_wh / 1000, 2)} kWh")
    if reading.soc_percent is not None:
        words.append(f"{figure(reading.soc_percent, 0)} %")
    return Moment(reading.at, "gauge", "plain", str(_READINGS[ReadingContext(reading.context)]), ", ".join(words))


def _of_closing(closing: Closing) -> Moment:
    text = _("Closed by a person") if closing.by_hand else _("Given up by rule")
    return Moment(closing.asked_at, "hand-stop", "warning", text, closing.reason)
