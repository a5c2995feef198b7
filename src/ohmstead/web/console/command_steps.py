"""The life of a command, stage by stage, from the history on its row."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from ohmstead.network.models import Command, CommandState, Work
from ohmstead.web.console.moments import moment_of
from ohmstead.web.console.words import COMMAND_LOOKS, Look, command_look

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

OPEN: Final = (CommandState.PLANNED, CommandState.QUEUED, CommandState.WAITING, CommandState.SENT)
NOT_SENT: Final = (CommandState.PLANNED, CommandState.QUEUED, CommandState.WAITING)
_MOST: Final = 8  # a firmware that reports "Downloading" for hours
_WORK_ICONS: Final = {Work.RUNNING: "progress", Work.DONE: "circle-check", Work.FAILED: "alert-triangle"}
_WORK_CSS: Final = {Work.RUNNING: "preparing", Work.DONE: "available", Work.FAILED: "faulted"}


@dataclass(frozen=True, slots=True)
class Step:
    """`phase`: done, now, ahead, or ended for the last of a life that is over."""

    phase: str
    look: Look
    word: "_StrPromise | str"
    at: datetime | None = None


_ANSWER_AHEAD: Final = Step("ahead", COMMAND_LOOKS["accepted"], _("Answered"))
_SENDING_AHEAD: Final = Step("ahead", COMMAND_LOOKS["sent"], _("Sent"))


def steps(row: Command) -> list[Step]:
    """What it went through, the stage it is in, and the stages a command that goes well still has before it."""
    passed = _passed(row)
    if row.state in OPEN:
        now = replace(passed[-1], phase="now")
        return [*passed[:-1], now, *([_SENDING_AHEAD] if row.state in NOT_SENT else []), _ANSWER_AHEAD]
    return [*passed[:-1], replace(passed[-1], phase="now" if row.work == Work.RUNNING else "ended")]


def _passed(row: Command) -> list[Step]:
    lines = [line for line in row.history if isinstance(line, dict) and line.get("state")]
    found = [_step(row, str(line["state"]), moment_of(str(line.get("at", "")))) for line in lines]
    if not found:  # written before a command kept its history
        return [Step("done", COMMAND_LOOKS["queued"], _("Asked"), row.asked_at), _step(row, row.state, row.ended_at)]
    return found if len(found) <= _MOST else [*found[:3], *found[3 - _MOST :]]


def _step(row: Command, state: str, at: datetime | None) -> Step:
    if state in COMMAND_LOOKS:
        look = command_look(state)
        return Step("done", look, _("Asked") if state == "queued" else look.word, at)
    if state == "confirmed":  # firmware counts when the station starts with it
        return Step("done", COMMAND_LOOKS["accepted"], _("Started with it"), at)
    last = Work(row.work) if row.work and state == row.progress else Work.RUNNING
    return Step("done", Look(_WORK_CSS[last], _WORK_ICONS[last], _("Under way")), state, at)
