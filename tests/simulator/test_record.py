"""The record holds what was acknowledged and nothing else."""

from pathlib import Path
from typing import Any

from ohmstead.simulator import sessions
from ohmstead.simulator.record import read
from ohmstead.station.tokens import PresentedToken
from tests.simulator.scripted_csms import Csms
from tests.simulator.simulated import fleet_at, saloon

CARD = PresentedToken("04A1B2C3")


async def test_the_record_is_what_the_network_answered(csms: Csms, tmp_path: Path) -> None:
    path = tmp_path / "acknowledged.jsonl"
    unanswered: list[dict[str, Any]] = []
    async with fleet_at(csms, record=path) as fleet:
        csms.answers["Heartbeat"] = lambda payload: unanswered.append(payload) or None
        for station in fleet.stations.values():
            sessions.plug(station, station.evses[0], saloon())
            await sessions.present(station, station.evses[0], CARD)
        await csms.until(lambda: not any(station.outbox.stored for station in fleet.stations.values()))
        await sessions.present(fleet.stations["S16"], fleet.stations["S16"].evses[0], CARD)
        await csms.until(lambda: csms.calls("StopTransaction"))
        await csms.until(lambda: not fleet.stations["S16"].outbox.stored)
        fleet.stations["S21"].say(fleet.stations["S21"].voice.heartbeat())
        await csms.until(lambda: unanswered)
    lines = read(path)
    asked = {(who, f[1]): f[2] for _, who, way, f in csms.frames if way == "in" and f[0] == 2}
    answered = {(who, f[1]) for _, who, way, f in csms.frames if way == "out" and f[0] == 3}
    assert {(line.station, line.message_id): line.action for line in lines} == {
        key: action for key, action in asked.items() if key in answered
    }
    start = csms.calls("StartTransaction")[0]
    assert f"start:1:{CARD.uid}:{start['timestamp']}:{start['meterStart']}" in {line.key for line in lines}
    assert not any(line.action == "Heartbeat" for line in lines)


def test_a_line_cut_short_by_a_kill_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl"
    path.write_text('{"station":"A","message_id":"1","action":"Heartbeat","key":"k","at":"t"}\n{"station":"A","mess')
    assert [line.message_id for line in read(path)] == ["1"]
