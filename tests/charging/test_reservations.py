"""Plugs promised: by the rules, never twice, kept by the station or by our answers, and given up in time."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from ohmstead.bus.messages import AuthoriseRequest
from ohmstead.kit.clock import FakeClock
from ohmstead.station.commands import CommandOutcome
from ohmstead.station.tokens import TokenKind

from .voices import NOON, Voice, minute


def actor():
    from ohmstead.access.actors import SYSTEM

    return SYSTEM


@pytest.fixture
def site(organisation):
    from ohmstead.network.models import Site

    return Site.objects.create(organisation=organisation, name="Yard")


@pytest.fixture
def plug(organisation, site):
    """The nth plug of the yard's only station; made when first asked for."""
    from ohmstead.network.models import Connector, Evse, Station

    station = Station.objects.create(
        organisation=organisation,
        site=site,
        identity="CS-9",
        admission="accepted",
        online=True,
        gateway="gw-1",
        dialect="ocpp1.6",
    )

    def nth(number=1, state="available", standard="IEC_62196_T2"):
        evse, new = Evse.objects.get_or_create(station=station, number=number, defaults={"state": state})
        if new:
            Connector.objects.create(evse=evse, number=1, standard=standard)
        return evse

    return nth


@pytest.fixture
def card(organisation):
    """A new driver's card."""
    from ohmstead.drivers.actions import create_token
    from ohmstead.drivers.people import create_driver

    def new(uid, **fields):
        return create_token(
            organisation, uid, by=actor(), driver=create_driver(organisation, uid, by=actor()), **fields
        )

    return new


def reserve(plug, token, begins=0, ends=30, now=0):
    from ohmstead.charging.reservations import reserve_plug

    return reserve_plug(plug, token, minute(begins), minute(ends), now=minute(now), by=actor())


def commands(kind):
    from ohmstead.network.models import Command

    return [row.command for row in Command.objects.filter(kind=kind).order_by("id")]


def verdict(plug, uid, at=0, purpose="start"):
    from ohmstead.charging.authorisation import decide

    request = AuthoriseRequest(
        organisation_id=plug.station.organisation_id,
        station_id=plug.station_id,
        uid=uid,
        kind=TokenKind.RFID,
        purpose=purpose,
        evse=plug.number,
    )
    return decide([request], FakeClock(minute(at)))[0].verdict


def state_of(reservation):
    reservation.refresh_from_db()
    return reservation.state


def keep(at):
    from ohmstead.charging.reservation_upkeep import keep_promises

    return keep_promises(minute(at))


class TestBooking:
    def test_a_plug_booked_now_is_said_to_the_station(self, plug, card):
        reservation = reserve(plug(), card("ADAS"))
        assert reservation.state == "held"
        (sent,) = commands("ReserveEvse")
        assert (sent["reservation_id"], sent["token"]["uid"], sent["evse"]) == (reservation.number, "ADAS", 1)

    def test_two_spans_of_one_plug_may_touch_but_not_overlap(self, plug, card):
        from ohmstead.charging.rules.reservations import ReservationRefused

        reserve(plug(), card("ADAS"), 60, 90)
        reserve(plug(), card("BENS"), 90, 120)
        with pytest.raises(ReservationRefused, match="promised to someone else"):
            reserve(plug(), card("CARLS"), 80, 100)
        reserve(plug(2), card("DORAS"), 80, 100)

    def test_200_drivers_at_once_get_one_promise(self, plug, card, organisation):
        from django.db import connections

        from ohmstead.charging.models import Reservation
        from ohmstead.charging.rules.reservations import ReservationRefused

        evse, cards = plug(), [card(f"CARD{number}") for number in range(200)]

        def attempt(token):
            try:
                reserve(evse, token, 60, 90)
            except ReservationRefused as refused:
                return str(refused)
            else:
                return "booked"
            finally:
                connections.close_all()

        with ThreadPoolExecutor(16) as threads:
            said = list(threads.map(attempt, cards))
        assert said.count("booked") == 1
        assert set(said) == {"booked", "This plug is promised to someone else at that time."}
        assert Reservation.objects.count() == 1

    def test_any_plug_of_a_kind_is_one_that_is_free(self, plug, card, site):
        from ohmstead.charging.reservations import reserve_any
        from ohmstead.charging.rules.reservations import ReservationRefused

        plug(1)
        plug(2, state="occupied", standard="IEC_62196_T2_COMBO")
        plug(3, standard="IEC_62196_T2_COMBO")

        def fast(uid):
            return reserve_any(site, "dc", card(uid), NOON, minute(30), now=NOON, by=actor()).evse.number

        assert fast("ADAS") == 3
        with pytest.raises(ReservationRefused, match="No plug of that kind"):
            fast("BENS")

    def test_one_driver_has_one_promise_with_all_cards(self, plug, card, organisation):
        from ohmstead.charging.rules.reservations import ReservationRefused
        from ohmstead.drivers.actions import create_token

        first = card("ADAS")
        second = create_token(organisation, "ADAS2", by=actor(), driver=first.driver)
        reserve(plug(), first)
        with pytest.raises(ReservationRefused, match="a reservation already"):
            reserve(plug(2), second)

    @pytest.mark.parametrize("wrong", ["blocked", "no driver", "another organisation's"])
    def test_who_cannot_charge_cannot_reserve(self, plug, card, organisation, wrong):
        from ohmstead.access.models import Organisation
        from ohmstead.charging.models import Reservation
        from ohmstead.charging.rules.reservations import ReservationRefused

        token = card("ADAS")
        if wrong == "blocked":
            token.status = "blocked"
        elif wrong == "no driver":
            token.driver = None
        else:
            token.organisation = Organisation.objects.create(slug="else", name="Else")
        with pytest.raises(ReservationRefused):
            reserve(plug(), token)
        assert not Reservation.objects.exists()

    def test_the_operators_rules_and_fees_are_the_sites(self, plug, card, site):
        from ohmstead.charging.models import SiteRules
        from ohmstead.charging.rules.reservations import ReservationRefused

        SiteRules.objects.create(site=site, may_reserve="members", reservation_fee="1.50", no_show_fee="5")
        token = card("ADAS")
        with pytest.raises(ReservationRefused, match="Only members"):
            reserve(plug(), token)
        join_staff(token.driver, site)
        reservation = reserve(plug(), token)
        reservation.refresh_from_db()
        assert (str(reservation.fee), str(reservation.no_show_fee), reservation.currency) == ("1.50", "5.00", "EUR")


