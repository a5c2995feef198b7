"""A station with a script: a plain WebSocket client that says and hears exactly what the test wants."""

import asyncio
import json
import ssl
from base64 import b64encode
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ANSWER_S = 10.0


class Station:
    """`async with Station(url, "CP1") as station:` connects; `call` waits for the answer."""

    def __init__(
        self,
        port: int,
        identity: str,
        *,
        password: str | None = None,
        user: str | None = None,
        protocols: tuple[str, ...] = ("ocpp1.6",),
        path: str | None = None,
        tls: ssl.SSLContext | None = None,
        pings: bool = True,
    ) -> None:
        scheme = "ws" if tls is None else "wss"
        self.url = f"{scheme}://localhost:{port}{path or '/ocpp/' + identity}"
        self.headers: dict[str, str] = {}
        if password is not None:
            credentials = f"{identity if user is None else user}:{password}".encode()
            self.headers["Authorization"] = "Basic " + b64encode(credentials).decode()
        self._protocols, self._tls, self._pings = protocols, tls, pings
        self._socket: ClientConnection | None = None
        self._next_id = 0

    @property
    def socket(self) -> ClientConnection:
        assert self._socket is not None, "connect first"
        return self._socket

    async def connect(self) -> Self:
        self._socket = await connect(
            self.url,
            subprotocols=list(self._protocols) or None,  # type: ignore[arg-type]
            additional_headers=self.headers,
            ping_interval=None,
            ssl=self._tls,
            compression=None,
            proxy=None,
            open_timeout=ANSWER_S,
            close_timeout=2,
        )
        return self

    async def __aenter__(self) -> Self:
        return await self.connect()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._socket is not None:
            await self._socket.close()

    async def say(self, action: str, payload: dict[str, Any], message_id: str | None = None) -> str:
        """Send a CALL without waiting; its id."""
        self._next_id += 1
        message_id = message_id or f"m{self._next_id}"
        await self.socket.send(json.dumps([2, message_id, action, payload]))
        return message_id

    async def hear(self) -> list[Any]:
        """The next frame."""
        async with asyncio.timeout(ANSWER_S):
            return list(json.loads(await self.socket.recv()))

    async def call(self, action: str, payload: dict[str, Any], message_id: str | None = None) -> dict[str, Any]:
        """The payload of the answer."""
        asked = await self.say(action, payload, message_id)
        kind, answered, *rest = await self.hear()
        assert (kind, answered) == (3, asked), rest
        return dict(rest[0])

    async def answer(self, payload: dict[str, Any]) -> list[Any]:
        """Wait for a CALL of ours and answer it; the CALL."""
        frame = await self.hear()
        assert frame[0] == 2, frame
        await self.socket.send(json.dumps([3, frame[1], payload]))
        return frame

    async def closed(self) -> tuple[int, str]:
        """Wait until the other side closes: code and reason."""
        try:
            async with asyncio.timeout(ANSWER_S):
                while True:
                    await self.socket.recv()
        except ConnectionClosed as error:
            close = error.rcvd
            return (close.code, close.reason) if close else (1006, "")


BOOT_16 = {"chargePointVendor": "Ohmstead", "chargePointModel": "Scripted"}
BOOT_2X = {"reason": "PowerUp", "chargingStation": {"vendorName": "Ohmstead", "model": "Scripted"}}
METER_VALUES_16 = {
    "connectorId": 1,
    "meterValue": [{"timestamp": "2026-11-22T12:00:00Z", "sampledValue": [{"value": "1200"}]}],
}


def start_16(tag: str = "CARD1", at: str = "2026-11-22T12:00:00Z") -> dict[str, Any]:
    return {"connectorId": 1, "idTag": tag, "meterStart": 100, "timestamp": at}


async def until(condition: Callable[[], Any], timeout_s: float = 20.0) -> None:
    """Poll a condition; the only wait in these tests."""
    async with asyncio.timeout(timeout_s):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def raw_station(port: int, identity: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A 1.6 station without any WebSocket library: nothing is answered unless the test does it."""
    reader, writer = await asyncio.open_connection("localhost", port)
    writer.write(
        f"GET /ocpp/{identity} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
        "Sec-WebSocket-Protocol: ocpp1.6\r\n\r\n".encode()
    )
    async with asyncio.timeout(ANSWER_S):
        await reader.readuntil(b"\r\n\r\n")
    return reader, writer


def masked(payload: bytes) -> bytes:
    """A text frame of a client, with a mask of zeros."""
    assert len(payload) < 126
    return bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload


async def until_the_end(reader: asyncio.StreamReader) -> bytes:
    """All that comes before the line is closed or breaks."""
    heard = b""
    async with asyncio.timeout(ANSWER_S):
        try:
            while chunk := await reader.read(65536):
                heard += chunk
        except ConnectionError:
            pass
    return heard
