"""Sequences that begin with an operator: what is asked, what must reach the station, what it says, how it ends."""

import asyncio
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ohmstead.station.commands import AnyCommand
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


async def follow(network: Any, station: Scripted, identity: str, steps: tuple[Step, ...]) -> None:
    for step in steps:
        await _follow(network, station, identity, step)


async def _follow(network: Any, station: Scripted, identity: str, step: Step) -> None:
    row = asked(network, identity, step.ask)
    payload = await answer(station, str(row.pk), step.action, step.answer)
    contains(payload, step.sent)
    for action, said in step.then:
        said = json.loads(json.dumps(said).replace(f'"{REQUEST_ID}"', str(payload.get("requestId"))))
        await station.call(action, said)

    def ended() -> bool:
        row.refresh_from_db()
        return (row.state, row.work) == (step.state, step.work)

    until(ended, why=lambda: f"{step.state} {step.work}; it is {row.state} {row.work} {row.reason}")
    if step.reason is not None:
        assert row.reason == step.reason
    assert row.reports.count() == step.reports


def asked(network: Any, identity: str, command: AnyCommand) -> Any:
    from ohmstead.access.actors import SYSTEM
    from ohmstead.network import command_actions

    return command_actions.ask_station(network.row(identity), command, by=SYSTEM)


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