class TestKeeping:
    def test_others_are_refused_and_the_drivers_cards_are_not(self, plug, card, organisation):
        from ohmstead.drivers.actions import create_token

        mine = card("ADAS", parent_uid="FAMILY")
        create_token(organisation, "ADAS2", by=actor(), driver=mine.driver)
        card("BENS")
        card("COUSINS", parent_uid="FAMILY")
        reserve(plug(), mine, 60, 90)
        assert verdict(plug(), "BENS", at=45) == "accepted"
        assert [verdict(plug(), uid, at=55) for uid in ("BENS", "ADAS", "ADAS2", "COUSINS")] == [
            "not_at_this_time",
            "accepted",
            "accepted",
            "accepted",
        ]
        assert verdict(plug(2), "BENS", at=65) == "accepted"

    def test_a_booking_ahead_is_said_to_the_station_when_it_begins(self, plug, card):
        reservation = reserve(plug(), card("ADAS"), 60, 90)
        keep(55)
        assert (state_of(reservation), commands("ReserveEvse")) == ("booked", [])
        keep(60)
        assert state_of(reservation) == "held"
        assert len(commands("ReserveEvse")) == 1

    @pytest.mark.parametrize(
        ("outcome", "keeper"),
        [
            (CommandOutcome(state="accepted"), "station"),
            (CommandOutcome(state="rejected", reason="Occupied"), "decision"),
        ],
    )
    def test_who_keeps_it_is_known(self, plug, card, outcome, keeper):
        from django.db import transaction

        from ohmstead.network import commands as rows

        reservation = reserve(plug(), card("ADAS"))
        with transaction.atomic():
            rows.settle({reservation.command_id: outcome}, minute(1))
        keep(1)
        reservation.refresh_from_db()
        assert reservation.enforced_by == keeper
        card("BENS")
        assert verdict(plug(), "BENS", at=2) == "not_at_this_time"

    def test_any_plug_moves_to_a_free_one_when_its_own_is_taken(self, plug, card, site):
        from ohmstead.charging.reservations import reserve_any

        first = plug(1)
        reservation = reserve_any(site, "any", card("ADAS"), minute(60), minute(90), now=NOON, by=actor())
        assert reservation.evse == first
        first.state = "charging"
        first.save()
        second = plug(2)
        keep(60)
        reservation.refresh_from_db()
        assert reservation.evse == second
        assert commands("ReserveEvse")[0]["evse"] == 2

    def test_a_charge_honours_it(self, plug, card, told):
        reservation = reserve(plug(), card("ADAS"))
        told(Voice(plug().station_id).start(3, 0, token="ADAS"))
        keep(4)
        assert state_of(reservation) == "honoured"
        assert reservation.session.token_uid == "ADAS"
        assert commands("CancelReservation") == []

    def test_anothers_charge_does_not(self, plug, card, told):
        reservation = reserve(plug(), card("ADAS"))
        told(Voice(plug().station_id).start(3, 0, token="BENS"))
        keep(4)
        assert state_of(reservation) == "held"

    def test_nobody_came(self, plug, card):
        reservation = reserve(plug(), card("ADAS"), 0, 60)
        keep(14)
        assert state_of(reservation) == "held"
        keep(15)
        assert state_of(reservation) == "no_show"
        card("BENS")
        assert verdict(plug(), "BENS", at=16) == "accepted"
        assert len(commands("CancelReservation")) == 1
        reserve(plug(), card("CARLS"), 16, 40, now=16)

    def test_cancelling_frees_the_plug_and_is_said_twice_without_harm(self, plug, card):
        from ohmstead.charging.reservations import cancel_reservation

        reservation = reserve(plug(), card("ADAS"))
        for _ in range(2):
            cancel_reservation(reservation, now=minute(5), by=actor(), reason="plans changed")
        assert state_of(reservation) == "cancelled"
        assert len(commands("CancelReservation")) == 1
        reserve(plug(), card("BENS"), 5, 30, now=5)


