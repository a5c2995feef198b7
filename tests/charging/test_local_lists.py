"""Lists kept at stations, with the answers stations give."""

from datetime import timedelta

import pytest

from ohmstead.station.commands import CommandOutcome

from .voices import NOON

ACCEPTED = CommandOutcome(state="accepted", reason="Accepted", payload={"status": "Accepted"})


@pytest.fixture
def station(organisation):
    from ohmstead.network.models import Site, Station

    site = Site.objects.create(organisation=organisation, name="Yard")
    return Station.objects.create(
        organisation=organisation,
        site=site,
        identity="CS-1",
        admission="accepted",
        online=True,
        gateway="gw-1",
        dialect="ocpp1.6",
    )


@pytest.fixture
def at(database):
    """Rounds of the job, one after the other or hours apart."""
    from ohmstead.charging.local_lists import keep_in_step

    return lambda minutes: keep_in_step(moment(minutes))


def moment(minutes):
    """Changes carry the time of this machine, so rounds that are not hours apart are now."""
    from django.utils import timezone

    return timezone.now() + timedelta(minutes=minutes if minutes >= 60 else 0)


def cards(organisation, *uids, **fields):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import create_token

    return [create_token(organisation, uid, by=SYSTEM, **fields) for uid in uids]


def sent(station):
    """The open commands, as (kind, what they carry)."""
    from ohmstead.network.models import Command

    rows = Command.objects.filter(station=station, state="queued").order_by("id")
    return [
        (row.kind, [each["token"]["uid"] for each in row.command.get("tokens", ())], row.command.get("replace", True))
        for row in rows
    ]


def answer(station, outcome=ACCEPTED):
    from django.db import transaction

    from ohmstead.network import commands
    from ohmstead.network.models import Command

    with transaction.atomic():
        ids = Command.objects.filter(station=station, state="queued").values_list("pk", flat=True)
        commands.settle(dict.fromkeys(ids, outcome), moment(0))


def reports(station, **values):
    from ohmstead.network.models import Variable

    for name, value in values.items():
        Variable.objects.create(station=station, name=name, value=value, reported_at=NOON)


def kept(station):
    from ohmstead.charging.models import LocalList

    found = LocalList.objects.get(station=station)
    return found.state, found.version, found.size


def test_a_list_is_sent_whole_and_then_by_difference(organisation, station, at):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.actions import block_token

    first, _ = cards(organisation, "CARD1", "CARD2")
    at(1)
    assert sent(station) == [("SendTokenList", ["CARD1", "CARD2"], True)]
    answer(station)
    at(2)
    assert kept(station) == ("in_sync", 1, 2)
    block_token(first, by=SYSTEM, reason="lost")
    at(3)
    assert sent(station) == [("SendTokenList", ["CARD1"], False)]
    answer(station)
    at(4)
    assert kept(station) == ("in_sync", 2, 1)


def test_nothing_is_sent_while_nothing_changes(organisation, station, at):
    cards(organisation, "CARD1")
    at(1)
    answer(station)
    at(2)
    at(3)
    assert sent(station) == []


def test_a_list_keeps_to_what_the_station_reported(organisation, station, at):
    from ohmstead.charging.models import LocalList

    reports(station, LocalAuthListMaxLength="3", SendLocalListMaxLength="2")
    cards(organisation, "CARD1", "CARD2", "CARD3", "CARD4")
    at(1)
    assert [(len(tokens), replaces) for _, tokens, replaces in sent(station)] == [(2, True), (1, False)]
    assert LocalList.objects.get().left_out


def test_who_comes_often_is_on_a_short_list_in_the_stations_spelling(organisation, station, at):
    from ohmstead.drivers.models import Sighting

    reports(station, LocalAuthListMaxLength="1")
    cards(organisation, "04A2", "CARD2")
    Sighting.objects.create(
        organisation=organisation,
        canonical_uid="04A2",
        uid="04:a2",
        station=station,
        verdict="accepted",
        first_at=NOON,
        last_at=NOON,
        minute_at=NOON,
    )
    at(1)
    assert sent(station) == [("SendTokenList", ["04:a2"], True)]


