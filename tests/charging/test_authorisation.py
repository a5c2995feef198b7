"""Decisions from the tables, as the desk asks for them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from ohmstead.bus.messages import AuthoriseRequest
from ohmstead.kit.clock import FakeClock
from ohmstead.station.tokens import TokenKind, TokenVerdict

from .voices import NOON


@pytest.fixture
def ask(organisation, voice):
    from ohmstead.charging.authorisation import decide

    clock = FakeClock(NOON)

    def request(uid: str, purpose: str = "start", tx: str | None = None) -> AuthoriseRequest:
        return AuthoriseRequest(
            organisation_id=organisation.pk,
            station_id=voice.station_id,
            uid=uid,
            kind=TokenKind.RFID,
            purpose=purpose,
            transaction_id=tx,
        )

    def verdicts(*asked: tuple) -> list[TokenVerdict]:
        return [reply.verdict for reply in decide([request(*each) for each in asked], clock)]

    return verdicts


@pytest.fixture
def card(organisation):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import create_token

    return create_token(organisation, "CARD1", by=SYSTEM)


def test_f3_tags_compare_without_case(ask, card):
    assert ask(("card1",), ("CARD1 ",), ("other",)) == ["accepted", "accepted", "unknown"]


def test_t11_a_running_session_makes_a_second_start_concurrent(ask, card, voice, told):
    told(voice.start(0, 0, tx="1"))
    assert ask(("CARD1", "start", "2"), ("CARD1", "start", "1"), ("CARD1", "stop", "1")) == [
        "concurrent_tx",
        "accepted",
        "accepted",
    ]


def test_t9_a_stop_without_a_token_frees_the_card(ask, card, voice, told):
    told(voice.start(0, 0, tx="1"), voice.stop(5, 100, tx="1", token=None))
    assert ask(("CARD1", "start", "2")) == ["accepted"]


def test_t18_a_fault_does_not_lock_the_card(ask, card, voice, told):
    from ohmstead.network.models import Evse

    told(voice.start(0, 0), voice.meter(5, 700))
    plug = Evse.objects.create(station_id=voice.station_id, number=1, state="charging")
    assert ask(("CARD1", "start", "2")) == ["concurrent_tx"]
    plug.state = "faulted"
    plug.save()
    assert ask(("CARD1", "start", "2")) == ["accepted"]


def test_a_reboot_does_not_lock_the_card(ask, card, voice, told):
    from ohmstead.station.states import PlugState

    told(voice.start(0, 0), voice.meter(5, 700), voice.boot(6), voice.plug(6.1, PlugState.AVAILABLE))
    assert ask(("CARD1", "start", "2")) == ["accepted"]


def test_t16_a_card_that_expired_during_its_session_may_still_stop_it(ask, card, voice, told):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import set_validity

    told(voice.start(0, 0, tx="1"))
    set_validity(card, valid_from=None, valid_to=NOON - timedelta(minutes=1), by=SYSTEM)
    assert ask(("CARD1", "stop", "1"), ("CARD1", "start", "2")) == ["accepted", "expired"]


def test_another_organisations_token_is_unknown(ask, card, database):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.models import Organisation
    from ohmstead.drivers.actions import create_token

    create_token(Organisation.objects.create(slug="other", name="Other"), "CARD2", by=SYSTEM)
    assert ask(("CARD2",)) == ["unknown"]


def test_s2_a_batch_takes_as_many_statements_as_one_request(ask, card):
    one = statements(lambda: ask(("CARD1", "stop", "1")))
    many = statements(lambda: ask(*[(f"CARD{number}", "stop", str(number)) for number in range(200)]))
    assert one == many == 7


def statements(work):
    """Those that go through Django, and those prepared on its connection."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from ohmstead.charging.staging import rows

    prepared = "SELECT coalesce(sum(generic_plans + custom_plans), 0)::int FROM pg_prepared_statements"
    [(before,)] = rows(prepared, [])
    with CaptureQueriesContext(connection) as others:
        work()
    [(after,)] = rows(prepared, [])
    return len(others) + after - before


