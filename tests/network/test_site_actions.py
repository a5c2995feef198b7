"""Sites, and what a person may say of them."""

import pytest

NO_ZONE = "is no time zone; they are named like Europe/Berlin."
DEGREES = "This is a number of degrees from -90 to 90."
HALF = "A position needs both latitude and longitude."
SEA = "0, 0 lies in the sea; leave both empty if the position is not known."
PHONE = "A phone number is written with digits, such as +49 30 1234567."
NEVER = "Say when the site is open, or that it is open round the clock."
WEEK = {"weekly": [{"weekday": 1, "opens": "07:00", "closes": "22:00"}]}


@pytest.fixture
def by(database):
    from ohmstead.access.actors import Actor
    from ohmstead.access.models import User

    return Actor.of_user(User.objects.create_user("ann@hill.example", name="Ann"))


@pytest.fixture
def actions(database):
    from ohmstead.network import site_actions

    return site_actions


@pytest.fixture
def site(organisation, actions, by):
    return actions.create_site(organisation, by=by, name="Mall", city="Hilltop")


def newest_audit():
    from ohmstead.access.models import AuditEntry

    entry = AuditEntry.objects.order_by("at", "id").last()
    return entry.verb, entry.actor_name, entry.details


def test_a_site_is_created_with_all_that_is_known_of_it(organisation, actions, by):
    site = actions.create_site(
        organisation,
        by=by,
        name=" Mall  ",
        address="Ring 5",
        postal_code="10115",
        city="Hilltop",
        country="de",
        latitude=52.5,
        longitude=13.4,
        time_zone="Europe/Berlin",
        opening=WEEK,
        access_notes="Gate code at the desk.\nAsk for Ann.",
        help_phone="+49 30 1234567",
        visibility="private",
    )
    site.refresh_from_db()
    assert (site.name, site.country, site.hours_text) == ("Mall", "DE", "Mo 07:00-22:00")
    assert newest_audit()[:2] == ("site.created", "Ann")


@pytest.mark.parametrize(
    ("values", "field", "sentence"),
    [
        pytest.param({"name": " "}, "name", "A site needs a name.", id="no name"),
        pytest.param({"name": "x" * 121}, "name", "This is longer than 120 characters.", id="too long"),
        pytest.param({"name": "a\x00b"}, "name", "This holds a character that cannot be printed.", id="NUL"),
        pytest.param({"city": "a\nb"}, "city", "This holds a character that cannot be printed.", id="a line break"),
        pytest.param({"country": "XX"}, "country", "XX is no country code such as DE.", id="no country"),
        pytest.param({"time_zone": "Mars/Olympus"}, "time_zone", f"Mars/Olympus {NO_ZONE}", id="zone"),
        pytest.param({"latitude": 91, "longitude": 0}, "latitude", DEGREES, id="off the pole"),
        pytest.param({"latitude": "nan", "longitude": 0}, "latitude", DEGREES, id="no number"),
        pytest.param({"latitude": 52.5}, "longitude", HALF, id="half a position"),
        pytest.param({"latitude": 0, "longitude": 0}, "latitude", SEA, id="null island"),
        pytest.param({"help_phone": "call me"}, "help_phone", PHONE, id="phone"),
        pytest.param({"visibility": "secret"}, "visibility", "A site is public or private.", id="visibility"),
        pytest.param({"opening": {"always": False}}, "opening", NEVER, id="never open"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_changes_nothing(
    organisation, actions, by, values, field, sentence
):
    from ohmstead.network.errors import BadValues
    from ohmstead.network.models import Site

    with pytest.raises(BadValues) as refused:
        actions.create_site(organisation, by=by, **({"name": "Mall"} | values))
    assert {name: str(problem) for name, problem in refused.value.problems.items()} == {field: sentence}
    assert not Site.objects.exists()


def test_a_change_is_told_with_before_and_after_and_only_what_changed(site, actions, by):
    actions.update_site(site, by=by, name="Mall", city="Vale", opening=WEEK)
    verb, who, details = newest_audit()
    assert (verb, who) == ("site.changed", "Ann")
    assert details["before"] == {"city": "Hilltop", "opening": {}}
    assert details["after"]["city"] == "Vale"


def test_no_change_leaves_no_trace(site, actions, by):
    actions.update_site(site, by=by, name="Mall")
    assert newest_audit()[0] == "site.created"


def test_half_of_a_stored_position_may_be_corrected(site, actions, by):
    actions.update_site(site, by=by, latitude=52.5, longitude=13.4)
    actions.update_site(site, by=by, latitude=52.6)
    site.refresh_from_db()
    assert (site.latitude, site.longitude) == (52.6, 13.4)


def test_a_name_stands_once(site, organisation, actions, by):
    from ohmstead.network.errors import SiteExists

    with pytest.raises(SiteExists, match="There is a site named MALL already"):
        actions.create_site(organisation, by=by, name="MALL")
    other = actions.create_site(organisation, by=by, name="Quay")
    with pytest.raises(SiteExists):
        actions.update_site(other, by=by, name="mall")


def test_a_site_with_stations_stays(site, station, actions, by):
    from ohmstead.network.actions import move_station, remove_station
    from ohmstead.network.errors import SiteInUse

    move_station(station, site, by=by)
    with pytest.raises(SiteInUse, match="1 station stands at Mall"):
        actions.remove_site(site, by=by)
    remove_station(station, by=by)
    actions.remove_site(site, by=by)
    assert newest_audit()[0] == "site.removed"


def test_a_removed_site_is_brought_back_unless_its_name_is_taken(site, organisation, actions, by):
    from ohmstead.network import queries
    from ohmstead.network.errors import SiteExists

    actions.remove_site(site, by=by)
    assert list(queries.sites(organisation)) == []
    assert list(queries.removed_sites(organisation)) == [site]
    namesake = actions.create_site(organisation, by=by, name="Mall")
    with pytest.raises(SiteExists):
        actions.restore_site(site, by=by)
    actions.update_site(namesake, by=by, name="New mall")
    actions.restore_site(site, by=by)
    assert {each.name for each in queries.sites(organisation)} == {"Mall", "New mall"}
