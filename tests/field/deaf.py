"""A station whose network died, or that knows no ping: its socket is open and it answers no control frame."""

import asyncio
import base64
import json
import secrets
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.frames import Frame, Opcode

from tests.line.scripted import PATIENCE_S


class Deaf:
    """Speaks when told to; hears only what `call` waits for."""

    def __init__(self, address: str) -> None:
        self.url = address

    async def __aenter__(self) -> Self:
        url = urlsplit(self.url)
        self._reader, self._writer = await asyncio.open_connection(url.hostname, url.port)
        key = base64.b64encode(secrets.token_bytes(16)).decode()
        head = [
            f"GET {url.path} HTTP/1.1",
            f"Host: {url.netloc}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {key}",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Protocol: ocpp1.6",
        ]
        self._writer.write("\r\n".join([*head, "", ""]).encode())
        async with asyncio.timeout(PATIENCE_S):
            answer = await self._reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 101"), answer
        return self

    async def __aexit__(self, *_: object) -> None:
        self._writer.transport.abort()

    async def call(self, action: str, payload: dict[str, Any]) -> None:
        """Returns when the answer has arrived."""
        message_id = secrets.token_hex(8)
        text = json.dumps([2, message_id, action, payload]).encode()
        self._writer.write(Frame(Opcode.TEXT, text).serialize(mask=True))
        async with asyncio.timeout(PATIENCE_S):
            await self._reader.readuntil(message_id.encode())