def ada(organisation, card, **limits):
    """A driver of the group Staff, who carries the card."""
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import give_token
    from ohmstead.drivers.people import Limits, create_driver, create_group, join_group

    driver = create_driver(organisation, "Ada", by=SYSTEM)
    firm = create_group(organisation, "Firm", by=SYSTEM, limits=Limits(**limits))
    join_group(create_group(organisation, "Staff", by=SYSTEM, parent=firm), driver, by=SYSTEM)
    give_token(card, driver=driver, by=SYSTEM)
    return driver


def test_limits_of_the_group_above_count_over_all_cards_of_a_driver(organisation, ask, card, voice, told):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import create_token

    driver = ada(organisation, card, energy_wh_per_month=Decimal(1000))
    create_token(organisation, "CARD2", by=SYSTEM, driver=driver)
    told(voice.start(-60, 0, tx="1"), voice.stop(-30, 900, tx="1"))
    assert ask(("CARD2",)) == ["accepted"]
    told(voice.start(-20, 900, tx="2"), voice.stop(-10, 1000, tx="2"))
    assert ask(("CARD1",), ("CARD2",)) == ["no_credit", "no_credit"]


def test_last_months_energy_does_not_count(organisation, ask, card, voice, told):
    ada(organisation, card, energy_wh_per_month=Decimal(1000))
    told(voice.start(-60 * 24 * 5, 0, tx="1"), voice.stop(-60 * 24 * 5 + 30, 5000, tx="1"))
    assert ask(("CARD1",)) == ["accepted"]


def test_a_fleets_card_without_a_driver_has_the_groups_limits(organisation, ask, card, voice, told):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import give_token
    from ohmstead.drivers.people import Limits, create_group

    fleet = create_group(organisation, "Vans", by=SYSTEM, limits=Limits(sessions_per_month=1))
    give_token(card, group=fleet, by=SYSTEM)
    assert ask(("CARD1",)) == ["accepted"]
    told(voice.start(-60, 0, tx="1"), voice.stop(-30, 900, tx="1"))
    assert ask(("CARD1",)) == ["no_credit"]


def test_a_private_site_is_for_its_groups(organisation, ask, card, voice):
    from ohmstead.drivers.models import Group

    site = put_at_a_site(organisation, voice)
    ada(organisation, card)
    create_group_for(organisation, site)
    assert ask(("CARD1",)) == ["not_at_this_location"]
    Group.objects.get(name="Firm").sites.add(site)
    assert ask(("CARD1",)) == ["accepted"]


def test_a_site_that_is_closed_or_private_says_so(organisation, ask, card, voice):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.cards import new_guest
    from ohmstead.network.rules import opening_text
    from ohmstead.network.rules.opening import Hours, Weekly

    site = put_at_a_site(organisation, voice)
    guest = new_guest(organisation, by=SYSTEM)
    site.visibility = "private"
    site.save()
    assert ask((guest.uid,), ("CARD1",)) == ["not_at_this_location", "accepted"]
    monday_morning = Hours(always=False, weekly=(Weekly(1, 6 * 60, 12 * 60),))  # NOON is a Monday's
    site.opening = opening_text.to_json(monday_morning)
    site.save()
    assert ask(("CARD1",)) == ["not_at_this_time"]


def test_everybody_charges_where_the_site_says_so(organisation, ask, voice):
    from ohmstead.charging.models import SiteRules

    SiteRules.objects.create(site=put_at_a_site(organisation, voice), free_vend=True)
    assert ask(("STRANGER",)) == ["accepted"]


def test_a_card_presented_too_often_waits_a_minute(organisation, ask, card, voice):
    from ohmstead.drivers.models import Sighting

    def seen(count, minute):
        Sighting.objects.update_or_create(
            organisation=organisation,
            canonical_uid="CARD1",
            station_id=voice.station_id,
            defaults={
                "minute_count": count,
                "minute_at": minute,
                "first_at": NOON,
                "last_at": NOON,
                "verdict": "accepted",
            },
        )

    seen(12, NOON)
    assert ask(("CARD1",)) == ["invalid"]
    seen(12, NOON - timedelta(minutes=1))
    assert ask(("CARD1",)) == ["accepted"]


