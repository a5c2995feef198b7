"""The operator's rule for stations that cannot ask, carried to their own settings."""

import pytest

from ohmstead.charging.rules.site_rules import offline_settings


@pytest.fixture
def site(organisation):
    from ohmstead.network.models import Site

    return Site.objects.create(organisation=organisation, name="Yard")


@pytest.fixture
def station(organisation, site):
    from ohmstead.network.models import Station

    def made(identity, **fields):
        about = {"admission": "accepted", "online": True, "dialect": "ocpp1.6", "site": site} | fields
        return Station.objects.create(organisation=organisation, identity=identity, **about)

    return made


def say(site, **rules):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.charging.site_rules import set_rules

    return set_rules(site, rules, by=SYSTEM)


def asked():
    from ohmstead.charging.site_rules import keep_offline_rules

    return keep_offline_rules()


def wanted(station):
    return dict(station.desired_values.values_list("name", "value"))


@pytest.mark.parametrize("dialect", ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"])
@pytest.mark.parametrize("policy", ["listed", "everyone", "nobody"])
def test_each_station_is_asked_once_for_what_the_rule_means(site, station, dialect, policy):
    found = station("CS-1", dialect=dialect)
    say(site, offline="nobody" if policy == "listed" else "listed")
    say(site, offline=policy)
    assert (asked(), asked()) == (1, 0)
    assert wanted(found) == offline_settings(policy, dialect)
    assert found.commands.count() == (2 if dialect == "ocpp1.6" else 1)


def test_a_station_that_told_its_settings_is_asked_for_those_it_has(site, station):
    from django.utils import timezone

    from ohmstead.network.models import Variable

    found = station("CS-1")
    Variable.objects.create(station=found, name="LocalAuthorizeOffline", value="true", reported_at=timezone.now())
    say(site, offline="everyone")
    asked()
    assert wanted(found) == {"LocalAuthorizeOffline": "true"}


@pytest.mark.parametrize(
    "fields", [{"online": False}, {"site": None}, {"admission": "pending"}, {"dialect": ""}], ids=str
)
def test_who_is_not_there_or_stands_elsewhere_is_not_asked(site, station, fields):
    station("CS-1", **fields)
    say(site, offline="everyone")
    assert asked() == 0


def test_without_a_word_of_the_operator_nothing_is_asked(site, station):
    station("CS-1")
    assert asked() == 0
