"""M1-M8: end register minus begin register of the same meter, whatever else a station sends."""

import pytest

from tests.field.box import Box, sample, value
from tests.line.post import Post
from tests.line.scripted import moment

CARD = "04A1B2C3"
REGISTER = "Energy.Active.Import.Register"
DAY_S = 86_400


@pytest.fixture
def card(network):
    return network.card(CARD)


def kwh(register_kwh, context, at_s):
    return {
        "timestamp": moment(at_s),
        "sampledValue": [{"value": register_kwh, "context": context, "unitOfMeasure": {"unit": "kWh"}}],
    }


async def test_m1_a_begin_of_zero_after_an_offline_start_does_not_bill_the_odometer(network, card):
    async with Post(network.station(), lenient=True) as station:
        station.at_s = -300
        begin = [kwh(0, "Transaction.Begin", -300)]
        await station.event("Started", "Authorized", token=card, meters=begin, chargingState="Charging")
        await station.event("Updated", "MeterValuePeriodic", meters=[kwh(909.948, "Sample.Periodic", -240)])
        await station.event("Updated", "MeterValuePeriodic", meters=[kwh(910.000, "Sample.Periodic", -180)])
        await station.event("Ended", "EVDeparted", meters=[kwh(910.031, "Transaction.End", -120)])
    [session] = network.settled(1, state="ended")
    assert (session.energy_wh, session.start_register_wh, session.end_register_wh) == (83, 909_948, 910_031)
    assert session.flags == ["begin_zero"]


async def test_m1_when_only_the_odometer_is_known_nothing_is_billed_and_that_is_said(network, card):
    async with Box(network.station()) as station:
        started = await station.start(card, meter=0, at_s=-600)
        await station.stop(started, meter=910_031)
    [session] = network.settled(1, state="ended")
    assert (session.energy_wh, session.flags) == (0, ["begin_zero", "energy_unknown"])


async def test_m2_clock_aligned_values_neither_reset_nor_corrupt_the_total(network, card):
    aligned = {"value": "231.4", "measurand": "Voltage", "unit": "V", "context": "Sample.Clock"}
    async with Box(network.station()) as station:
        started = await station.start(card)
        await station.meter(started, value(-1_200, sample(3_000)))
        await station.meter(started, value(-900, aligned))
        network.settled(1, state="running", energy_wh=2_000)
        await station.meter(None, value(-600, sample(4_000, context="Sample.Clock"), aligned))
        network.settled(1, state="running", energy_wh=3_000)
        await station.meter(started, value(-300, aligned))
        await station.stop(started, transactionData=[value(0, aligned)])
    [session] = network.settled(1, state="ended")
    assert (session.energy_wh, session.flags) == (5_000, [])
    assert {reading.voltage_l1_v for reading in network.readings(station.url)} == {None, 231.4}


async def test_m2_values_outside_a_transaction_are_kept_as_the_stations_own(network):
    from ohmstead.charging.models import NO_SESSION

    async with Box(network.station()) as station:
        await station.meter(None, value(-60, sample(70_000)), connector=0)
        await station.meter(None, value(-60, sample(30_000)), connector=1)
        network.folded()
    found = [(reading.evse, reading.register_wh, reading.session_id) for reading in network.readings(station.url)]
    assert sorted(found) == [(0, 70_000, NO_SESSION), (1, 30_000, NO_SESSION)]
    assert network.sessions() == []


async def test_m3_the_largest_number_is_a_legal_transaction_id(network, card):
    async with Box(network.station()) as station:
        await station.start(card)
        await station.meter(9_223_372_036_854_775_807, value(-600, sample(4_000)))
        network.settled(1, state="running", energy_wh=3_000)
        await station.stop(9_223_372_036_854_775_807, idTag=card)
    [session] = network.settled(1, state="ended")
    assert (session.energy_wh, session.flags) == (5_000, ["stop_matched"])
    assert network.deviations(station.url)["transaction_id_impossible"] == "9223372036854775807"


@pytest.mark.parametrize(
    "samples",
    [
        pytest.param([{"value": "4000"}], id="without measurand"),
        pytest.param([{"value": "4.000", "unit": "kWh"}], id="kWh without measurand"),
        pytest.param([sample(4_000, location="Inlet")], id="at the inlet"),
        pytest.param([sample(4_000, phase="L1")], id="all of it named phase 1"),
        pytest.param([sample(1_000, phase="L1"), sample(1_200, phase="L2"), sample(1_800, phase="L3")], id="by phase"),
        pytest.param([sample(1_000, phase="L1"), sample(4_000)], id="a total beside a phase"),
    ],
)
async def test_m4_energy_is_found_however_it_is_named(network, card, samples):
    async with Box(network.station()) as station:
        started = await station.start(card)
        await station.meter(started, value(-600, *samples))
        [session] = network.settled(1, state="running", energy_wh=3_000)
    assert session.end_register_wh == 4_000


