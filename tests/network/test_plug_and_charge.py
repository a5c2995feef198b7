"""Against a real OCSP responder and a double of a contract pool on loopback sockets."""

import base64

import pytest
from cryptography.x509 import ocsp

from ohmstead.kit.http import GuardedClient
from ohmstead.network.plug_and_charge import (
    NoCertificateAnswer,
    NoContractPool,
    OpcpPool,
    answer,
    ocsp_answer,
)
from ohmstead.station.certificates import CertificateState, ContractQuestion
from tests.doubles.certificates import question, serving

CLIENT = GuardedClient(allow_private=True, timeout_s=2)
EXI = base64.b64encode(b"a car asks").decode()


@pytest.fixture(scope="module")
def peer():
    with serving() as url:
        yield url


def test_the_responders_answer_comes_back_byte_for_byte(peer):
    said = ocsp.load_der_ocsp_response(base64.b64decode(ocsp_answer(question(peer + "/ocsp"), CLIENT)))
    assert said.certificate_status is ocsp.OCSPCertStatus.GOOD


@pytest.mark.parametrize(
    ("path", "other", "sentence"),
    [
        pytest.param("/busy", {}, "TRY_LATER", id="responder too busy"),
        pytest.param("/nowhere", {}, "not OCSP", id="not a responder"),
        pytest.param("/ocsp", {"hash_algorithm": "MD5"}, "not a hash algorithm", id="unknown hash"),
        pytest.param("/ocsp", {"issuer_key_hash": "zz"}, "hashes or the serial", id="hash not hexadecimal"),
        pytest.param("/ocsp", {"serial_number": "-1"}, "hashes or the serial", id="serial not positive"),
    ],
)
def test_a_question_without_an_answer_says_why(peer, path, other, sentence):
    with pytest.raises(NoCertificateAnswer, match=sentence):
        ocsp_answer(question(peer + path, **other), CLIENT)


def test_a_station_cannot_send_us_to_a_private_address(peer):
    with pytest.raises(NoCertificateAnswer, match="private address"):
        ocsp_answer(question(peer + "/ocsp"), GuardedClient())


def test_the_pool_answers_with_the_cars_contract(peer):
    pool = OpcpPool(peer, "secret", CLIENT)
    assert pool.signed_contract_data(EXI, "urn:iso:15118:2:2013:MsgDef") == EXI[::-1]


@pytest.mark.parametrize(
    ("path", "bearer", "exi", "sentence"),
    [
        pytest.param("", "wrong", EXI, "status 401", id="not let in"),
        pytest.param("/none", "secret", EXI, "knows no contract", id="no contract"),
        pytest.param("/odd", "secret", EXI, "could not be read", id="not JSON"),
        pytest.param("", "secret", "***", "not base64", id="request not base64"),
    ],
)
def test_a_pool_without_an_answer_says_why(peer, path, bearer, exi, sentence):
    with pytest.raises(NoCertificateAnswer, match=sentence):
        OpcpPool(peer + path, bearer, CLIENT).signed_contract_data(exi, "urn:iso:15118:2:2013:MsgDef")


def test_without_a_pool_the_station_is_told_so():
    with pytest.raises(NoCertificateAnswer, match="No contract certificate pool"):
        NoContractPool().signed_contract_data(EXI, "urn:iso:15118:2:2013:MsgDef")


def test_one_revoked_certificate_makes_the_chain_revoked(peer):
    chain = (question(peer + "/ocsp"), question(peer + "/revoked"))
    assert answer(chain, None, client=CLIENT, pool=NoContractPool()).state is CertificateState.REVOKED
    assert answer(chain[:1], None, client=CLIENT, pool=NoContractPool()).state is CertificateState.GOOD


def test_a_responder_without_an_answer_leaves_the_chain_unanswered(peer):
    said = answer((question(peer + "/busy"),), None, client=CLIENT, pool=NoContractPool())
    assert (said.state, said.data) == (CertificateState.UNANSWERED, None)
    assert "TRY_LATER" in said.note


def test_a_contract_is_asked_of_the_pool(peer):
    contract = ContractQuestion(exi_request=EXI, schema_version="urn:iso:15118:2:2013:MsgDef")
    said = answer((), contract, client=CLIENT, pool=OpcpPool(peer, "secret", CLIENT))
    assert (said.data, said.note, said.state) == (EXI[::-1], None, None)
