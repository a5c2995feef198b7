"""Sequences that begin with an operator: what is asked, what must reach the station, what it says, how it ends."""

import asyncio
import http.client
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from ohmstead.station.commands import AnyCommand
from ohmstead.station.commands.operations import BY_KIND
from tests.line.scripted import PATIENCE_S, Scripted, check
from tests.line.system import until

REQUEST_ID = "the request id"  # stands in what a station says later for the number it was asked with
SOON = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=1)
SOON_AS_SENT = SOON.strftime("%Y-%m-%dT%H:%M:%S.000Z")
ACCEPTED = {"status": "Accepted"}


@dataclass(frozen=True)
class Step:
    """`sent` is the least that must stand in our message; `answer` a payload, or an error code.

    `work` and `reports` are what stands on the command when all of `then` was said.
    """

    ask: AnyCommand
    action: str
    sent: dict[str, Any]
    answer: dict[str, Any] | str
    state: str = "accepted"
    reason: str | None = None
    then: tuple[tuple[str, dict[str, Any]], ...] = ()
    work: str = ""
    reports: int = 0


class Program:
    """A program with a key of the organisation, that speaks HTTP to the web role and waits when it asked too often."""

    def __init__(self, port: int, secret: str) -> None:
        self._port, self._secret = port, secret

    def __call__(self, method: str, path: str, body: Any = None) -> Any:
        status, retry_after_s, found = self._ask(method, path, body)
        if status == 429:
            time.sleep(retry_after_s)
            status, _, found = self._ask(method, path, body)
        assert status < 300, found
        return found

    def _ask(self, method: str, path: str, body: Any) -> tuple[int, int, Any]:
        link = http.client.HTTPConnection("127.0.0.1", self._port, timeout=PATIENCE_S)
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        link.request(method, f"/api/v1{path}", None if body is None else json.dumps(body), headers)
        response = link.getresponse()
        found = json.loads(response.read())
        link.close()
        return response.status, int(response.headers.get("Retry-After", 0)), found


async def follow(program: Program, station: Scripted, identity: str, steps: tuple[Step, ...]) -> None:
    for step in steps:
        await _follow(program, station, identity, step)


async def _follow(program: Program, station: Scripted, identity: str, step: Step) -> None:
    operation = BY_KIND[type(step.ask)].name
    fields = {name: value for name, value in msgspec.to_builtins(step.ask, str_keys=True).items() if name != "type"}
    path = f"/stations/{identity}/commands/{operation}"
    row = await asyncio.to_thread(program, "POST", path, fields)
    payload = await answer(station, row["id"], step.action, step.answer)
    contains(payload, step.sent)
    for action, said in step.then:
        said = json.loads(json.dumps(said).replace(f'"{REQUEST_ID}"', str(payload.get("requestId"))))
        await station.call(action, said)
    await asyncio.to_thread(_ended, program, row["id"], step)


def _ended(program: Program, command_id: str, step: Step) -> None:
    path = f"/commands/{command_id}"
    found = until(
        lambda: found if ((found := program("GET", path))["state"], found["work"]) == (step.state, step.work) else None,
        pause_s=0.1,  # a key may ask some ten times a second
        why=lambda: f"{step.state} {step.work}; it is {program('GET', path)}",
    )
    if step.reason is not None:
        assert found["reason"] == step.reason
    assert len(program("GET", f"{path}/reports")["items"]) == step.reports


async def answer(station: Scripted, command_id: str, action: str, answer: dict[str, Any] | str) -> Any:
    """Wait for the command, answer it with a payload or with an error; what was sent."""
    async with asyncio.timeout(PATIENCE_S):
        message_id, came, payload = await station.asked.get()
        while message_id != command_id:  # what the network asks every station by itself, such as its token list
            await station.socket.send(json.dumps([4, message_id, "NotSupported", "", {}]))
            message_id, came, payload = await station.asked.get()
    assert came == action, f"expected {action}, the network asked {came} {payload}"
    if isinstance(answer, str):
        await station.socket.send(json.dumps([4, message_id, answer, "", {}]))
        return payload
    check(station.subprotocol, action, "Response", answer)
    await station.socket.send(json.dumps([3, message_id, answer]))
    return payload


def contains(found: Any, least: Any, where: str = "") -> None:
    """Everything in `least` stands in `found`; None means that the field is left out."""
    if isinstance(least, dict):
        assert isinstance(found, dict), where
        for name, value in least.items():
            if value is None:
                assert name not in found, f"{where}.{name} is {found[name]}"
            else:
                assert name in found, f"{where}.{name} is missing in {found}"
                contains(found[name], value, f"{where}.{name}")
    elif isinstance(least, list):
        assert len(found) == len(least), f"{where}: {found}"
        for number, value in enumerate(least):
            contains(found[number], value, f"{where}[{number}]")
    else:
        assert found == least, f"{where} is {found}, not {least}"
