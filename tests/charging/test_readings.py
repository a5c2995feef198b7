"""What the meter said, and what is counted of it."""

from decimal import Decimal

from ohmstead.station.events import MeterSampled
from ohmstead.station.readings import ReadingContext
from ohmstead.station.states import StopReason

from .conftest import tell_batch
from .voices import minute, with_arrival_times


def readings():
    from ohmstead.charging.models import MeterReading

    return list(MeterReading.objects.order_by("at", "evse", "context"))


def test_m1_a_begin_of_zero_after_an_offline_start_does_not_bill_the_odometer(voice, told):
    [session] = told(
        voice.start(0, readings=(voice.reading(0, 0, ReadingContext.BEGIN),), offline=True),
        voice.update(4, readings=[voice.reading(4, 910_000)]),
        voice.stop(15, readings=(voice.reading(15, 910_083, ReadingContext.END),)),
    )
    assert (session.energy_wh, session.start_register_wh) == (83, 910_000)
    assert "begin_zero" in session.flags


def test_m1_nothing_is_billed_when_only_the_end_is_known(voice, told):
    [session] = told(voice.start(0, 0, offline=True), voice.stop(15, 910_083))
    assert session.energy_wh == 0
    assert {"begin_zero", "energy_unknown"} <= set(session.flags)


def test_m6_a_meter_that_begins_each_session_at_zero_is_believed(voice, told):
    [session] = told(voice.start(0, 0), voice.meter(30, 11_000), voice.stop(60, 22_000))
    assert (session.energy_wh, session.flags) == (22_000, [])


def test_m6_a_meter_that_restarts_with_the_station_counts_both_parts(voice, told):
    [session] = told(
        voice.start(0, 50_000),
        voice.meter(10, 58_000),
        voice.boot(11),
        voice.meter(12, 0),
        voice.meter(20, 5000),
        voice.stop(30, 9000),
    )
    assert (session.energy_wh, session.flags) == (17_000, ["register_reset"])


def test_a_register_that_rolls_over_goes_on_counting(voice, told):
    [session] = told(voice.start(0, 9_999_000), voice.meter(10, 9_999_900), voice.stop(20, 600))
    assert (session.energy_wh, session.flags) == (1600, ["register_rollover"])


def test_energy_that_goes_backwards_once_is_left_out(voice, told):
    [session] = told(
        voice.start(0, 50_000),
        voice.meter(5, 52_000),
        voice.meter(6, 40_000),
        voice.meter(7, 53_000),
        voice.stop(9, 54_000),
    )
    assert (session.energy_wh, session.flags) == (4000, ["energy_backwards"])


def test_an_impossible_value_is_flagged_and_never_billed(voice, told):
    [session] = told(
        voice.start(0, 50_000), voice.meter(5, 4_294_967_295), voice.meter(7, 53_000), voice.stop(9, 54_000)
    )
    assert (session.energy_wh, session.flags) == (4000, ["energy_impossible"])


def test_an_impossible_stop_is_not_billed(voice, told):
    [session] = told(voice.start(0, 50_000), voice.meter(5, 52_000), voice.stop(9, 0))
    assert (session.energy_wh, session.flags) == (2000, ["energy_backwards"])


def test_a_stop_cut_to_whole_units_is_no_step_back(voice, told):
    [session] = told(voice.start(0, 50_000), voice.meter(5, "52000.6"), voice.stop(5, 52_000))
    assert (session.energy_wh, session.flags) == (2000, [])


def test_billed_energy_never_exceeds_the_register_difference(voice, told):
    [session] = told(voice.start(0, 50_000), voice.meter(1, 50_010, power_w=400_000.0), voice.stop(60, 50_900))
    assert session.energy_wh == session.end_register_wh - session.start_register_wh == 900


def test_m2_clock_aligned_values_neither_reset_nor_corrupt_the_total(voice, told):
    [session] = told(
        voice.start(0, 1000),
        voice.meter(10, 2000),
        voice.meter(15, None, context=ReadingContext.CLOCK, voltage_l1_v=231.0),
        voice.meter(15, 2400, tx=None, context=ReadingContext.CLOCK),
        voice.meter(20, 3000),
    )
    assert (session.state, session.energy_wh, session.flags) == ("running", 2000, [])


def test_m2_a_reading_outside_a_transaction_is_kept_for_its_station(voice, told):
    assert told(voice.meter(10, 2000, tx=None)) == []
    [reading] = readings()
    assert (reading.station_id, reading.evse, reading.register_wh) == (voice.station_id, 1, 2000)


def test_m2_readings_without_a_transaction_are_linked_by_time(voice, told):
    from ohmstead.charging.queries import readings_of

    [session] = told(
        voice.meter(-5, 900, tx=None),
        voice.start(0, 1000),
        voice.meter(10, 2000, tx=None),
        voice.meter(10, 7000, tx=None, evse=2),
        voice.stop(20, 3000),
        voice.meter(25, 3000, tx=None),
    )
    assert [reading.at for reading in readings_of(session)] == [minute(10)]


def test_a_late_start_takes_the_unnamed_readings_that_are_its_own(voice, told):
    first, second = told(
        voice.start(0, 1000, tx="1"),
        voice.meter(5, 1500, tx="1"),
        voice.meter(10, 2000, tx=None),
        voice.meter(20, 4000, tx=None),
        voice.start(15, 3000, tx="2"),
    )
    assert (first.energy_wh, second.energy_wh) == (1000, 1000)


def test_m3_a_station_that_never_names_its_transaction_shows_energy_while_it_runs(voice, told):
    [session] = told(voice.start(0, 1000), *[voice.meter(at, 1000 + 100 * at, tx=None) for at in range(1, 10)])
    assert (session.state, session.energy_wh, session.last_event_at) == ("running", 900, minute(9))


