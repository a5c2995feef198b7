"""Each rule by which what was said becomes a session."""

from decimal import Decimal

from ohmstead.station.readings import ReadingContext
from ohmstead.station.states import ChargingState


def test_start_meter_stop_gives_the_register_difference(voice, told):
    [session] = told(voice.start(0, 100_000), voice.meter(10, 101_500, power_w=11_000.0), voice.stop(60, 107_250))
    assert session.state == "ended"
    assert session.energy_wh == Decimal(7250)
    assert (session.start_register_wh, session.end_register_wh) == (100_000, 107_250)
    assert session.token_uid == "CARD1"
    assert session.flags == []


def test_a_transaction_of_ocpp_2_ends_with_the_energy_of_its_readings(voice, told):
    [session] = told(
        voice.start(0, readings=(voice.reading(0, 5000, ReadingContext.BEGIN),), seq_no=0),
        voice.update(5, state=ChargingState.CHARGING, readings=[voice.reading(5, 6000)], seq_no=1),
        voice.stop(9, readings=(voice.reading(9, 6400, ReadingContext.END),), seq_no=2),
    )
    assert (session.state, session.energy_wh, session.flags) == ("ended", 1400, [])


def test_a_running_session_shows_its_energy_and_power(voice, told):
    [session] = told(voice.start(0, 0), voice.meter(1, 150, power_w=9000.0), voice.meter(2, 300, power_w=8000.0))
    assert (session.state, session.energy_wh) == ("running", 300)
    assert (session.power_w, session.max_power_w) == (8000, 9000)
