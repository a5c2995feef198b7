"""Every message of every dialect: its types, who sends it, how it is read."""

from enum import StrEnum
from functools import cached_property
from types import ModuleType
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from ohmstead.wire.dialect import Dialect
from ohmstead.wire.v16 import directions as directions16
from ohmstead.wire.v16 import messages as messages16
from ohmstead.wire.v21 import directions as directions21
from ohmstead.wire.v21 import messages as messages21
from ohmstead.wire.v201 import directions as directions201
from ohmstead.wire.v201 import messages as messages201

MAX_MESSAGE_ID: Final = 36  # OCPP-J 4.1.4; longer ones are echoed as they came, up to a bound


class Sender(StrEnum):
    STATION = "station"
    US = "us"
    BOTH = "both"


class Message:
    """One action of one dialect; decoders are built when first needed."""

    def __init__(
        self,
        dialect: Dialect,
        action: str,
        request: type[msgspec.Struct],
        response: type[msgspec.Struct] | None,
        sender: Sender,
    ) -> None:
        self.dialect = dialect
        self.action = action
        self.request = request
        self.response = response
        self.sender = sender

    @cached_property
    def request_decoder(self) -> msgspec.json.Decoder[Any]:
        return msgspec.json.Decoder(self.request)

    @cached_property
    def call_decoder(self) -> msgspec.json.Decoder[Any]:
        """A whole CALL frame with this action and a payload exactly as the schema asks: one type, one pass."""
        envelope = [
            ("message_id", Annotated[str, Meta(max_length=MAX_MESSAGE_ID)]),
            ("action", Literal[self.action]),
            ("payload", self.request),
        ]
        call = msgspec.defstruct(f"{self.action}Call", envelope, array_like=True, tag=2, frozen=True, gc=False)
        return msgspec.json.Decoder(call)

    @cached_property
    def response_decoder(self) -> msgspec.json.Decoder[Any]:
        """Raises KeyError for an action that has no answer."""
        if self.response is None:
            raise KeyError(f"{self.action} has no answer")
        return msgspec.json.Decoder(self.response)

    @property
    def from_station(self) -> bool:
        return self.sender is not Sender.US

    @property
    def from_us(self) -> bool:
        return self.sender is not Sender.STATION


def _messages(dialect: Dialect, messages: ModuleType, directions: ModuleType) -> dict[str, Message]:
    rows = {}
    for action, (request, response) in messages.ACTIONS.items():
        sender = Sender.STATION if action in directions.FROM_STATION else Sender.US
        if action in directions.FROM_BOTH:
            sender = Sender.BOTH
        rows[action] = Message(dialect, action, request, response, sender)
    return rows


MESSAGES: Final[dict[Dialect, dict[str, Message]]] = {
    Dialect.V16: _messages(Dialect.V16, messages16, directions16),
    Dialect.V201: _messages(Dialect.V201, messages201, directions201),
    Dialect.V21: _messages(Dialect.V21, messages21, directions21),
}