def test_two_tellings_of_one_moment_complete_each_other(voice, told):
    told(
        voice.start(0, 0),
        voice.meter(5, 100),
        voice.meter(5, None, power_w=11_000.0),
        voice.meter(5, 100, power_w=11_000.0),
    )
    [reading] = readings()
    assert (reading.register_wh, reading.power_w) == (100, 11_000)


def test_two_tellings_in_one_batch_complete_each_other_too(voice, database):
    tell_batch([voice.start(0, 0), voice.meter(5, 100), voice.meter(5, None, power_w=11_000.0)])
    [reading] = readings()
    assert (reading.register_wh, reading.power_w) == (100, 11_000)


def test_m7_zero_values_are_not_doubled(voice, told):
    told(voice.start(0, 0), voice.meter(0, 0, power_w=0.0), voice.meter(0, 0, power_w=0.0))
    assert len(readings()) == 1


def test_m5_an_empty_list_of_samples_is_no_session(voice, told):
    assert told(voice.hears(minute(0), MeterSampled(evse=1, transaction_id="9", readings=()))) == []


def test_signed_values_are_kept_byte_exact(voice, told):
    signed = 'OCMF|{"FV":"1.0","RD":[{"RV":"1,5\\t\\\\ \\"x\\" {a,b}"}]}|{"SD":"30\n45"}'
    told(voice.start(0, 0), voice.meter(5, 100, signed=(signed, "second")))
    assert readings()[0].signed == [signed, "second"]


def test_other_measurands_are_kept_as_sent(voice, told):
    told(voice.start(0, 0), voice.meter(5, 100, more={"Odd\tname/L1@Inlet": "1\\2\n", "RPM": 3, "nul": "\x00"}))
    assert readings()[0].more == {"Odd\tname/L1@Inlet": "1\\2\n", "RPM": 3, "nul": ""}


def test_a_reading_no_meter_can_show_is_kept_without_it(voice, told):
    [session] = told(voice.start(0, 0), voice.meter(5, Decimal("1E+40")), voice.meter(6, 500))
    assert session.energy_wh == 500
    assert readings()[0].register_wh is None


def test_state_of_charge_is_the_first_and_the_last(voice, told):
    [session] = told(
        voice.start(0, 0),
        voice.meter(9, 500, soc_percent=80.0),
        voice.meter(1, 50, soc_percent=20.0),
        voice.stop(10, 600),
    )
    assert (session.soc_start_percent, session.soc_percent) == (20, 80)


def test_t18_a_stop_without_a_register_counts_up_to_the_last_reading_and_says_so(voice, told):
    [session] = told(voice.start(0, 100), voice.meter(10, 1100), voice.stop(12, reason=StopReason.POWER_LOSS))
    assert (session.energy_wh, session.ended_at, session.flags) == (1000, minute(12), ["end_unmetered"])


def test_a_last_reading_a_moment_before_the_stop_is_its_end(voice, told):
    [session] = told(voice.start(0, 100), voice.meter(11.5, 1100), voice.stop(12))
    assert (session.energy_wh, session.flags) == (1000, [])


def test_f1_a_backlog_without_a_clock_is_billed_though_it_arrives_in_one_moment(voice, told):
    [session] = told(
        with_arrival_times(voice.start(0, 1000)),
        with_arrival_times(voice.meter(0.001, 21_000)),
        with_arrival_times(voice.stop(0.002, 41_000)),
    )
    assert (session.energy_wh, session.flags) == (40_000, ["short"])


def test_f1_even_without_a_clock_an_odometer_is_not_billed(voice, told):
    [session] = told(with_arrival_times(voice.start(0, 0)), with_arrival_times(voice.stop(0.001, 910_083)))
    assert session.energy_wh == 0
    assert "begin_zero" in session.flags


def test_the_same_step_with_a_clock_is_impossible(voice, told):
    [session] = told(voice.start(0, 1000), voice.stop(0.001, 41_000))
    assert "energy_impossible" in session.flags


def test_readings_told_before_and_new_ones_in_one_batch_are_all_stored_once(voice, told):
    """New readings go straight into the table; one that stands there already leads the batch the longer way."""
    from ohmstead.charging.held import Held

    held = Held()
    tell_batch([voice.start(0, 1000), voice.meter(1, 1100), voice.meter(2, 1200)], held)
    assert held.repetitions == 0
    tell_batch([voice.meter(2, 1200, power_w=7_000.0), voice.meter(3, 1300)], held)
    assert held.repetitions > 0
    tell_batch([voice.meter(3, 1300), voice.meter(4, 1400)], held)
    assert [(each.at, each.register_wh) for each in readings()] == [(minute(n), 1000 + n * 100) for n in (1, 2, 3, 4)]
    assert [each.power_w for each in readings()] == [None, 7_000.0, None, None]
    [session] = told(voice.stop(5, 1500))
    assert (session.energy_wh, session.flags) == (500, [])


def test_of_a_long_night_the_readings_are_shown_thinner_from_the_first_to_the_last(voice, told):
    from ohmstead.charging.queries import readings_of, thinned

    [session] = told(voice.start(0, 0), *(voice.meter(each, each * 10) for each in (*range(9), *range(30, 33))))
    minutes = [reading.at for reading in readings_of(session)]
    assert len(minutes) == 12
    assert [each.at for each in thinned(readings_of(session), 12)] == minutes
    shown = [each.at for each in thinned(readings_of(session), 5)]
    assert shown == [minutes[each] for each in (0, 3, 6, 9, 11)]
    assert shown[3] - shown[2] >= minutes[9] - minutes[8], "the pause stays one"
