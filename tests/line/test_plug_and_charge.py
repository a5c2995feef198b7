"""What a car asks through its station about certificates, from the socket to the responder and back."""

import base64
import secrets

import pytest
from cryptography.x509 import ocsp

from tests.doubles import contracts
from tests.doubles.certificates import TOLD, question, serving
from tests.line.conftest import empty
from tests.line.scripted import Scripted
from tests.line.system import System, until

EXI = base64.b64encode(b"a car asks").decode()
DIALECTS = ["ocpp2.0.1", "ocpp2.1"]


@pytest.fixture(scope="module")
def peer():
    with serving() as url:
        yield url


@pytest.fixture(scope="module")
def system(database_url, nats_server, tmp_path_factory, peer):
    system = System(tmp_path_factory.mktemp("system"), database_url, nats_server.url)
    system.settings["OHMSTEAD_ALLOW_PRIVATE_ADDRESSES"] = "1"
    system.settings["OHMSTEAD_CONTRACT_POOL_URL"] = peer
    system.settings["OHMSTEAD_CONTRACT_POOL_TOKEN"] = "secret"
    try:
        system.start("desk", "gateway", "worker")
        yield system
    finally:
        system.stop()
        empty(database_url)


def asked(url):
    about = question(url)
    return {
        "hashAlgorithm": about.hash_algorithm,
        "issuerNameHash": about.issuer_name_hash,
        "issuerKeyHash": about.issuer_key_hash,
        "serialNumber": about.serial_number,
        "responderURL": about.responder_url,
    }


@pytest.mark.parametrize("dialect", DIALECTS)
async def test_tc_m_24_certificate_status(network, peer, dialect):
    async with Scripted(network.station(), dialect) as station:
        answer = await station.call("GetCertificateStatus", {"ocspRequestData": asked(peer + "/ocsp")})
    assert answer["status"] == "Accepted"
    said = ocsp.load_der_ocsp_response(base64.b64decode(answer["ocspResult"]))
    assert said.certificate_status is ocsp.OCSPCertStatus.GOOD


async def test_a_responder_without_an_answer_is_told_in_words(network, peer):
    async with Scripted(network.station(), "ocpp2.0.1") as station:
        answer = await station.call("GetCertificateStatus", {"ocspRequestData": asked(peer + "/busy")})
    assert answer["status"] == "Failed"
    assert "TRY_LATER" in answer["statusInfo"]["additionalInfo"]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("action", [pytest.param("Install", id="tc_m_26 install"), "Update"])
async def test_tc_m_28_contract_for_the_car(network, dialect, action):
    payload = {"iso15118SchemaVersion": "urn:iso:15118:2:2013:MsgDef", "action": action, "exiRequest": EXI}
    async with Scripted(network.station(), dialect) as station:
        answer = await station.call("Get15118EVCertificate", payload)
    assert (answer["status"], answer["exiResponse"]) == ("Accepted", EXI[::-1])


@pytest.mark.parametrize(
    ("path", "verdict", "certificate"),
    [
        pytest.param("/ocsp", "Accepted", "Accepted", id="tc_c_50 a valid contract"),
        pytest.param("/revoked", "Invalid", "CertificateRevoked", id="tc_c_51 a revoked contract"),
        pytest.param("/busy", "Accepted", "NoCertificateAvailable", id="a responder that does not answer"),
    ],
)
async def test_authorise_with_a_contract(network, peer, path, verdict, certificate):
    contract = network.card(f"DE8AA{secrets.token_hex(4).upper()}", kind="emaid")
    payload = {"idToken": {"idToken": contract, "type": "eMAID"}, "iso15118CertificateHashData": [asked(peer + path)]}
    async with Scripted(network.station(), "ocpp2.0.1") as station:
        answer = await station.call("Authorize", payload)
    assert answer["idTokenInfo"]["status"] == verdict
    assert answer["certificateStatus"] == certificate


@pytest.fixture
def authority(network):
    """A mobility operator whose root the organisation trusts."""
    from ohmstead.access.actors import SYSTEM
    from ohmstead.network.contract_root_actions import trust_root

    root = contracts.Issued("MO Root")
    trust_root(network.organisation, root.pem, by=SYSTEM)
    return contracts.Issued("MO Sub 1", root)


async def authorise(network, dialect, contract, chain):
    payload = {"idToken": {"idToken": contract, "type": "eMAID"}, "certificate": chain}
    async with Scripted(network.station(), dialect) as station:
        answer = await station.call("Authorize", payload)
    return answer["idTokenInfo"]["status"], answer["certificateStatus"]


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    ("revoked", "expected"),
    [
        pytest.param(False, ("Accepted", "Accepted"), id="tc_c_52 good"),
        pytest.param(True, ("Invalid", "CertificateRevoked"), id="revoked"),
    ],
)
async def test_a_contract_is_checked_up_to_a_trusted_root(network, peer, authority, dialect, revoked, expected):
    contract = network.card(f"DE8AA{secrets.token_hex(4).upper()}C", kind="emaid")
    leaf = contracts.Issued(contract, authority, authority=False, responder=peer + "/told")
    TOLD[leaf.certificate.serial_number] = contracts.told(leaf, authority, authority, revoked=revoked)
    assert await authorise(network, dialect, contract, leaf.pem + authority.pem) == expected


async def test_a_contract_of_nobody_we_trust_is_refused_and_the_operator_reads_why(network, authority):
    contract = network.card(f"DE8AA{secrets.token_hex(4).upper()}C", kind="emaid")
    strange = contracts.Issued("Strange Root")
    leaf = contracts.Issued(contract, strange, authority=False)
    assert await authorise(network, "ocpp2.0.1", contract, leaf.pem) == ("Invalid", "CertChainError")
    until(lambda: "no trusted root is named Strange Root" in network.refusal_of(contract))
