"""Stations that never give up: a message is sent until it is acknowledged, on whatever gateway can be reached."""

import asyncio
import base64
import json
import random
import time
import uuid
from collections.abc import Sequence
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake, WebSocketException
from websockets.typing import Subprotocol

from chaos import scripts
from chaos.provision import ORGANISATION, PASSWORD, identity
from chaos.truth import Acknowledged, Truth

_ANSWER_S = 15.0
_CONNECT_S = 10.0
_PAUSE_S = (0.1, 1.5)


class NotAnswered(Exception):
    """The line broke or stayed silent; the message will be sent again."""


class Station:
    """One call outstanding at a time; repeats carry the old message id or a new one, both occur in the field."""

    def __init__(self, number: int, ports: Sequence[int], truth: Truth, seed: int, pause_s: float) -> None:
        self.name = identity(number)
        self.dialect = "ocpp1.6" if number % 2 else "ocpp2.0.1"
        self.acknowledged_at = 0.0  # time.monotonic()
        self.trouble = ""  # why the last connection ended
        self.ending = False
        self.finished = asyncio.Event()
        self._ports, self._truth, self._pause_s = ports, truth, pause_s
        self._rng = random.Random(f"{seed}/{number}")
        says = scripts.charges_16 if number % 2 else scripts.charges_201
        self._script = says(number, self.name, truth, self._rng, lambda: self.ending)
        self._pending: tuple[str, dict[str, Any]] | None = next(self._script)
        self._message_id = self._new_id()
        self._sent_before = False

    async def run(self) -> None:
        """Until cancelled; `finished` is set when the last charge is acknowledged."""
        while True:
            try:
                await self._live()
            except (OSError, TimeoutError, NotAnswered, WebSocketException, InvalidHandshake, EOFError) as error:
                self.trouble = f"{type(error).__name__}: {error}"
                await asyncio.sleep(self._rng.uniform(*_PAUSE_S))

    async def _live(self) -> None:
        """One connection, from the handshake until it breaks."""
        secret = base64.b64encode(f"{self.name}:{PASSWORD}".encode()).decode()
        async with connect(
            f"ws://127.0.0.1:{self._rng.choice(self._ports)}/ocpp/{ORGANISATION}/{self.name}",
            subprotocols=[Subprotocol(self.dialect)],
            additional_headers={"Authorization": f"Basic {secret}"},
            compression=None,
            open_timeout=_CONNECT_S,
            close_timeout=1,
            ping_interval=None,
        ) as line:
            self._truth.connections += 1
            await self._ask(line, self._new_id(), *scripts.boot(self.dialect))
            while self._pending is not None:
                await self._say_pending(line)
                await asyncio.sleep(self._pause_s * self._rng.uniform(0.5, 1.5))
            self.finished.set()
            async for text in line:
                await self._decline(line, json.loads(text))
        raise NotAnswered

    async def _say_pending(self, line: ClientConnection) -> None:
        assert self._pending is not None
        if self._sent_before:
            self._truth.repeats += 1
            if self._rng.random() < 0.5:
                self._message_id = self._new_id()
        self._sent_before = True
        answer = await self._ask(line, self._message_id, *self._pending)
        try:
            self._pending = self._script.send(answer)
        except StopIteration:
            self._pending = None
        self._message_id, self._sent_before = self._new_id(), False

    async def _ask(
        self, line: ClientConnection, message_id: str, action: str, payload: dict[str, Any]
    ) -> dict[str, Any]:
        frame = json.dumps([2, message_id, action, payload], separators=(",", ":"))
        await line.send(frame)
        async with asyncio.timeout(_ANSWER_S):
            while True:
                text = await line.recv()
                answer = json.loads(text)
                if answer[0] == 2:
                    await self._decline(line, answer)
                elif answer[1] == message_id:
                    break
        raw = text.encode() if isinstance(text, str) else text
        if answer[0] != 3:
            self._truth.errors.append(f"{self.name} {action}: {text!r}")
            raise NotAnswered
        self._truth.acknowledged.append(Acknowledged(self.name, action, frame.encode(), raw))
        self.acknowledged_at = time.monotonic()
        found: dict[str, Any] = answer[2]
        return found

    async def _decline(self, line: ClientConnection, call: list[Any]) -> None:
        if call[0] == 2:
            await line.send(json.dumps([4, call[1], "NotImplemented", "", {}]))

    def _new_id(self) -> str:
        return str(uuid.UUID(int=self._rng.getrandbits(128), version=4))
