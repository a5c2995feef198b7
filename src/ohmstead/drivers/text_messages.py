"""The port for text messages, and a fake that behaves as providers do. `key` makes a repetition the same message."""

from typing import Protocol


class TextMessageRefused(Exception):
    """The number is wrong or the provider does not take it: trying again is of no use."""


class TextMessageFailed(Exception):
    """The provider did not answer, or asked to come again later."""


class TextMessages(Protocol):
    def send(self, number: str, text: str, *, key: str) -> None:
        """Raises TextMessageRefused, TextMessageFailed."""
        ...


class FakeTextMessages:
    """Takes international numbers, sends a key once, refuses numbers that end in 00, is busy for those in 99."""

    def __init__(self) -> None:
        self.sent: dict[str, tuple[str, str]] = {}

    def send(self, number: str, text: str, *, key: str) -> None:
        digits = number.replace(" ", "")
        if not digits.startswith("+") or not digits[1:].isdecimal() or digits.endswith("00"):
            raise TextMessageRefused(f"{number[:30]} is no number that text messages reach.")
        if digits.endswith("99"):
            raise TextMessageFailed("The provider is busy.")
        self.sent.setdefault(key, (digits, text[:480]))


provider: TextMessages | None = None
"""None until a deployment plugs one in: then no text message is sent, and the account's page does not offer any."""
