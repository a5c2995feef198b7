"""The life of a command, stage by stage."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from ohmstead.network.models import Command, CommandState
from ohmstead.web.console.words import COMMAND_LOOKS, Look, command_look

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

OPEN = (CommandState.QUEUED, CommandState.SENT)


@dataclass(frozen=True, slots=True)
class Step:
    """`phase`: done, now, ahead, skipped, or ended for the last of a life that is over."""

    phase: str
    look: Look
    word: "_StrPromise | str"
    at: datetime | None = None


def steps(row: Command) -> list[Step]:
    """Asked, on its way, answered; a stage that was never reached stays ahead."""
    over = row.state not in OPEN
    sent = row.sent_at is not None and row.state != CommandState.OFFLINE
    asked = Step("done", COMMAND_LOOKS["queued"], _("Asked"), row.asked_at)
    answered = Step("ahead", COMMAND_LOOKS["accepted"], _("Answered"))
    if not over and not sent:
        return [replace(asked, phase="now"), Step("ahead", COMMAND_LOOKS["sent"], _("Sent")), answered]
    way = Step("done", COMMAND_LOOKS["sent"], _("Sent"), row.sent_at)
    if not over:
        return [asked, replace(way, phase="now"), answered]
    look = command_look(row.state)
    return [asked, way if sent else _NOT_SENT, Step("ended", look, look.word, row.ended_at)]


_NOT_SENT = Step("skipped", COMMAND_LOOKS["offline"], _("Not sent"))
