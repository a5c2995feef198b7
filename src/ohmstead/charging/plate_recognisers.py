"""From a picture to plates: a port, and an adapter for recognisers that answer over HTTP.

Engines load weights of hundreds of megabytes and want a machine of their own, so none is part of Ohmstead.
"""

import secrets
from dataclasses import dataclass
from functools import cache
from typing import Final, Protocol

from django.conf import settings

from ohmstead.charging.rules.plates import NotUnderstood, PlateReading, readings
from ohmstead.kit.http import GuardedClient, OutgoingFailed, OutgoingRefused

TIMEOUT_S: Final = 8.0


class PlateRecogniser(Protocol):
    def read(self, image: bytes, content_type: str) -> list[PlateReading]:
        """The plates in a JPEG or PNG, none when there is none. Raises NotUnderstood with a sentence."""
        ...


class NoRecogniser:
    def read(self, image: bytes, content_type: str) -> list[PlateReading]:
        raise NotUnderstood("The message is a picture, and no plate recogniser is connected to this network.")


@dataclass(frozen=True, slots=True)
class HttpRecogniser:
    """Sends the picture as `upload` of a form, as Plate Recognizer's snapshot API takes it, and reads its JSON."""

    url: str
    token: str
    client: GuardedClient

    def read(self, image: bytes, content_type: str) -> list[PlateReading]:
        boundary = secrets.token_hex(16)
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="upload"; filename="car"\r\n'
            f"Content-Type: {content_type}\r\n\r\n"
        )
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        if self.token:
            headers["Authorization"] = f"Token {self.token}"
        body = head.encode() + image + f"\r\n--{boundary}--\r\n".encode()
        try:
            answer = self.client.request("POST", self.url, body=body, headers=headers)
        except (OutgoingRefused, OutgoingFailed) as error:
            raise NotUnderstood(f"The plate recogniser could not be asked: {error}") from error
        if not 200 <= answer.status < 300:
            raise NotUnderstood(f"The plate recogniser answered with status {answer.status}.")
        return readings("application/json", answer.body)


@cache
def recogniser() -> PlateRecogniser:
    """The one this installation is set up with."""
    if not settings.PLATE_RECOGNISER_URL:
        return NoRecogniser()
    # The operator names it, so it may stand in the house.
    client = GuardedClient(allow_private=True, timeout_s=TIMEOUT_S)
    return HttpRecogniser(settings.PLATE_RECOGNISER_URL, settings.PLATE_RECOGNISER_TOKEN, client)
