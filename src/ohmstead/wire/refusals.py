"""What the protocol lets us say when we cannot take a frame: the error codes of each version."""

from enum import StrEnum
from typing import Final

from ohmstead.wire.dialect import Dialect


class Fault(StrEnum):
    """Why a frame or a payload cannot be taken, in the spelling of 2.x."""

    FORMAT = "FormatViolation"
    OCCURRENCE = "OccurrenceConstraintViolation"
    PROPERTY = "PropertyConstraintViolation"
    TYPE = "TypeConstraintViolation"
    PROTOCOL = "ProtocolError"
    NOT_IMPLEMENTED = "NotImplemented"
    NOT_SUPPORTED = "NotSupported"
    SECURITY = "SecurityError"
    INTERNAL = "InternalError"
    GENERIC = "GenericError"
    FRAMEWORK = "RpcFrameworkError"
    MESSAGE_TYPE = "MessageTypeNotSupported"


# OCPP-J 1.6 4.2.3: other words, one of them misspelt in the specification; no words for a broken framework.
_WORDS_16: Final = {
    Fault.FORMAT: "FormationViolation",
    Fault.OCCURRENCE: "OccurenceConstraintViolation",
    Fault.FRAMEWORK: "FormationViolation",
    Fault.MESSAGE_TYPE: "ProtocolError",
}


def error_code(dialect: Dialect, fault: Fault) -> str:
    return _WORDS_16.get(fault, fault.value) if dialect is Dialect.V16 else fault.value


class Refused(Exception):
    """A frame that is answered with an error; `code` is a word of the dialect, `text` a sentence."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


class FrameRefused(Refused):
    """Not a frame of OCPP-J. Only what was plainly meant as a call is `answerable`."""

    def __init__(self, code: str, text: str, message_id: str | None = None, *, answerable: bool = False) -> None:
        super().__init__(code, text)
        self.message_id = message_id
        self.answerable = answerable


class CallRefused(Refused):
    """A call whose action or payload cannot be taken, even with every tolerance."""

    def __init__(self, code: str, text: str, details: dict[str, str] | None = None) -> None:
        super().__init__(code, text)
        self.details = details or {}


class CommandNotInDialect(Exception):
    """The station's version of OCPP has no words for a command; the text is a sentence for the person who asked."""
