"""The catalogue of domain events. Names and fields are part of the API: fields are added, never changed or removed."""

from datetime import datetime
from decimal import Decimal
from typing import Any, ClassVar, Final, get_args
from uuid import UUID

import msgspec


class DomainEvent(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    """Base of all events."""

    version: ClassVar[int] = 1


class AboutStation(DomainEvent, frozen=True, kw_only=True):
    station_id: UUID
    station: str  # its identity


class StationOnline(AboutStation, frozen=True, kw_only=True, tag="station.online"):
    """A station connected."""


class StationOffline(AboutStation, frozen=True, kw_only=True, tag="station.offline"):
    """A station's connection ended, or went with its gateway."""


class StationCreated(AboutStation, frozen=True, kw_only=True, tag="station.created"):
    """Somebody added a station, by hand or with a table."""


class StationWaiting(AboutStation, frozen=True, kw_only=True, tag="station.waiting"):
    """A station nobody has added connected; it waits in the inbox."""


class StationAccepted(AboutStation, frozen=True, kw_only=True, tag="station.accepted"):
    """A station was let in from the inbox."""


class StationRefused(AboutStation, frozen=True, kw_only=True, tag="station.refused"):
    """A station was turned away."""


class StationRemoved(AboutStation, frozen=True, kw_only=True, tag="station.removed"):
    """A station was taken out of service. Its past stays."""


class StationRestored(AboutStation, frozen=True, kw_only=True, tag="station.restored"):
    """A removed station is in service again."""


class FaultRaised(AboutStation, frozen=True, kw_only=True, tag="fault.raised"):
    """A plug is out of order."""

    evse: int
    error_code: str = ""
    vendor_error_code: str = ""
    info: str = ""


class FaultCleared(AboutStation, frozen=True, kw_only=True, tag="fault.cleared"):
    """A plug works again."""

    evse: int
    state: str


class AboutSession(DomainEvent, frozen=True, kw_only=True):
    session_id: UUID
    station_id: UUID
    station: str
    evse: int | None
    transaction_id: str
    token_uid: str
    state: str  # running, ended, lost
    started_at: datetime
    energy_wh: Decimal
    power_w: float | None
    soc_percent: float | None
    flags: tuple[str, ...] = ()


class SessionStarted(AboutSession, frozen=True, kw_only=True, tag="session.started"):
    """A session began."""


class SessionUpdated(AboutSession, frozen=True, kw_only=True, tag="session.updated"):
    """The meter of a running session went on; at most once a minute for each session."""


class SessionEnded(AboutSession, frozen=True, kw_only=True, tag="session.ended"):
    """A session ended. If a station says more of it later and the result changes, it comes again; the newest counts."""

    ended_at: datetime | None
    stop_reason: str = ""


class CommandEnded(AboutStation, frozen=True, kw_only=True, tag="command.ended"):
    """A command came to its end, whichever it was."""

    command_id: UUID
    kind: str
    state: str  # accepted, rejected, timed_out, offline, failed
    reason: str = ""


class AboutToken(DomainEvent, frozen=True, kw_only=True):
    token_id: UUID
    uid: str
    label: str = ""


class TokenBlocked(AboutToken, frozen=True, kw_only=True, tag="token.blocked"):
    """A card may start no more sessions."""

    reason: str = ""


class TokenUnblocked(AboutToken, frozen=True, kw_only=True, tag="token.unblocked"):
    """A card may start sessions again."""


class WebhookTested(DomainEvent, frozen=True, kw_only=True, tag="webhook.tested"):
    """Somebody asked for a test. It goes to that one webhook, whatever it is subscribed to."""

    webhook_id: UUID


class WebhookDisabled(DomainEvent, frozen=True, kw_only=True, tag="webhook.disabled"):
    """A webhook of yours was switched off because nothing arrived for days; told to the others."""

    webhook_id: UUID
    url: str
    reason: str


type AnyDomainEvent = (
    StationOnline
    | StationOffline
    | StationCreated
    | StationWaiting
    | StationAccepted
    | StationRefused
    | StationRemoved
    | StationRestored
    | FaultRaised
    | FaultCleared
    | SessionStarted
    | SessionUpdated
    | SessionEnded
    | CommandEnded
    | TokenBlocked
    | TokenUnblocked
    | WebhookTested
    | WebhookDisabled
)

KINDS: Final[dict[str, type[DomainEvent]]] = {
    str(kind.__struct_config__.tag): kind for kind in get_args(AnyDomainEvent.__value__)
}
SUBSCRIBABLE: Final = tuple(kind for kind in KINDS if kind != "webhook.tested")


def kind_of(event: DomainEvent) -> str:
    return str(event.__struct_config__.tag)


def data_of(event: DomainEvent) -> dict[str, Any]:
    """The fields as JSON values; decimals are texts, so that nothing rounds them."""
    found: dict[str, Any] = msgspec.to_builtins(event)
    del found["type"]
    return found


def schema_of(kind: str) -> dict[str, Any]:
    """JSON schema of the data of an event."""
    (schema,), _ = msgspec.json.schema_components([KINDS[kind]])
    definitions = msgspec.json.schema_components([KINDS[kind]])[1]
    found: dict[str, Any] = dict(definitions[schema["$ref"].rsplit("/", 1)[-1]])
    found["properties"] = {name: each for name, each in found["properties"].items() if name != "type"}
    found["required"] = [name for name in found["required"] if name != "type"]
    return found