def test_only_those_who_may_charge_there_are_listed(organisation, station, at):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.people import create_driver, create_group, join_group
    from ohmstead.station.tokens import TokenKind

    ada = create_driver(organisation, "Ada", by=SYSTEM)
    firm = create_group(organisation, "Firm", by=SYSTEM, sites=[station.site])
    join_group(create_group(organisation, "Staff", by=SYSTEM, parent=firm), ada, by=SYSTEM)
    cards(organisation, "ADAS", driver=ada)
    cards(organisation, "FLEETS", group=firm)
    cards(organisation, "NOBODYS", "TOO-LONG-FOR-OCPP-1.6-CARDS")
    cards(organisation, "", kind=TokenKind.APP, driver=ada)
    cards(organisation, "OLD", driver=ada, valid_to=NOON - timedelta(days=400))
    at(1)
    assert sent(station) == [("SendTokenList", ["ADAS", "FLEETS"], True)]


def test_a_group_that_opens_another_site_changes_the_lists(organisation, station, at):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.models import GroupKind
    from ohmstead.drivers.people import Limits, change_group, create_group

    firm = create_group(organisation, "Firm", by=SYSTEM)
    cards(organisation, "FLEETS", group=firm)
    cards(organisation, "NOBODYS")
    at(1)
    answer(station)
    at(2)
    change_group(firm, by=SYSTEM, name="Firm", kind=GroupKind.FLEET, parent=None, limits=Limits(), sites=[station.site])
    at(3)
    assert sent(station) == [("SendTokenList", ["NOBODYS"], False)]


def test_a_site_where_nobody_charges_offline_has_an_empty_list(organisation, station, at):
    from ohmstead.charging.models import SiteRules

    SiteRules.objects.create(site=station.site, offline="nobody")
    cards(organisation, "CARD1")
    at(1)
    assert sent(station) == [("SendTokenList", [], True)]


def test_a_station_that_lost_count_gets_everything_again(organisation, station, at):
    cards(organisation, "CARD1")
    at(1)
    answer(station)
    at(2)
    at(60 * 25)
    assert sent(station) == [("GetTokenListVersion", [], True)]
    answer(station, CommandOutcome(state="accepted", payload={"listVersion": 0}))
    at(60 * 25 + 1)
    assert sent(station) == [("SendTokenList", ["CARD1"], True)]
    answer(station)
    at(60 * 25 + 2)
    assert kept(station)[0] == "in_sync"


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        pytest.param(CommandOutcome(state="rejected", reason="NotSupported"), "off", id="1.6 without lists"),
        pytest.param(CommandOutcome(state="failed", reason="NotImplemented: no"), "off", id="2.x without lists"),
        pytest.param(CommandOutcome(state="rejected", reason="Failed"), "pending", id="tried again"),
        pytest.param(CommandOutcome(state="rejected", reason="VersionMismatch"), "pending", id="lost count"),
        pytest.param(CommandOutcome(state="timed_out", reason="No answer."), "pending", id="silent"),
    ],
)
def test_a_list_that_is_not_taken(organisation, station, at, outcome, state):
    cards(organisation, "CARD1")
    at(1)
    answer(station, outcome)
    at(2)
    assert kept(station)[0] == state
    expected = [("SendTokenList", ["CARD1"], True)] if state == "pending" else []
    assert sent(station) == expected


def test_after_three_failures_it_waits_for_hours(organisation, station, at):
    cards(organisation, "CARD1")
    for minute in (1, 2, 3):
        at(minute)
        answer(station, CommandOutcome(state="rejected", reason="Failed"))
    at(4)
    assert kept(station)[0] == "failed"
    assert sent(station) == []
    at(60 * 7)
    assert sent(station) == [("SendTokenList", ["CARD1"], True)]


def test_an_offline_station_is_left_alone(organisation, station, at):
    cards(organisation, "CARD1")
    station.online = False
    station.save()
    assert at(1) == 0
    assert sent(station) == []
