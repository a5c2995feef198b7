"""A small scripted network for tests: answers everything, keeps every frame, can ask."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from websockets.asyncio.server import ServerConnection, serve

SUBPROTOCOLS = ["ocpp2.1", "ocpp2.0.1", "ocpp1.6"]


def now() -> str:
    return datetime.now(UTC).isoformat().replace("+00:00", "Z")


type Heard = tuple[str, str, str, list[Any]]  # dialect, station, direction, frame


class Csms:
    def __init__(self) -> None:
        self.url = ""
        self.frames: list[Heard] = []
        self.sockets: dict[str, ServerConnection] = {}
        self.headers: dict[str, dict[str, str]] = {}
        self.answers: dict[str, Callable[[dict[str, Any]], dict[str, Any] | None]] = {}
        self.heard = asyncio.Condition()
        self.refuse_tokens: set[str] = set()
        self._waiting: dict[str, asyncio.Future[Any]] = {}
        self._numbers = iter(range(1, 1_000_000))

    def calls(self, action: str, station: str | None = None) -> list[dict[str, Any]]:
        return [
            frame[3]
            for _, who, direction, frame in self.frames
            if direction == "in" and frame[0] == 2 and frame[2] == action and station in (None, who)
        ]

    async def until(self, fits: Callable[[], Any], within_s: float = 10.0) -> Any:
        """Wait until what was heard fits."""
        async with asyncio.timeout(within_s):
            while not (found := fits()):
                async with self.heard:  # woken by each frame, and often enough to see what makes no frame
                    with contextlib.suppress(TimeoutError):
                        await asyncio.wait_for(self.heard.wait(), 0.05)
        return found

    async def ask(self, station: str, action: str, payload: dict[str, Any]) -> Any:
        """Send a call; gives the result's payload, or the whole CALLERROR frame."""
        message_id = str(uuid4())
        self._waiting[message_id] = asyncio.get_running_loop().create_future()
        frame = [2, message_id, action, payload]
        socket = self.sockets[station]
        self.frames.append((str(socket.subprotocol), station, "out", frame))
        await socket.send(json.dumps(frame))
        async with asyncio.timeout(5):
            return await self._waiting[message_id]

    async def drop(self, station: str) -> None:
        self.sockets[station].transport.abort()

    async def _serve(self, socket: ServerConnection) -> None:
        assert socket.request
        station = socket.request.path.rsplit("/", 1)[1]
        self.sockets[station] = socket
        self.headers[station] = dict(socket.request.headers)
        async for text in socket:
            frame = json.loads(text)
            self.frames.append((str(socket.subprotocol), station, "in", frame))
            await self._answer(socket, station, frame)
            async with self.heard:
                self.heard.notify_all()

    async def _answer(self, socket: ServerConnection, station: str, frame: list[Any]) -> None:
        if frame[0] == 2:
            result = self._result(str(socket.subprotocol), frame[2], frame[3])
            if result is None:
                return
            reply = [4, frame[1], "InternalError", "", {}] if result == "error" else [3, frame[1], result]
            self.frames.append((str(socket.subprotocol), station, "out", reply))
            await socket.send(json.dumps(reply))
        elif frame[1] in self._waiting:
            self._waiting.pop(frame[1]).set_result(frame[2] if frame[0] == 3 else frame)

    def _result(self, dialect: str, action: str, payload: dict[str, Any]) -> Any:
        if action in self.answers:
            return self.answers[action](payload)
        if action == "BootNotification":
            return {"status": "Accepted", "currentTime": now(), "interval": 300}
        if action == "Heartbeat":
            return {"currentTime": now()}
        if dialect == "ocpp1.6":
            return self._result_16(action, payload)
        token = payload.get("idToken", {}).get("idToken")
        info = {"idTokenInfo": {"status": "Invalid" if token in self.refuse_tokens else "Accepted"}}
        if action == "Authorize" or (action == "TransactionEvent" and token):
            return info
        if action in ("SignCertificate", "DataTransfer"):
            return {"status": "Accepted"}
        return {}

    def _result_16(self, action: str, payload: dict[str, Any]) -> Any:
        info = {"status": "Invalid" if payload.get("idTag") in self.refuse_tokens else "Accepted"}
        if action == "StartTransaction":
            return {"transactionId": next(self._numbers), "idTagInfo": info}
        if action == "Authorize":
            return {"idTagInfo": info}
        if action in ("SignCertificate", "DataTransfer"):
            return {"status": "Accepted"}
        return {}


@asynccontextmanager
async def running(**tls: Any) -> AsyncIterator[Csms]:
    csms = Csms()
    async with serve(csms._serve, "127.0.0.1", 0, subprotocols=SUBPROTOCOLS, ping_interval=None, **tls) as server:
        scheme = "wss" if tls else "ws"
        csms.url = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}/ocpp"
        yield csms
