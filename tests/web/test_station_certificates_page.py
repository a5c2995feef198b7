"""The certificates of a station in the console: how far they came, what it trusts, and what can be done."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.doubles.contracts import Issued
from tests.web.little_network import command

PAGE = "/console/stations/HILL-1/certificates"


@pytest.fixture
def ca_folder(database, tmp_path):
    from django.test import override_settings

    with override_settings(OHMSTEAD_CA_FOLDER=tmp_path / "ca"):
        yield tmp_path / "ca"


def issued(station, *, days=200, number=1, **more):
    from ohmstead.network.models import Certificate

    now = datetime.now(UTC)
    return Certificate.objects.create(
        station=station, serial=f"ab{number}", fingerprint=f"{number:064x}", not_before=now - timedelta(days=1),
        not_after=now + timedelta(days=days, hours=1), **more,
    )  # fmt: skip


def installed(station, kind="csms_root", serial="77", place=0):
    from ohmstead.network.models import InstalledCertificate

    return InstalledCertificate.objects.create(
        station=station, kind=kind, hash_algorithm="SHA256", issuer_name_hash="aa", issuer_key_hash="bb",
        serial_number=serial, place=place, reported_at=datetime.now(UTC),
    )  # fmt: skip


def asked(station):
    from ohmstead.network.models import Command

    return [each.kind for each in Command.objects.filter(station=station).order_by("asked_at", "id")]


def delivery(station, state, **more):
    return command(station, "DeliverCertificate", {"chain_pem": "x"}, state=state, **more)


@pytest.mark.parametrize(
    ("state", "used", "words"),
    [
        pytest.param("waiting", False, ["On its way", "Requested", "Signed", "Used"], id="on its way"),
        pytest.param("accepted", False, ["Accepted, not used yet", "Requested", "Signed"], id="accepted"),
        pytest.param("accepted", True, ["In use", "Requested", "Signed", "Used"], id="used"),
        pytest.param("rejected", False, ["Not accepted", "Rejected", "No room left"], id="refused with the reason"),
    ],
)
def test_each_stage_is_told(operator, network, state, used, words):
    more = {"reason": "No room left"} if state == "rejected" else {}
    at = datetime.now(UTC) if used else None
    issued(network.free, delivery=delivery(network.free, state, **more), used_at=at)
    text = operator.get(PAGE).text
    assert [word for word in words if word not in text] == []
    assert ("Not accepted" in text) == (state == "rejected")


@pytest.mark.parametrize(
    ("days", "words"), [(200, "ends in 200 days"), (9, "Ends soon"), (-9, "ended 8 days ago"), (1, "ends in 1 day")]
)
def test_the_end_is_told_in_words(operator, network, days, words):
    issued(network.free, days=days, used_at=datetime.now(UTC))
    assert words in operator.get(PAGE).text


def test_next_renewal_and_how_the_last_one_went(operator, network):
    issued(network.free, used_at=datetime.now(UTC))
    wish = {"message": "SignChargingStationCertificate"}
    command(network.free, "TriggerMessage", wish, state="rejected", reason="Not now")
    text = operator.get(PAGE).text
    assert "Next renewal" in text
    assert "Last asked to renew" in text
    assert "Not now" in text


def test_a_refused_signing_request_is_told_until_one_is_signed(operator, network):
    from ohmstead.network.models import StationEvent

    why = {"reason": "The station has not been accepted yet."}
    StationEvent.objects.create(
        station=network.free, at=datetime.now(UTC) - timedelta(days=2), kind="certificate", title="x", detail=why
    )
    assert why["reason"] in operator.get(PAGE).text
    issued(network.free)
    assert why["reason"] not in operator.get(PAGE).text


def test_a_certificate_is_issued_and_its_key_shown_once(operator, network, ca_folder):
    made = operator.post(f"{PAGE}/issue")
    assert "BEGIN PRIVATE KEY" in made.text
    assert "no-store" in made.headers["Cache-Control"]
    shown = operator.get(PAGE).text
    assert "PRIVATE KEY" not in shown
    assert network.free.certificates.get().serial in shown


def test_renewal_is_asked_for(operator, network):
    assert "asked for a signing request" in operator.post(f"{PAGE}/renew", follow=True).text
    assert asked(network.free) == ["TriggerMessage"]


def test_a_renewal_waits_for_a_station_that_is_away(operator, network):
    operator.post("/console/stations/HILL-4/certificates/renew", {"wait": "24h"})
    assert network.silent.commands.get().expires_at is not None


def test_a_certificate_is_revoked_by_typing_the_identity(operator, network):
    certificate = issued(network.free, used_at=datetime.now(UTC))
    address = f"{PAGE}/{certificate.pk}/revoke"
    assert operator.post(address, {"typed": "HILL-2"}).status_code == 422
    certificate.refresh_from_db()
    assert certificate.revoked_at is None
    assert "is revoked" in operator.post(address, {"typed": "HILL-1"}, follow=True).text
    certificate.refresh_from_db()
    assert certificate.revoked_at is not None
    assert address not in operator.get(PAGE).text


def test_a_certificate_is_revoked_only_at_its_own_station(operator, network):
    certificate = issued(network.busy)
    assert operator.post(f"{PAGE}/{certificate.pk}/revoke", {"typed": "HILL-1"}).status_code == 404


def test_a_root_is_installed_and_the_list_read_again(operator, network):
    pem = Issued("Root").pem
    answer = operator.post(f"{PAGE}/install", {"kind": "v2g_root", "certificate_pem": pem})
    assert answer.status_code == 302
    assert asked(network.free) == ["InstallCertificate", "ListCertificates"]


@pytest.mark.parametrize(
    ("kind", "pem", "words"),
    [
        pytest.param("csms_root", "-----hello", "no certificate in PEM", id="no certificate"),
        pytest.param("friend", "-----hello", "Choose what the station trusts it for", id="no such kind"),
    ],
)
def test_what_cannot_be_installed_is_said_and_stays_in_the_form(operator, network, kind, pem, words):
    refused = operator.post(f"{PAGE}/install", {"kind": kind, "certificate_pem": pem})
    assert refused.status_code == 422
    assert words in refused.text
    assert pem in refused.text
    assert asked(network.free) == []


def test_trusted_ones_are_shown_by_kind_and_deleted_after_a_question(operator, network):
    root, leaf = installed(network.free), installed(network.free, "v2g_chain", "88")
    member = installed(network.free, "v2g_chain", "89", place=1)
    text = operator.get(PAGE).text
    assert text.index("Root of the network management") < text.index("Chain for Plug &amp; Charge")
    assert f"{leaf.pk}/delete" in text
    assert f"{member.pk}/delete" not in text
    address = f"{PAGE}/installed/{root.pk}/delete"
    assert "Delete a certificate from" in operator.get(address).text
    assert asked(network.free) == []
    assert operator.post(address).status_code == 302
    assert asked(network.free) == ["DeleteCertificate"]


def test_the_list_is_asked_for_anew(operator, network):
    assert operator.post(f"{PAGE}/list").status_code == 302
    assert asked(network.free) == ["ListCertificates"]


def test_who_may_not_configure_sees_and_changes_nothing(browser_of, network):
    certificate, root = issued(network.free), installed(network.free)
    looker = browser_of("support")
    text = looker.get(PAGE).text
    assert certificate.serial in text
    forms = ["issue", "renew", "install", "list", f"{certificate.pk}/revoke", f"installed/{root.pk}/delete"]
    assert [each for each in forms if f"certificates/{each}" in text] == []
    assert {looker.post(f"{PAGE}/{each}", {"typed": "HILL-1"}).status_code for each in forms} == {403}
    assert asked(network.free) == []
