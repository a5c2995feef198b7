"""A certificate's way into use, and what stations say they trust."""

from datetime import timedelta

import pytest

from ohmstead.journal.entry import EntryKind
from ohmstead.network.rules.certificates import stage_of
from ohmstead.station.commands import CertificateId, CommandOutcome, DeleteCertificate, ListCertificates
from ohmstead.station.events import CertificateRequested, CommandAnswered
from tests.network.heard import NOON, heard, minutes
from tests.network.test_authority import signing_request
from tests.network.test_line import project

HASHES = {"hashAlgorithm": "SHA256", "issuerNameHash": "aa", "issuerKeyHash": "bb"}
LATER = NOON + timedelta(days=9)


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        pytest.param({}, "handed_out", id="given to a person"),
        pytest.param({"delivery": "sent"}, "on_its_way", id="on its way"),
        pytest.param({"delivery": "waiting"}, "on_its_way", id="the station is away"),
        pytest.param({"delivery": "accepted"}, "taken", id="taken"),
        pytest.param({"delivery": "rejected"}, "not_taken", id="refused"),
        pytest.param({"delivery": "timed_out"}, "not_taken", id="no answer"),
        pytest.param({"delivery": "timed_out", "used": True}, "in_use", id="no answer, and it came with it"),
        pytest.param({"used": True, "revoked": True}, "revoked", id="revoked"),
        pytest.param({"used": True, "not_after": NOON}, "expired", id="expired"),
    ],
)
def test_stage(facts, stage):
    new = {"not_after": LATER, "revoked": False, "used": False, "delivery": None, "now": NOON}
    assert stage_of(**{**new, **facts}) == stage


@pytest.fixture
def online(station, ca_folder):
    station.gateway, station.online, station.security_profile = "gw-1", True, 1
    station.save()
    return station


@pytest.fixture
def by(database):
    from ohmstead.access.actors import Actor

    return Actor.job("tests")


def life(station):
    from ohmstead.network import certificate_queries

    return certificate_queries.life(station)


def test_renewal_on_demand_from_the_request_to_the_first_connection(online, by):
    from ohmstead.network import certificate_actions, dispatch
    from tests.network.test_admission import admit, request

    row = certificate_actions.renew_certificate(online, by=by)
    dispatch.claim(NOON)
    dispatch.end({row.id: CommandOutcome(state="accepted")}, NOON)
    project(heard(online.id, CertificateRequested(csr_pem=signing_request("ST-1"))))
    (found,) = life(online).issued
    assert (found.stage, life(online).renewal) == ("on_its_way", row)
    dispatch.claim(NOON)
    dispatch.end({found.certificate.delivery_id: CommandOutcome(state="accepted")}, NOON)
    assert life(online).issued[0].stage == "taken"
    admit(request(profile=3, certificate_fingerprint=found.certificate.fingerprint, certificate_name="ST-1"))
    assert life(online).issued[0].stage == "in_use"


def test_a_refused_certificate_says_why(online, by):
    from ohmstead.network import dispatch

    project(heard(online.id, CertificateRequested(csr_pem=signing_request("ST-1"))))
    dispatch.claim(NOON)
    delivery = life(online).issued[0].certificate.delivery_id
    dispatch.end({delivery: CommandOutcome(state="rejected", reason="Rejected: no room")}, NOON)
    (found,) = life(online).issued
    assert (found.stage, found.reason) == ("not_taken", "Rejected: no room")


def ask(station, command, action, answer, *, at=NOON):
    from ohmstead.network import commands

    row = commands.queue(station.id, command, at=at)
    event = CommandAnswered(message_id=str(row.id), action=action, payload=answer)
    project(heard(station.id, event, kind=EntryKind.ANSWERED, at=at, frame=b"[3]"))


def trusted(station):
    from ohmstead.network import certificate_queries

    return [(each.kind, each.serial_number, each.place) for each in certificate_queries.installed(station)]


def listed(*serials):
    data = [{**HASHES, "serialNumber": each} for each in serials]
    return {"status": "Accepted", "certificateHashData": data} if data else {"status": "NotFound"}


def test_a_list_replaces_what_was_known_of_its_kind(online):
    what = "GetInstalledCertificateIds"
    ask(online, ListCertificates(kinds=("csms_root",)), what, listed("1", "2"))
    ask(online, ListCertificates(kinds=("manufacturer_root",)), what, listed("3"))
    ask(online, ListCertificates(kinds=("csms_root",)), what, listed("2"), at=minutes(1))
    assert trusted(online) == [("csms_root", "2", 0), ("manufacturer_root", "3", 0)]
    ask(online, ListCertificates(kinds=("csms_root",)), what, listed(), at=minutes(2))
    assert trusted(online) == [("manufacturer_root", "3", 0)]
    ask(online, ListCertificates(kinds=("manufacturer_root",)), what, {"status": "Nonsense"}, at=minutes(3))
    assert trusted(online) == [("manufacturer_root", "3", 0)]


def test_chains_of_ocpp_2_keep_their_order_and_nonsense_is_passed_over(online):
    leaf = {"certificateType": "V2GCertificateChain", "certificateHashData": {**HASHES, "serialNumber": "1"}}
    leaf["childCertificateHashData"] = [{**HASHES, "serialNumber": "2"}, {"serialNumber": "x"}]
    odd = [{"certificateType": "Other", "certificateHashData": {**HASHES, "serialNumber": "9"}}, 7, {}]
    answer = {"status": "Accepted", "certificateHashDataChain": [leaf, *odd]}
    ask(online, ListCertificates(), "GetInstalledCertificateIds", answer)
    assert trusted(online) == [("v2g_chain", "1", 0), ("v2g_chain", "2", 1)]


@pytest.mark.parametrize(
    ("status", "left"), [("Accepted", 0), ("NotFound", 0), ("Failed", 1)], ids=["deleted", "not there", "kept"]
)
def test_a_deleted_certificate_is_off_the_list(online, status, left):
    ask(online, ListCertificates(kinds=("csms_root",)), "GetInstalledCertificateIds", listed("1A"))
    named = CertificateId(hash_algorithm="SHA256", issuer_name_hash="AA", issuer_key_hash="BB", serial_number="1a")
    ask(online, DeleteCertificate(certificate=named), "DeleteCertificate", {"status": status}, at=minutes(1))
    assert len(trusted(online)) == left


def test_a_root_is_installed_and_the_list_read_again(online, ca_folder, by):
    from ohmstead.network import certificate_actions, certificates
    from ohmstead.network.errors import CommandRefused
    from ohmstead.network.models import Command

    certificates.authority()
    pem = (ca_folder / "root.pem").read_text()
    rows = certificate_actions.install_root(online, "csms_root", pem, by=by)
    assert [each.kind for each in rows] == ["InstallCertificate", "ListCertificates"]
    with pytest.raises(CommandRefused, match="no certificate in PEM"):
        certificate_actions.install_root(online, "csms_root", "-----BEGIN PRIVATE KEY-----", by=by)
    assert Command.objects.count() == 2
