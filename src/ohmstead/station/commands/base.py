"""What every command is made of."""

import secrets
from datetime import datetime
from typing import Annotated, Any, Final

import msgspec

_LEAST: Final = 2  # 1 is the full report that follows a station's first connection
_MOST: Final = 2**31 - 1


class Command(msgspec.Struct, frozen=True, tag=True, kw_only=True, omit_defaults=True):
    """Base of all commands."""


class Part(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Base of what commands carry."""


def new_request_id() -> int:
    """The number by which the reports that follow an answer are recognised."""
    return _LEAST + secrets.randbelow(_MOST - _LEAST)


def suggesting(*words: str) -> msgspec.Meta:
    """Words that are usual for a text; others may be given too."""
    return msgspec.Meta(extra={"suggested": words})


type RequestId = Annotated[int, msgspec.Meta(ge=0, extra={"filled": True})]  # we choose it when nobody does
type Secret = Annotated[str, msgspec.Meta(extra={"secret": True})]  # never shown once the command has ended
type SecretNumber = Annotated[int, msgspec.Meta(extra={"secret": True})]
type Count = Annotated[int, msgspec.Meta(ge=0)]
type Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class RawCommand(Command, frozen=True, kw_only=True):
    """Send any message of the station's version, with the payload as its schema asks. OCPP: any."""

    action: str
    payload: dict[str, Any]


class CommandOutcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a command ended, in the words every dialect shares.

    `state`: accepted, rejected, timed_out, offline, failed. `reason` is the station's word or our sentence.
    """

    state: str
    reason: str | None = None
    payload: dict[str, Any] | None = None
    answered_at: datetime | None = None


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """What a station said of one of several things it was asked; `word` and `note` are its own.

    `says_status` is False for a thing that was only listed.
    """

    name: str
    accepted: bool
    word: str
    value: str | None = None
    note: str | None = None
    says_status: bool = True
