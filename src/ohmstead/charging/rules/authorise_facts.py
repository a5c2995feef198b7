"""What the decision on a token looks at."""

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

import msgspec

from ohmstead.station.tokens import TokenKind


class Origin(StrEnum):
    STATION = "station"  # the station asks, so it is there and knows its plugs
    APP = "app"  # we are asked to start: from the app, the API or a camera


class Asked(msgspec.Struct, frozen=True):
    uid: str  # canonical
    kind: TokenKind
    purpose: str  # authorise, start, stop
    station_id: UUID
    transaction_id: str | None = None
    evse: int | None = None
    origin: Origin = Origin.STATION


class GroupRights(msgspec.Struct, frozen=True):
    """A group with what it has from the groups above it; limits are per driver and month, None is without limit."""

    name: str
    ids: frozenset[UUID] = frozenset()  # its own and those above it
    energy_wh: Decimal | None = None
    money: Decimal | None = None
    sessions: int | None = None
    minutes: int | None = None
    at_once: int | None = None

    @property
    def limited(self) -> bool:
        limits = (self.energy_wh, self.money, self.sessions, self.minutes, self.at_once)
        return any(limit is not None for limit in limits)


class RunningSession(msgspec.Struct, frozen=True):
    station_id: UUID
    transaction_id: str
    evse: int | None = None


class Used(msgspec.Struct, frozen=True):
    """By the driver in this month; `running` are all the driver's sessions at this moment."""

    energy_wh: Decimal = Decimal(0)
    money: Decimal = Decimal(0)
    sessions: int = 0
    minutes: int = 0
    running: tuple[RunningSession, ...] = ()


class KnownToken(msgspec.Struct, frozen=True):
    uid: str  # canonical
    status: str  # drivers.models.TokenStatus
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    guest: bool = False  # somebody without an account
    parent_uid: str = ""  # as entered: stations hear this spelling
    master: bool = False
    may_pay: bool = True
    blocked_because: str = ""
    groups: tuple[GroupRights, ...] = ()
    used: Used = Used()


class StoppedSession(msgspec.Struct, frozen=True):
    """The session a stop is about."""

    token_uid: str  # canonical, as is the parent
    parent_uid: str = ""


class Held(msgspec.Struct, frozen=True):
    """A reservation that holds a plug now; `uids` are canonical: the token's, its parent's and the driver's others."""

    evse: int | None
    uids: frozenset[str]
    until: datetime


class Place(msgspec.Struct, frozen=True):
    """Where the token is presented. `groups`: the site is kept to these; empty is open to all.

    `private`: for the organisation's own people, not for guests and partners' customers.
    """

    groups: frozenset[UUID] = frozenset()
    private: bool = False
    open: bool = True
    free_vend: bool = False
    online: bool = True
    evses: dict[int, str] = {}  # number -> station.states.PlugState
    held: tuple[Held, ...] = ()
    tries: int = 0  # of this token here within this minute, before this one


class RoamingAnswer(msgspec.Struct, frozen=True):
    """What a partner network says of a token we do not know."""

    accepted: bool
    says: str
    parent_uid: str = ""


ANYWHERE = Place()
