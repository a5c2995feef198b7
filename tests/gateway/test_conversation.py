"""What a station says on one connection: answered in order, each with one effect."""

from ohmstead.journal.entry import EntryKind
from ohmstead.journal.interpret import interpret
from ohmstead.station.events import Alive, Booted, Connected, MeterSampled
from tests.gateway.station import BOOT_16, METER_VALUES_16, Station, until


async def test_boot_heartbeat_and_meter_values_are_answered_and_stand_in_the_journal(gateway, desk):
    known = desk.knows("CP1", heartbeat_s=240)
    async with Station(gateway.port, "CP1") as station:
        boot = await station.call("BootNotification", BOOT_16)
        assert (boot["status"], boot["interval"]) == ("Accepted", 240)
        assert "currentTime" in await station.call("Heartbeat", {})
        assert await station.call("MeterValues", METER_VALUES_16) == {}
    await until(lambda: not gateway.board.links)
    await gateway.journal.flush()

    entries = gateway.entries()
    assert [entry.kind for entry in entries] == [
        EntryKind.CONNECTED,
        EntryKind.RECEIVED,
        EntryKind.RECEIVED,
        EntryKind.RECEIVED,
        EntryKind.DISCONNECTED,
    ]
    assert {entry.station_id for entry in entries} == {known.station_id}
    assert {entry.epoch for entry in entries} == {1}
    events = [type(event) for entry in entries for event in interpret(entry).events]
    assert events[:4] == [Connected, Booted, Alive, MeterSampled]
