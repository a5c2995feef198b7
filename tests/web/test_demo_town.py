"""The demo: a town of sixty stations with a month behind it."""

from datetime import UTC, datetime, timedelta

import pytest

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def town(database):
    from ohmstead.run.demo import seeding

    seeding.seed()
    return seeding


@pytest.fixture
def small_town(town):
    from ohmstead.simulator.scenario import load

    return load("town").only(6)


def test_six_sites_and_sixty_stations_as_the_simulator_plays_them(town):
    from ohmstead.network.models import Site, Station
    from ohmstead.simulator.scenario import load

    assert Site.objects.count() == 6
    assert set(Site.objects.values_list("city", flat=True)) == {"Ampersham"}
    played = {planned.identity for planned in load("town").stations}
    assert set(Station.objects.values_list("identity", flat=True)) == played
    assert len(played) == 60


def test_stations_with_a_password_have_the_one_the_simulator_uses(town):
    from django.conf import settings

    from ohmstead.network.models import Station
    from ohmstead.simulator.scenario import load
    from ohmstead.station.passwords import password_hash

    guarded = {planned.identity: planned.password for planned in load("town").stations if planned.password}
    assert guarded
    for station in Station.objects.filter(identity__in=guarded):
        assert station.password_hash == password_hash(settings.SECRET_KEY, guarded[station.identity])
        assert station.security_profile == 1


def test_every_token_the_towns_drivers_present_is_known(town):
    from random import Random

    from ohmstead.drivers.models import Token
    from ohmstead.simulator.drivers import HABITS, visits
    from ohmstead.simulator.scenario import load

    known = set(Token.objects.values_list("canonical_uid", flat=True))
    for kind in HABITS:
        coming = visits(Random(kind), kind, load("town").cards, NOW, dc=kind == "hub")
        presented = {next(coming).token.canonical_uid for _ in range(300)}
        assert presented <= known


def test_seeding_again_changes_nothing(town):
    from ohmstead.access.models import Organisation, User
    from ohmstead.drivers.models import Token
    from ohmstead.network.models import Connector, Evse, Station

    def counted():
        return [model.objects.count() for model in (Organisation, User, Token, Station, Evse, Connector)]

    before = counted()
    town.seed()
    assert counted() == before


def test_a_reset_forgets_the_history_too(town, small_town):
    from ohmstead.charging.models import MeterReading, Session

    town.seed_history(NOW, days=3, scenario=small_town)
    assert MeterReading.objects.exists()
    town.seed(reset=True)
    assert not MeterReading.objects.exists()
    assert not Session.objects.exists()


def test_the_history_is_written_once(town, small_town):
    assert town.seed_history(NOW, days=5, scenario=small_town) > 0
    assert town.seed_history(NOW, days=5, scenario=small_town) == 0


def test_a_past_session_tells_when_its_car_was_full(town, small_town):
    from ohmstead.charging.models import Mark, Session

    town.seed_history(NOW, days=5, scenario=small_town)
    full = set(Session.objects.filter(suspended_car_s__gt=0).values_list("pk", flat=True))
    assert full
    assert set(Mark.objects.filter(state="suspended_car").values_list("session_id", flat=True)) >= full


def test_the_history_is_plausible(town, small_town):
    from django.db.models import F

    from ohmstead.charging.models import MeterReading, Session
    from ohmstead.network.models import Evse

    town.seed_history(NOW, days=10, scenario=small_town)
    sessions = Session.objects.all()
    assert sessions.count() > 50
    assert not sessions.exclude(state="ended").exists()
    assert not sessions.filter(ended_at__gt=NOW).exists()
    assert not sessions.exclude(energy_wh=F("end_register_wh") - F("start_register_wh")).exists()
    for evse in Evse.objects.filter(station__in=sessions.values("station")):
        assert not sessions.filter(station=evse.station, max_power_w__gt=evse.max_power_w * 1.01).exists()
    assert sessions.filter(energy_wh__gt=5_000).count() > sessions.count() / 2
    assert sessions.filter(token=None).count() == 0
    assert MeterReading.objects.count() > sessions.count() * 3


def test_sessions_of_one_plug_never_overlap_and_its_register_never_falls(town, small_town):
    from ohmstead.charging.models import Session

    town.seed_history(NOW, days=10, scenario=small_town)
    last = {}
    for each in Session.objects.order_by("station", "evse", "started_at"):
        before = last.get((each.station_id, each.evse))
        if before:
            assert each.started_at >= before.ended_at
            assert each.start_register_wh >= before.end_register_wh
        last[each.station_id, each.evse] = each
    assert NOW - min(each.started_at for each in Session.objects.all()) < timedelta(days=10, hours=1)