async def test_m5_an_odd_unit_never_rejects_the_message(network, card):
    async with Box(network.station()) as station:
        started = await station.start(card)
        await station.meter(
            started,
            value(
                -600,
                sample(4_000),
                {"value": "49.98", "measurand": "Frequency", "unit": "Hz"},
                {"value": "7400", "measurand": "Power.Active.Import", "unit": "Wh"},
                {"value": "12", "measurand": "Current.Import", "unit": "furlongs"},
            ),
        )
        await station.meter(started, {"timestamp": moment(-500), "sampledValue": []})
        await station.meter(started)
        [session] = network.settled(1, state="running", energy_wh=3_000)
        network.folded()
    [reading] = network.readings(station.url)
    assert (reading.frequency_hz, reading.power_w, session.power_w) == (49.98, 7_400, 7_400)
    assert reading.more == {"Current.Import": {"value": "12", "unit": "furlongs"}}
    found = network.deviations(station.url)
    assert (found["power_in_energy_unit"], found["unit_unknown"]) == ("Wh", "furlongs")
    assert network.quarantined() == 0


async def test_m6_a_register_that_never_resets_begins_each_session_at_each_boot_or_each_time(network, card):
    async with Box(network.station()) as lifetime:
        for number in range(2):
            started = await lifetime.start(card, meter=9_000 + number * 1_000, at_s=-3_000 + number * 1_000)
            await lifetime.stop(started, meter=10_000 + number * 1_000, at_s=-2_500 + number * 1_000)
            network.settled(number + 1, state="ended", energy_wh=1_000)
    async with Box(network.station()) as per_session:
        for number in range(2):
            started = await per_session.start(card, meter=0, at_s=-3_000 + number * 1_000)
            await per_session.stop(started, meter=2_000, at_s=-2_500 + number * 1_000)
            network.settled(number + 1, state="ended", energy_wh=2_000)
    address = network.station()
    async with Box(address) as per_boot:
        started = await per_boot.start(card, meter=7_000)
        await per_boot.status("Charging", at_s=-1_799)
        await per_boot.meter(started, value(-1_200, sample(9_000)))
    async with Box(address) as per_boot:
        await per_boot.boot()
        await per_boot.status("Charging")
        await per_boot.meter(started, value(-900, sample(0)), value(-600, sample(500)))
        await per_boot.stop(started, meter=1_000)
    [session] = network.settled(1, state="ended", energy_wh=3_000)
    assert session.flags == ["register_reset"]
    assert [s.flags for s in network.sessions() if s.pk != session.pk] == [[]] * 4


async def test_m7_idle_time_is_never_negative_and_zero_values_count_once(network, card):
    async with Box(network.station()) as station:
        started = await station.start(card, at_s=-1_800)
        await station.status("Charging", at_s=-1_700)
        idle = value(-600, sample(4_000), {"value": "0", "measurand": "Power.Active.Import", "unit": "W"})
        for _ in range(3):
            await station.meter(started, idle)
        await station.stop(started, meter=4_000, at_s=-300)
        await station.status("Charging", at_s=-100)
        await station.status("SuspendedEV", at_s=-900)
        network.folded()
        [session] = network.settled(1, state="ended", suspended_car_s__range=(598, 602))
    assert (session.energy_wh, session.suspended_station_s, session.flags) == (3_000, 0, [])
    [reading] = network.readings(station.url)
    assert (reading.register_wh, reading.power_w) == (4_000, 0)


async def test_m8_history_replayed_months_late_is_stored_in_its_own_time_and_reopens_nothing(network, card):
    async with Box(network.station()) as station:
        started = await station.start(card, at_s=-100 * DAY_S)
        await station.stop(started, at_s=-100 * DAY_S + 3_600)
        [before] = network.settled(1, state="ended", energy_wh=5_000)
        await station.meter(
            started,
            value(-100 * DAY_S + 1_800, sample(3_000, context="Trigger")),
            value(-100 * DAY_S + 7_200, sample(9_000, context="Trigger")),
        )
        await station.meter(None, value(-100 * DAY_S + 9_000, sample(9_900, context="Trigger")))
        current = await station.start(card, meter=20_000, at_s=-60)
        network.settled(1, state="running")
        await station.stop(current, meter=21_000)
        network.settled(1, state="ended", energy_wh=1_000)
        network.folded()
    [after] = [session for session in network.sessions() if session.pk == before.pk]
    assert (after.state, after.energy_wh, after.ended_at) == ("ended", 5_000, before.ended_at)
    days = {(before.started_at - reading.at).days for reading in network.readings(station.url)}
    assert days == {-1}
    assert [reading.register_wh for reading in network.readings(station.url)] == [3_000, 9_000, 9_900]
