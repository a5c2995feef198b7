"""Control by hand, over NATS as the console and the command line do it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio

from ohmstead.bus.client import Bus
from ohmstead.run.embedded.nats import EmbeddedNats
from ohmstead.simulator import hands
from ohmstead.simulator.control import VERBS, ControlRefused, ControlReply, ControlRequest, checked, send, send_once
from ohmstead.simulator.fleet import Fleet
from ohmstead.simulator.happenings import happen
from ohmstead.simulator.link import CallIgnored
from ohmstead.simulator.manners import Manners
from ohmstead.wire.dialect import Dialect
from tests.simulator.scripted_csms import Csms
from tests.simulator.simulated import built_fleet, fleet_at


@pytest_asyncio.fixture
async def bus(nats_server: EmbeddedNats) -> AsyncIterator[Bus]:
    client = await Bus("test").connect(nats_server.url)
    yield client
    await client.close()


@contextlib.asynccontextmanager
async def served(fleet: Fleet, bus: Bus) -> AsyncIterator[None]:
    task = asyncio.create_task(hands.serve(fleet, bus))
    async with asyncio.timeout(5):
        while await answer_or_none(bus) is None:
            pass
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def answer_or_none(bus: Bus) -> ControlReply | None:
    try:
        return await send(bus, "*", "list")
    except ControlRefused:
        return None


def do(fleet: Fleet, identity: str, verb: str, **args: Any) -> ControlReply:
    return hands.perform(fleet, ControlRequest(identity=identity, verb=verb, args=args))


async def test_every_verb_is_done_or_listed() -> None:
    assert set(VERBS) == set(hands.ACTIONS) | {"list", "add"}
    assert all(verb.help.endswith(".") for verb in VERBS.values())


async def test_a_charge_by_hand_over_the_bus(csms: Csms, bus: Bus, nats_server: EmbeddedNats) -> None:
    async with fleet_at(csms) as fleet, served(fleet, bus):
        reply = await send(bus, "S16", "plug", {"evse": 2, "card": "04A1", "soc": 40, "car": "van"})
        assert reply == ControlReply(done=True, sentence="plug: done at 1 station.")
        await csms.until(lambda: csms.calls("StartTransaction"))
        (station,) = (await send_once(nats_server.url, "S16", "list")).stations
        shown = station["evses"][1]
        assert (shown["car"], shown["token"], station["online"]) == ("van", "04A1", True)
        assert shown["soc_percent"] >= 40
        await send(bus, "S16", "unplug", {"evse": 2})
        (stop,) = await csms.until(lambda: csms.calls("StopTransaction"))
    assert stop["reason"] == "EVDisconnected"


@pytest.mark.parametrize(
    ("verb", "args", "sentence"),
    [
        pytest.param("dance", {}, "'dance' is not a verb", id="verb"),
        pytest.param("plug", {"colour": "red"}, "plug takes no 'colour'", id="argument"),
        pytest.param("card", {}, "card needs card", id="missing"),
    ],
)
def test_a_wrong_request_is_refused_in_words(verb: str, args: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ControlRefused, match=sentence):
        checked("S16", verb, args)


@pytest.mark.parametrize(
    ("identity", "verb", "args", "sentence"),
    [
        pytest.param("NOBODY", "plug", {}, "No simulated station is called NOBODY", id="station"),
        pytest.param("S16", "plug", {"evse": 9}, "There is no EVSE 9; this station has 2", id="evse"),
        pytest.param("S16", "plug", {"evse": "two"}, "evse is a number", id="no number"),
        pytest.param("S16", "plug", {"car": "boat"}, "'boat' is not a car", id="car"),
        pytest.param("S16", "unplug", {}, "No car is plugged in at EVSE 1", id="nothing plugged"),
        pytest.param("S16", "stop", {}, "No session runs at EVSE 1", id="nothing runs"),
        pytest.param("S16", "card", {"card": "1", "kind": "smell"}, "'smell' is not a kind of token", id="kind"),
    ],
)
async def test_what_cannot_be_done_is_said(
    csms: Csms, identity: str, verb: str, args: dict[str, Any], sentence: str
) -> None:
    async with built_fleet(csms.url) as fleet:
        reply = do(fleet, identity, verb, **args)
    assert not reply.done
    assert sentence in reply.sentence


async def test_nobody_answers_when_no_simulator_runs(bus: Bus) -> None:
    with pytest.raises(ControlRefused, match="No simulator answers"):
        await send(bus, "*", "list")


async def test_a_pattern_means_several_stations(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        assert do(fleet, "S2*", "fault").sentence == "fault: done at 2 stations."
        do(fleet, "S2*", "repair")
        assert not any(evse.fault for station in fleet.stations.values() for evse in station.evses)


async def test_offline_and_back(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        station = fleet.stations["S201"]
        do(fleet, "S201", "offline", for_s=0.2)
        await csms.until(lambda: not station.link.up)
        await csms.until(lambda: station.online)
        do(fleet, "S201", "offline")
        await csms.until(lambda: not station.link.up)
        do(fleet, "S201", "online")
        await csms.until(lambda: station.online)


@pytest.mark.parametrize(
    ("verb", "args", "reason_16", "reason_2x", "boot"),
    [
        pytest.param("reboot", {}, "Reboot", "Reboot", "LocalReset", id="reboot"),
        pytest.param("power_cut", {}, "PowerLoss", "PowerLoss", "PowerUp", id="power cut"),
        pytest.param("power_cut", {"forget": "true"}, None, None, "PowerUp", id="t18 power cut that forgets"),
        pytest.param("emergency", {}, "EmergencyStop", "EmergencyStop", None, id="emergency stop"),
        pytest.param("stop", {}, "Local", "Local", None, id="stop button"),
    ],
)
async def test_sessions_end_for_their_reasons(
    csms: Csms, verb: str, args: dict[str, str], reason_16: str | None, reason_2x: str | None, boot: str | None
) -> None:
    async with fleet_at(csms) as fleet:
        for identity in ("S16", "S201"):
            do(fleet, identity, "plug", card="04A1")
            evse = fleet.stations[identity].evses[0]
            await csms.until(lambda evse=evse: evse.session and evse.meter.flow.power_w)
            do(fleet, identity, verb, **args)
        if boot:
            await csms.until(lambda: len(csms.calls("BootNotification")) == 5)
            assert csms.calls("BootNotification", "S201")[-1]["reason"] == boot
        await csms.until(lambda: all(s.online and not s.outbox.stored for s in fleet.stations.values()))
        assert not any(evse.session for station in fleet.stations.values() for evse in station.evses)
    assert [stop["reason"] for stop in csms.calls("StopTransaction")] == ([reason_16] if reason_16 else [])
    ended = [event for event in csms.calls("TransactionEvent") if event["eventType"] == "Ended"]
    assert [event["transactionInfo"]["stoppedReason"] for event in ended] == ([reason_2x] if reason_2x else [])


async def test_a_security_event_by_hand(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        do(fleet, "S21", "tilt", info="knocked over")
        (event,) = await csms.until(lambda: csms.calls("SecurityEventNotification"))
    assert event["techInfo"] == "knocked over"


async def test_happenings_come_and_go_by_themselves(csms: Csms) -> None:
    tail = "happenings: [{at_s: 6, do: fault, then: repair, for_s: 30, who: S16, args: {evse: 2, info: wet}}]"
    async with fleet_at(csms, tail=tail) as fleet:
        task = asyncio.create_task(happen(fleet))
        faulted = await csms.until(
            lambda: [s for s in csms.calls("StatusNotification", "S16") if s["status"] == "Faulted"]
        )
        await csms.until(lambda: csms.calls("StatusNotification", "S16")[-1]["status"] == "Available")
        await task
    assert [(s["connectorId"], s["errorCode"], s["info"]) for s in faulted] == [(2, "GroundFailure", "wet")]


async def test_one_more_station_is_put_up_and_connects_for_its_organisation(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        assert do(fleet, "SIM-1", "add", organisation="hill").done
        await csms.until(lambda: csms.calls("BootNotification", "SIM-1"))
        assert do(fleet, "SIM-1", "add", organisation="hill").sentence == "SIM-1 is simulated already."
        assert "is not a station identity" in do(fleet, "SIM 1", "add", organisation="hill").sentence
        assert "no station with OCPP 9" in do(fleet, "SIM-2", "add", organisation="hill", ocpp="9").sentence


def test_a_station_refuses_in_its_own_words_until_told_to_obey() -> None:
    manners = Manners()
    manners.refuse("Reset", "a technician is here")
    assert manners.answer("Reset", Dialect.V16) == {"status": "Rejected"}
    assert manners.answer("Reset", Dialect.V201) == {
        "status": "Rejected",
        "statusInfo": {"reasonCode": "Other", "additionalInfo": "a technician is here"},
    }
    assert manners.answer("UnlockConnector", Dialect.V201) is None
    manners.ignore("Reset")
    with pytest.raises(CallIgnored):
        manners.answer("Reset", Dialect.V201)


async def test_a_refused_and_an_ignored_message_on_the_socket(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        do(fleet, "S201", "refuse", action="Reset", why="a technician is here")
        answer = await csms.ask("S201", "Reset", {"type": "Immediate"})
        assert answer["statusInfo"]["additionalInfo"] == "a technician is here"
        do(fleet, "S201", "ignore", action="Reset")
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await csms.ask("S201", "Reset", {"type": "Immediate"})
        do(fleet, "S201", "obey")
        assert (await csms.ask("S201", "Reset", {"type": "Immediate"}))["status"] == "Accepted"


async def test_what_cannot_be_spoilt_is_said(csms: Csms) -> None:
    async with fleet_at(csms) as fleet:
        assert do(fleet, "S16", "spoil", work="lunch").sentence == (
            "S16: 'lunch' cannot be spoilt; there are firmware, log."
        )
