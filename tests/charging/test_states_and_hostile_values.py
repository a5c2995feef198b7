"""Who held a session back, and what no station can mean."""

from decimal import Decimal

import pytest

from ohmstead.station.states import ChargingState, PlugState


class TestSuspended:
    def test_time_held_back_by_the_car_and_by_the_station_is_told_apart(self, voice, told):
        [session] = told(
            voice.start(0, 0),
            voice.plug(0, PlugState.CHARGING),
            voice.plug(10, PlugState.SUSPENDED_STATION),
            voice.plug(13, PlugState.CHARGING),
            voice.plug(20, PlugState.SUSPENDED_CAR),
            voice.stop(30, 5000),
            voice.plug(30, PlugState.FINISHING),
            voice.plug(90, PlugState.AVAILABLE),
        )
        assert (session.suspended_station_s, session.suspended_car_s) == (180, 600)

    def test_ocpp_2_tells_it_by_its_charging_state(self, voice, told):
        [session] = told(
            voice.start(0, charging_state=ChargingState.CHARGING),
            voice.update(10, state=ChargingState.SUSPENDED_CAR),
            voice.update(20, state=ChargingState.SUSPENDED_CAR),
            voice.update(25, state=ChargingState.CHARGING),
            voice.stop(30),
        )
        assert session.suspended_car_s == 900

    def test_m7_a_state_that_arrives_late_is_no_negative_time(self, voice, told):
        [session] = told(
            voice.start(0, 0),
            voice.stop(30, 5000),
            voice.plug(40, PlugState.CHARGING),
            voice.plug(20, PlugState.SUSPENDED_CAR),
        )
        assert session.suspended_car_s == 600

    def test_e5_a_pause_by_load_management_is_never_the_cars(self, voice, told):
        [session] = told(voice.start(0, 0), voice.plug(1, PlugState.SUSPENDED_STATION), voice.stop(61, 0))
        assert (session.suspended_car_s, session.suspended_station_s) == (0, 3600)

    def test_states_of_a_running_session_that_arrive_out_of_order(self, voice, told):
        [session] = told(
            voice.start(0, charging_state=ChargingState.CHARGING),
            voice.update(20, state=ChargingState.CHARGING),
            voice.update(30, state=ChargingState.CHARGING),
            voice.update(10, state=ChargingState.SUSPENDED_CAR),
        )
        assert (session.state, session.suspended_car_s) == ("running", 600)

    @pytest.mark.parametrize("newest_first", [False, True])
    def test_of_states_told_in_the_same_second_the_highest_number_is_the_newest(self, voice, told, newest_first):
        story = [
            voice.start(0, charging_state=ChargingState.CONNECTED, seq_no=0),
            voice.update(0, state=ChargingState.CHARGING, seq_no=1),
        ]
        [session] = told(*(reversed(story) if newest_first else story))
        assert session.charging_state == "charging"
        [session] = told(
            voice.update(0, state=ChargingState.SUSPENDED_CAR, seq_no=2),
            voice.update(0, state=ChargingState.CHARGING, seq_no=3),
        )
        assert session.charging_state == "charging"


class TestHostileValues:
    """Whatever a station sends, one message never stalls the others."""

    def test_numbers_no_plug_can_have_are_not_believed(self, voice, told):
        [session] = told(
            voice.start(0, 0, evse=2**40, connector=-7, remote_start_id=2**70),
            voice.plug(1, PlugState.CHARGING, evse=2**40),
            voice.meter(2, 100, evse=2**40),
            voice.stop(3, 200, evse=-1),
        )
        assert (session.evse, session.connector, session.remote_start_id) == (None, None, None)
        assert session.energy_wh == 200

    def test_ids_and_tokens_that_are_too_long_are_cut(self, voice, told):
        [session] = told(
            voice.start(0, 0, tx="x\x00" * 100, token="y\x00\t" * 300), voice.stop(3, 200, tx="x\x00" * 100)
        )
        assert (session.transaction_id, session.state) == ("x" * 64, "ended")
        assert len(session.token_uid) <= 255

    @pytest.mark.parametrize("year", [1, 9999])
    def test_times_at_the_edge_of_the_calendar_are_stored(self, voice, told, year):
        from datetime import UTC, datetime

        from ohmstead.station.events import MeterSampled
        from ohmstead.station.readings import Reading

        at = datetime(year, 6, 1, tzinfo=UTC)
        readings = (Reading(at, register_wh=Decimal(5)),)
        [session] = told(
            voice.start(0, 0), voice.hears(at, MeterSampled(evse=1, transaction_id="1", readings=readings))
        )
        assert session.state == "running"