class TestWaitlist:
    def test_one_waits_only_where_no_plug_is_free(self, plug, card, site):
        from ohmstead.charging.rules.reservations import ReservationRefused

        plug()
        with pytest.raises(ReservationRefused, match="just plug in"):
            queue(site, card("ADAS"))

    def test_place_and_estimate(self, plug, card, site):
        from ohmstead.charging.waitlist import place_of

        plug(state="charging")
        first, second = queue(site, card("ADAS")), queue(site, card("BENS"), at=1)
        places = [place_of(wait, minute(2)) for wait in (first, second)]
        assert [place.position for place in places] == [1, 2]
        assert places[0].estimated < places[1].estimated

    def test_nobody_waits_twice(self, plug, card, site):
        from ohmstead.charging.rules.reservations import ReservationRefused

        plug(state="charging")
        token = card("ADAS")
        queue(site, token)
        with pytest.raises(ReservationRefused, match="already"):
            queue(site, token)

    def test_a_free_plug_is_offered_held_and_accepted(self, plug, card, site):
        from ohmstead.charging.waitlist import accept

        first, second = full_site(plug, card, site)
        assert offer(12) == 1
        assert (wait_state(first), wait_state(second)) == ("offered", "waiting")
        assert first.offer_until == minute(17)
        assert verdict(plug(), "BENS", at=13) == "not_at_this_time"
        reservation = accept(first, now=minute(14), by=actor())
        keep(20)
        assert state_of(reservation) == "held"
        assert wait_state(first) == "accepted"

    def test_snoozed_the_next_one_is_asked_and_then_the_first_again(self, plug, card, site):
        from ohmstead.charging.waitlist import leave, snooze

        first, second = full_site(plug, card, site)
        offer(12)
        wait_state(first)
        snooze(first, now=minute(13), by=actor())
        offer(13)
        assert (wait_state(first), wait_state(second)) == ("waiting", "offered")
        leave(second, now=minute(14), by=actor())
        assert offer(15) == 0
        assert offer(23) == 1
        assert (wait_state(first), wait_state(second)) == ("offered", "passed")

    def test_an_offer_nobody_answers_goes_to_the_next(self, plug, card, site):
        from ohmstead.charging.rules.reservations import ReservationRefused
        from ohmstead.charging.waitlist import accept

        first, second = full_site(plug, card, site)
        offer(12)
        offer(17)
        assert (wait_state(first), wait_state(second)) == ("expired", "offered")
        with pytest.raises(ReservationRefused, match="over"):
            accept(first, now=minute(18), by=actor())

    def test_who_plugs_in_has_answered(self, plug, card, site, told):
        first, _ = full_site(plug, card, site)
        offer(12)
        told(Voice(plug().station_id).start(13, 0, token="ADAS"))
        keep(14)
        offer(17)
        assert wait_state(first) == "accepted"


def queue(site, token, at=0):
    from ohmstead.charging.waitlist import join

    return join(site, token, now=minute(at), by=actor())


def full_site(plug, card, site):
    """Two drivers in the queue of the only plug, which becomes free."""
    busy = plug(state="charging")
    waits = queue(site, card("ADAS")), queue(site, card("BENS"), at=1)
    assert offer(2) == 0
    busy.state = "available"
    busy.save()
    return waits


def offer(at):
    from ohmstead.charging.waitlist import offer_plugs

    return offer_plugs(minute(at))


def wait_state(wait):
    wait.refresh_from_db()
    return wait.state


def join_staff(driver, site):
    from ohmstead.drivers.people import create_group, join_group

    join_group(create_group(driver.organisation, "Staff", by=actor(), sites=[site]), driver, by=actor())
