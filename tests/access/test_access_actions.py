import pytest


@pytest.fixture
def actions(database):
    from ohmstead.access import actions

    return actions


@pytest.fixture
def by(database):
    from ohmstead.access.actors import SYSTEM

    return SYSTEM


def verbs():
    from ohmstead.access.models import AuditEntry

    return list(AuditEntry.objects.order_by("at", "id").values_list("verb", flat=True))


def test_an_organisation_gets_people(actions, by):
    from ohmstead.access.models import Role

    hill = actions.create_organisation("hill", "Hill Energy", by=by)
    ann = actions.create_user(" Ann@Hill.example ", "a long phrase nobody guesses", by=by, name="Ann")
    member = actions.add_member(hill, ann, Role.OPERATOR, by=by)
    assert (ann.email, ann.check_password("a long phrase nobody guesses")) == ("ann@hill.example", True)
    assert str(member) == "Ann in Hill Energy: operator"
    assert actions.add_member(hill, ann, Role.OWNER, by=by).pk == member.pk
    assert verbs() == ["organisation.created", "user.created", "member.added", "member.added"]


@pytest.mark.parametrize("slug", ["", "has space", "hill", "x" * 41])
def test_a_short_name_must_fit_into_an_address_and_be_free(actions, by, slug):
    from ohmstead.access.errors import BadOrganisation

    actions.create_organisation("hill", "Hill Energy", by=by)
    with pytest.raises(BadOrganisation):
        actions.create_organisation(slug, "Other", by=by)
    assert verbs() == ["organisation.created"]


def test_an_address_has_one_account(actions, by):
    from ohmstead.access.errors import UserExists

    actions.create_user("ann@hill.example", None, by=by)
    with pytest.raises(UserExists, match="has an account already"):
        actions.create_user("ANN@hill.example", None, by=by)
    assert verbs() == ["user.created"]


def test_unknown_stations_can_be_turned_away(actions, by):
    from ohmstead.access.models import AuditEntry, UnknownStations

    hill = actions.create_organisation("hill", "Hill Energy", by=by)
    actions.set_unknown_stations(hill, UnknownStations.REFUSE, by=by)
    hill.refresh_from_db()
    assert hill.unknown_stations == "refuse"
    assert AuditEntry.objects.get(verb="organisation.unknown_stations_set").details == {
        "before": "hold",
        "after": "refuse",
    }
