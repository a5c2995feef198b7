"""A station that follows a script, and holds every frame of either side to the official schema."""

import asyncio
import base64
import functools
import itertools
import json
import ssl
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import Any, Self

import websockets
from jsonschema import Draft4Validator, Draft6Validator

PATIENCE_S = 40.0
ASKED_OF_ALL = ("SendLocalList", "GetLocalListVersion")  # by the network itself, once a minute
_FOLDERS = {"ocpp1.6": "v16", "ocpp2.0.1": "v201", "ocpp2.1": "v21"}


@functools.cache
def _validator(subprotocol: str, name: str) -> Draft4Validator | Draft6Validator:
    schema = json.loads((files("ocpp") / _FOLDERS[subprotocol] / "schemas" / f"{name}.json").read_text("utf-8-sig"))
    return Draft4Validator(schema) if subprotocol == "ocpp1.6" else Draft6Validator(schema)


def check(subprotocol: str, action: str, kind: str, payload: Any) -> None:
    """Raises jsonschema.ValidationError; `kind` is Request or Response."""
    name = action + ("" if subprotocol == "ocpp1.6" and kind == "Request" else kind)
    _validator(subprotocol, name).validate(payload)


class Refused(Exception):
    """The peer answered CALLERROR."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code, self.text = code, text


def moment(offset_s: float = 0) -> str:
    """A time as most stations write it."""
    at = datetime.now(UTC) + timedelta(seconds=offset_s)
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def basic(user: str, password: str) -> dict[str, str]:
    """The header of a station that shows a password."""
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


class Scripted:
    """Use as an async context manager; `lenient` skips the schema check of what we send."""

    def __init__(
        self,
        url: str,
        subprotocol: str,
        *,
        password: str | None = None,
        user: str | None = None,
        authorization: str | None = None,
        context: ssl.SSLContext | None = None,
        offered: list[str] | None = None,
        lenient: bool = False,
    ) -> None:
        self.url, self.subprotocol, self.lenient = url, subprotocol, lenient
        self._offered = offered or [subprotocol]
        self._context = context
        self._headers = {}
        if password is not None:
            self._headers |= basic(user if user is not None else url.rsplit("/", 1)[1], password)
        if authorization is not None:
            self._headers["Authorization"] = f"Basic {authorization}"
        self._ids = itertools.count(1)
        self._answers: dict[str, asyncio.Future[Any]] = {}
        self.asked: asyncio.Queue[tuple[str, str, Any]] = asyncio.Queue()

    async def __aenter__(self) -> Self:
        self.socket = await websockets.connect(
            self.url,
            subprotocols=[websockets.Subprotocol(name) for name in self._offered],
            additional_headers=self._headers,
            ssl=self._context,
            compression=None,
            open_timeout=PATIENCE_S,
        )
        self._reader = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._reader.cancel()
        await self.socket.close()

    async def _read(self) -> None:
        async for text in self.socket:
            frame = json.loads(text)
            match frame:
                case [2, message_id, action, payload]:
                    check(self.subprotocol, action, "Request", payload)
                    self.asked.put_nowait((message_id, action, payload))
                case [3, message_id, payload]:
                    self._answers[message_id].set_result(payload)
                case [4, message_id, code, description, _] if message_id in self._answers:
                    self._answers[message_id].set_exception(Refused(code, description))

    async def call(self, action: str, payload: dict[str, Any] | None = None, *, message_id: str | None = None) -> Any:
        """Our CALL and the answer to it. Raises Refused."""
        payload = payload or {}
        if not self.lenient:
            check(self.subprotocol, action, "Request", payload)
        message_id = message_id or f"m{next(self._ids)}"
        self._answers[message_id] = asyncio.get_running_loop().create_future()
        await self.socket.send(json.dumps([2, message_id, action, payload]))
        async with asyncio.timeout(PATIENCE_S):
            answer = await self._answers[message_id]
        check(self.subprotocol, action, "Response", answer)
        return answer

    async def expect(self, action: str, answer: dict[str, Any]) -> Any:
        """Wait for the CSMS to call `action`, answer it; what it sent."""
        async with asyncio.timeout(PATIENCE_S):
            message_id, asked, payload = await self.asked.get()
            while asked in ASKED_OF_ALL and asked != action:
                await self.socket.send(json.dumps([4, message_id, "NotSupported", "", {}]))
                message_id, asked, payload = await self.asked.get()
        assert asked == action, f"expected {action}, the network asked {asked} {payload}"
        check(self.subprotocol, action, "Response", answer)
        await self.socket.send(json.dumps([3, message_id, answer]))
        return payload
