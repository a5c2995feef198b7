"""What happened without the network is told when it is back: in order, with the times it had."""

from datetime import datetime
from typing import Any

import pytest

from ohmstead.simulator import sessions
from ohmstead.simulator.evse import Evse
from ohmstead.simulator.station import Station
from ohmstead.simulator.voice import Verdict
from ohmstead.station.tokens import PresentedToken
from tests.simulator.scripted_csms import Csms
from tests.simulator.simulated import fleet_at, saloon

CARD = PresentedToken("04A1B2C3")


async def cut(csms: Csms, station: Station) -> None:
    station.link.go_offline()
    await csms.until(lambda: not station.link.up)


async def charge_offline(station: Station, evse: Evse) -> None:
    station.cache[CARD.canonical_uid] = Verdict(True, "Accepted")
    sessions.plug(station, evse, saloon())
    assert (await sessions.present(station, evse, CARD)).accepted


def frames_of(csms: Csms, station: str, *actions: str) -> list[tuple[str, dict[str, Any]]]:
    return [
        (frame[2], frame[3])
        for _, who, direction, frame in csms.frames
        if who == station and direction == "in" and frame[0] == 2 and frame[2] in actions
    ]


async def test_a_1_6_session_that_ran_offline_is_replayed_in_order_with_its_times(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations["S16"]
        evse = station.evses[0]
        await cut(csms, station)
        await charge_offline(station, evse)
        await csms.until(lambda: len(station.outbox.stored) >= 3)
        await sessions.present(station, evse, CARD)
        sessions.unplug(station, evse)
        ended_at = station.pace.now()
        station.link.come_online()
        await csms.until(lambda: csms.calls("StopTransaction"))
    told = frames_of(csms, "S16", "StartTransaction", "MeterValues", "StopTransaction")
    actions = [action for action, _ in told]
    assert (actions[0], set(actions[1:-1]), actions[-1]) == ("StartTransaction", {"MeterValues"}, "StopTransaction")
    times = [p["meterValue"][0]["timestamp"] if a == "MeterValues" else p["timestamp"] for a, p in told]
    assert times == sorted(times)
    assert datetime.fromisoformat(times[-1]) <= ended_at
    assert {p["transactionId"] for a, p in told if a != "StartTransaction"} == {1}


async def test_t2_a_session_begun_offline_and_stopped_online_learns_its_number_in_time(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations["S16"]
        await cut(csms, station)
        await charge_offline(station, station.evses[0])
        assert station.evses[0].session
        assert station.evses[0].session.transaction_id is None
        station.link.come_online()
        await csms.until(lambda: station.online)
        await sessions.present(station, station.evses[0], CARD)
        (stop,) = await csms.until(lambda: csms.calls("StopTransaction"))
    assert stop["transactionId"] == 1


@pytest.mark.parametrize("identity", ["S201", "S21"])
async def test_2_x_events_of_an_offline_session_say_offline_and_keep_their_numbers(csms: Csms, identity: str) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations[identity]
        evse = station.evses[0]
        await cut(csms, station)
        await charge_offline(station, evse)
        await csms.until(lambda: len(station.outbox.stored) >= 4)
        station.link.come_online()
        await csms.until(lambda: station.online and not station.outbox.stored)
        await sessions.present(station, evse, CARD)
        await csms.until(lambda: csms.calls("TransactionEvent")[-1]["eventType"] == "Ended")
    events = csms.calls("TransactionEvent", identity)
    assert [event["seqNo"] for event in events] == list(range(len(events)))
    assert events[0].get("offline") is True
    assert events[-1].get("offline") is None
    assert len({event["transactionInfo"]["transactionId"] for event in events}) == 1


async def test_an_unknown_card_does_not_charge_offline(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations["S16"]
        await cut(csms, station)
        sessions.plug(station, station.evses[0], saloon())
        assert not (await sessions.present(station, station.evses[0], PresentedToken("0BAD"))).accepted
        station.settings.put("offline_unknown", "true")
        assert (await sessions.present(station, station.evses[0], PresentedToken("0BAD"))).accepted


async def test_t6_a_start_whose_answer_was_lost_is_said_again_with_the_same_content(csms: Csms) -> None:
    lost: list[Any] = []

    def answer(payload: dict[str, Any]) -> Any:
        lost.append(payload)
        return None if len(lost) == 1 else {"transactionId": 7, "idTagInfo": {"status": "Accepted"}}

    async with fleet_at(csms) as fleet:
        station = fleet.stations["S16"]
        csms.answers["StartTransaction"] = answer
        sessions.plug(station, station.evses[0], saloon())
        await sessions.present(station, station.evses[0], CARD)
        await csms.until(lambda: lost)
        await csms.drop("S16")
        await csms.until(lambda: station.evses[0].session and station.evses[0].session.transaction_id == 7)
    assert lost[0] == lost[1]
    ids = [f[1] for _, _, direction, f in csms.frames if direction == "in" and f[0] == 2 and f[2] == "StartTransaction"]
    assert len(set(ids)) == 2


async def test_t3_a_message_the_network_refuses_for_ever_does_not_stall_the_others(csms: Csms) -> None:
    async with fleet_at(csms, settings="message_attempts: 2") as fleet:
        station = fleet.stations["S16"]
        csms.answers["StartTransaction"] = lambda payload: "error"
        sessions.plug(station, station.evses[0], saloon())
        await sessions.present(station, station.evses[0], CARD)
        await sessions.present(station, station.evses[0], CARD)
        (stop,) = await csms.until(lambda: csms.calls("StopTransaction"))
    assert len(csms.calls("StartTransaction")) == 2
    assert stop["transactionId"] == -1  # it never learned the number


async def test_a_silent_network_makes_the_station_reconnect(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations["S201"]
        station.link.call_timeout_s = 0.1
        csms.answers["Heartbeat"] = lambda payload: None
        first = csms.sockets["S201"]
        for _ in range(2):
            station.say(station.voice.heartbeat())
        await csms.until(lambda: csms.sockets["S201"] is not first)


async def test_a_pending_station_says_nothing_but_its_boot(csms: Csms) -> None:
    answers = [{"status": "Pending", "interval": 1}, {"status": "Accepted", "interval": 300}]
    async with fleet_at(csms) as fleet:
        station = fleet.stations["S21"]
        now = station.stamp()
        csms.answers["BootNotification"] = lambda payload: answers.pop(0) | {"currentTime": now}
        csms.frames.clear()
        station.reboot("PowerUp")
        sessions.plug(station, station.evses[0], saloon())
        await csms.until(lambda: len(csms.calls("BootNotification", "S21")) == 2)
        await csms.until(lambda: station.booted)
    said = [f[2] for _, who, way, f in csms.frames if who == "S21" and way == "in" and f[0] == 2]
    boots = [place for place, action in enumerate(said) if action == "BootNotification"]
    assert said[boots[0] : boots[1] + 1] == ["BootNotification", "BootNotification"]
