"""What stations say of tokens becomes sightings, and alarms where something is wrong."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from ohmstead.journal.entry import Entry, EntryKind, shard_of
from ohmstead.journal.interpret import Heard
from ohmstead.station.events import TokenPresented
from ohmstead.station.tokens import PresentedToken, TokenVerdict
from ohmstead.wire.dialect import Dialect

NOON = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
_numbers = count(1)


def presented(station, minute, uid="CARD1", verdict=TokenVerdict.ACCEPTED):
    entry = Entry(
        stream=1,
        seq=next(_numbers),
        shard=shard_of(station.pk),
        station_id=station.pk,
        epoch=1,
        at=NOON + timedelta(minutes=minute),
        kind=EntryKind.RECEIVED,
        dialect=Dialect.V16,
        quirks=0,
        action=None,
        frame=b"",
        reply=None,
    )
    return Heard(entry, (TokenPresented(token=PresentedToken(uid), verdict=verdict),), ())


def tell(*heard):
    from django.db import transaction

    from ohmstead.drivers.projection import project

    with transaction.atomic():
        project(heard)


@pytest.fixture
def stations(organisation):
    from ohmstead.network.models import Site, Station

    berlin = Site.objects.create(organisation=organisation, name="Berlin", latitude=52.52, longitude=13.405)
    hamburg = Site.objects.create(organisation=organisation, name="Hamburg", latitude=53.551, longitude=9.993)
    return [
        Station.objects.create(organisation=organisation, identity=f"CS-{number}", site=site)
        for number, site in enumerate([berlin, hamburg, berlin])
    ]


def sightings():
    from ohmstead.drivers.models import Sighting

    return list(Sighting.objects.order_by("canonical_uid").values_list("canonical_uid", "count", "verdict"))


def alarms():
    from ohmstead.drivers.models import Alarm

    return list(Alarm.objects.values_list("kind", "canonical_uid", "count"))


def test_a_token_is_seen_once_per_station_and_counted(stations):
    here = stations[0]
    tell(presented(here, 0, "card1"), presented(here, 1, "CARD1"), presented(here, 2, "CARD2", TokenVerdict.UNKNOWN))
    assert sightings() == [("CARD1", 2, "accepted"), ("CARD2", 1, "unknown")]


def test_a_batch_told_twice_counts_once(stations):
    heard = [presented(stations[0], 0), presented(stations[0], 1)]
    tell(*heard)
    tell(*heard)
    assert sightings() == [("CARD1", 2, "accepted")]


@pytest.mark.parametrize(
    ("second", "minute", "raised"),
    [
        pytest.param(1, 10, [("two_places", "CARD1", 1)], id="250 km in ten minutes"),
        pytest.param(1, 180, [], id="250 km in three hours"),
        pytest.param(2, 1, [], id="another station of the site"),
    ],
)
def test_one_card_at_two_places(stations, second, minute, raised):
    tell(presented(stations[0], 0))
    tell(presented(stations[second], minute))
    assert alarms() == raised


def test_a_card_nobody_knows_may_be_anywhere(stations):
    for number in (0, 1):
        tell(presented(stations[number], number, verdict=TokenVerdict.UNKNOWN))
    assert alarms() == []


def test_presented_too_often_is_told_once_and_counted_on(stations):
    tell(*[presented(stations[0], number / 60) for number in range(13)])
    tell(presented(stations[0], 0.5))
    assert alarms() == [("too_often", "CARD1", 2)]


def test_the_same_number_of_times_over_an_hour_is_nothing(stations):
    for number in range(13):
        tell(presented(stations[0], number * 4))
    assert alarms() == []


def test_a_settled_alarm_comes_again_when_it_happens_again(stations, organisation):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.drivers.alarms import settle_alarm
    from ohmstead.drivers.queries import open_alarms

    tell(presented(stations[0], 0))
    tell(presented(stations[1], 1))
    settle_alarm(open_alarms(organisation).get(), by=SYSTEM)
    assert not open_alarms(organisation).exists()
    tell(presented(stations[0], 2))
    assert open_alarms(organisation).count() == 1


@pytest.mark.parametrize("uid", ["", " ", "\0", "X" * 300, "<script>", "'; DROP TABLE"])
def test_hostile_numbers_are_stored_bounded_or_not_at_all(stations, uid):
    tell(presented(stations[0], 0, uid, TokenVerdict.UNKNOWN))
    assert all(len(found[0]) <= 255 for found in sightings())


def test_a_batch_takes_a_constant_number_of_statements(stations):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as one:
        tell(presented(stations[0], 0))
    with CaptureQueriesContext(connection) as many:
        tell(*[presented(stations[0], 5, f"CARD{number}") for number in range(200)])
    assert len(one) == len(many)
