"""Messages on the station's own display."""

from typing import Annotated, Literal

import msgspec

from ohmstead.station.commands.base import Command, Count, Moment, Part, RequestId, new_request_id

type DisplayPriority = Literal["always_front", "in_front", "normal_cycle"]
type DisplayState = Literal["charging", "discharging", "faulted", "idle", "suspended", "unavailable"]


class DisplayText(Part, frozen=True, kw_only=True):
    content: str
    format: Literal["ASCII", "HTML", "QRCODE", "URI", "UTF8"] = "UTF8"
    language: str | None = None


class SetDisplayMessage(Command, frozen=True, kw_only=True):
    """Show a message, always or in a certain state or session. OCPP: SetDisplayMessage."""

    message_id: Count
    text: DisplayText
    priority: DisplayPriority = "normal_cycle"
    state: DisplayState | None = None
    starts_at: Moment | None = None
    ends_at: Moment | None = None
    transaction_id: str | None = None
    display: str | None = None  # the component that is the display, where there are several; `Component[instance]`
    display_evse: Count | None = None
    other_languages: Annotated[tuple[DisplayText, ...], msgspec.Meta(max_length=4)] = ()


class GetDisplayMessages(Command, frozen=True, kw_only=True):
    """Ask for a report of the messages that are set. OCPP: GetDisplayMessages."""

    message_ids: tuple[Count, ...] = ()
    priority: DisplayPriority | None = None
    state: DisplayState | None = None
    request_id: RequestId = msgspec.field(default_factory=new_request_id)


class ClearDisplayMessage(Command, frozen=True, kw_only=True):
    """Take a message off the display. OCPP: ClearDisplayMessage."""

    message_id: Count
