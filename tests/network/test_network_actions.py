import pytest

from ohmstead.station.commands import ChangePassword, RawCommand, ResetStation, SetSetting, WriteVariables
from ohmstead.station.commands.settings import AttributeValue


@pytest.fixture
def by(database):
    from ohmstead.access.actors import Actor
    from ohmstead.access.models import User

    return Actor.of_user(User.objects.create_user("ann@hill.example", name="Ann"))


@pytest.fixture
def actions(database):
    from ohmstead.network import actions

    return actions


@pytest.fixture
def command_actions(database):
    from ohmstead.network import command_actions

    return command_actions


@pytest.fixture
def certificate_actions(database):
    from ohmstead.network import certificate_actions

    return certificate_actions


def audit():
    from ohmstead.access.models import AuditEntry

    return list(AuditEntry.objects.order_by("at", "id").values_list("verb", "actor_name"))


def announced():
    from ohmstead.network.models import Announcement

    return list(Announcement.objects.order_by("id").values_list("admission", "close"))


def test_a_new_station_is_accepted_and_audited(organisation, actions, by):
    from ohmstead.network.site_actions import create_site

    site = create_site(organisation, by=by, name="Mall", city="Hill")
    station = actions.create_station(organisation, "ST-9", by=by, site=site, security_profile=1)
    assert (station.admission, station.site, station.security_profile) == ("accepted", site, 1)
    assert audit() == [("site.created", "Ann"), ("station.created", "Ann")]


def test_adding_a_station_twice_is_explained(station, actions, by):
    from ohmstead.network.errors import StationExists

    with pytest.raises(StationExists, match="Hill Energy already has a station st-1"):
        actions.create_station(station.organisation, "st-1", by=by)
    assert audit() == []


@pytest.mark.parametrize("identity", ["", "a b", "x" * 49, "a/b"])
def test_an_impossible_identity_is_explained(organisation, actions, by, identity):
    from ohmstead.station.identity import InvalidIdentity

    with pytest.raises(InvalidIdentity, match="is not a station identity"):
        actions.create_station(organisation, identity, by=by)


def test_accepting_tells_the_gateways_once(station, actions, by):
    station.admission = "pending"
    station.save()
    actions.accept_station(station, by=by)
    actions.accept_station(station, by=by)
    station.refresh_from_db()
    assert station.admission == "accepted"
    assert announced() == [("accepted", "")]
    assert audit() == [("station.accepted", "Ann")]


def test_refusing_closes_the_open_connection(station, actions, by):
    actions.refuse_station(station, by=by, reason="Stolen")
    assert announced() == [("refused", "The operator refused this station.")]
    assert audit() == [("station.refused", "Ann")]


def test_a_password_is_shown_once_and_stored_as_a_keyed_hash(station, actions, by):
    from django.conf import settings

    from ohmstead.station.passwords import password_hash

    secret = actions.set_password(station, by=by)
    station.refresh_from_db()
    assert len(secret) == 32
    assert secret not in station.password_hash
    assert station.password_hash == password_hash(settings.SECRET_KEY, secret)
    assert station.security_profile == 1


@pytest.mark.parametrize("password", ["short", "x" * 41, "ä" * 20, "tab\tin the middle"])
def test_a_password_nobody_can_type_is_refused(station, actions, by, password):
    from ohmstead.network.errors import BadPassword

    with pytest.raises(BadPassword, match="16 to 40 characters"):
        actions.set_password(station, by=by, password=password)


def test_a_new_password_ends_the_complaint_about_the_old_one(station, actions, by):
    from ohmstead.network.models import Refusal
    from tests.network.test_admission import admit, request

    actions.set_password(station, by=by)
    admit(request("st-1", profile=1, password_hash="0" * 64))
    assert Refusal.objects.get().code == "password_wrong"
    actions.set_password(station, by=by)
    assert not Refusal.objects.exists()


def test_a_certificate_can_be_issued_and_revoked(station, certificate_actions, by, ca_folder):
    from ohmstead.network.models import Certificate
    from tests.network.test_admission import admit, request

    issued = certificate_actions.issue_certificate(station, by=by)
    shows = request(profile=3, certificate_name="ST-1", certificate_fingerprint=issued.fingerprint)
    assert admit(shows)[0].http_status == 101
    certificate_actions.revoke_certificate(Certificate.objects.get(), by=by, reason="Key lost")
    assert announced() == [("accepted", "The certificate was revoked.")]
    assert "was revoked" in admit(shows)[0].reason
    assert audit() == [("certificate.issued", "Ann"), ("certificate.revoked", "Ann")]


def test_a_question_to_a_station_is_a_row_with_a_name(station, command_actions, by):
    row = command_actions.ask_station(station, ResetStation(immediate=True), by=by)
    row.refresh_from_db()
    assert (row.kind, row.state, row.asked_by.name) == ("ResetStation", "queued", "Ann")
    assert row.command == {"type": "ResetStation", "immediate": True}
    assert audit() == [("station.asked", "Ann")]


@pytest.mark.parametrize(
    "command",
    [
        ChangePassword(password="a-password-of-mine"),
        SetSetting(name="AuthorizationKey", value="a-password-of-mine"),
        SetSetting(name="SecurityCtrlr.BasicAuthPassword", value="a-password-of-mine"),
        SetSetting(name="SecurityCtrlr[1].BasicAuthPassword", value="a-password-of-mine"),
    ],
)
def test_a_password_under_any_name_does_not_lock_the_station_out(station, command_actions, by, command):
    from django.conf import settings

    from ohmstead.station.passwords import password_hash

    row = command_actions.ask_station(station, command, by=by)
    station.refresh_from_db()
    assert row.kind == "ChangePassword"
    assert station.next_password_hash == password_hash(settings.SECRET_KEY, "a-password-of-mine")


def test_a_password_among_other_things_is_refused(station, command_actions, by):
    from ohmstead.network.errors import CommandRefused

    payload = {"key": "AuthorizationKey", "value": "x" * 20}
    with pytest.raises(CommandRefused, match="with its own command"):
        command_actions.ask_station(station, RawCommand(action="ChangeConfiguration", payload=payload), by=by)
    several = (
        AttributeValue(name="OCPPCommCtrlr.HeartbeatInterval", value="300"),
        AttributeValue(name="SecurityCtrlr.BasicAuthPassword", value="x" * 20),
    )
    with pytest.raises(CommandRefused, match="with its own command"):
        command_actions.ask_station(station, WriteVariables(values=several), by=by)
    heartbeat = {"key": "HeartbeatInterval", "value": "300"}
    assert command_actions.ask_station(station, RawCommand(action="ChangeConfiguration", payload=heartbeat), by=by)