def test_refusals_of_known_cards_are_kept_with_their_reason(organisation, ask, card):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.charging.models import TokenRefusal
    from ohmstead.drivers.actions import block_token

    block_token(card, by=SYSTEM, reason="lost on a train")
    ask(("CARD1",), ("STRANGER",))
    ask(("CARD1",))
    assert list(TokenRefusal.objects.values_list("canonical_uid", "code", "reason", "count")) == [
        ("CARD1", "blocked", "The token is blocked: lost on a train.", 2)
    ]


def test_partners_are_asked_for_tokens_we_do_not_know(organisation, voice, card):
    from ohmstead.charging.authorisation import decide
    from ohmstead.charging.rules.authorise_facts import RoamingAnswer

    asked = []

    def partners(owners):
        asked.extend(owners)
        return {owner: RoamingAnswer(True, "Best Roaming") for owner in owners if owner[1] == "THEIRS"}

    requests = [
        AuthoriseRequest(
            organisation_id=organisation.pk,
            station_id=voice.station_id,
            uid=uid,
            kind=TokenKind.RFID,
            purpose="start",
        )
        for uid in ("CARD1", "THEIRS", "NOBODYS")
    ]
    replies = decide(requests, FakeClock(NOON), partners)
    assert [reply.verdict for reply in replies] == ["accepted", "accepted", "unknown"]
    assert [uid for _, uid in asked] == ["THEIRS", "NOBODYS"]


def test_the_app_hears_the_same_and_also_that_a_station_is_away(organisation, card, voice):
    from ohmstead.charging.authorisation import may_start
    from ohmstead.network.models import Station

    station = Station.objects.get(pk=voice.station_id)
    assert may_start(card, station, 1, FakeClock(NOON)).code == "station_away"
    station.online = True
    station.save()
    assert may_start(card, station, 1, FakeClock(NOON)).code == "valid"


def test_s2_limits_and_groups_take_no_more_statements_for_many(organisation, ask, card):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import create_token

    driver = ada(organisation, card, energy_wh_per_month=Decimal(1000))
    for number in range(2, 40):
        create_token(organisation, f"CARD{number}", by=SYSTEM, driver=driver)
    one = statements(lambda: ask(("CARD1", "stop", "1")))
    many = statements(lambda: ask(*[(f"CARD{number}", "stop", str(number)) for number in range(1, 40)]))
    assert one == many == 8


def put_at_a_site(organisation, voice):
    from ohmstead.network.models import Site, Station

    site = Site.objects.create(organisation=organisation, name="Yard")
    Station.objects.filter(pk=voice.station_id).update(site=site)
    return site


def create_group_for(organisation, site):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.people import create_group

    return create_group(organisation, "Residents", by=SYSTEM, sites=[site])


def test_t11_a_card_that_starts_twice_before_anything_is_folded_starts_once(organisation, voice, card, told):
    from ohmstead.charging.authorisation import decide
    from ohmstead.charging.recent_starts import KEPT_FOR, RecentStarts

    clock, recent = FakeClock(NOON), RecentStarts()

    def start(tx: str, evse: int) -> str:
        request = AuthoriseRequest(
            organisation_id=organisation.pk, station_id=voice.station_id, uid="CARD1", kind=TokenKind.RFID,
            purpose="start", transaction_id=tx, evse=evse,
        )  # fmt: skip
        return decide([request], clock, recent=recent)[0].verdict

    assert start("1", evse=1) == "accepted"
    assert start("1", evse=1) == "accepted", "the same start, said again"
    assert start("2", evse=2) == "concurrent_tx"
    clock.advance(KEPT_FOR + timedelta(seconds=1))
    assert start("3", evse=2) == "accepted", "no session came of it"
    told(voice.start(0, 0, tx="3", evse=2), voice.stop(1, 100, tx="3"))
    assert start("4", evse=1) == "accepted", "its session is folded, and over"
