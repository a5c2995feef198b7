"""A real OCSP responder and a double of a contract pool on loopback sockets."""

import base64
import datetime
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

from ohmstead.kit.http import GuardedClient
from ohmstead.network.plug_and_charge import (
    NoCertificateAnswer,
    NoContractPool,
    OpcpPool,
    answer,
    ocsp_answer,
)
from ohmstead.station.certificates import CertificateState, ContractQuestion, OcspQuestion

CLIENT = GuardedClient(allow_private=True, timeout_s=2)
NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
EXI = base64.b64encode(b"a car asks").decode()


REVOKED_AT = datetime.datetime(2026, 11, 2, tzinfo=datetime.UTC)


def certificate(name, issuer=None, issuer_key=None):
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW)
        .not_valid_after(NOW + datetime.timedelta(days=400))
        .sign(issuer_key or key, hashes.SHA256())
    )
    return built, key


ROOT, ROOT_KEY = certificate("Test root")
LEAF, _ = certificate("DE8AA1A2B3C4D5", ROOT, ROOT_KEY)


class Peer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer = self.answer(body)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer)

    def answer(self, body):
        match self.path:
            case "/ocsp" | "/revoked":
                asked = ocsp.load_der_ocsp_request(body)
                assert asked.serial_number == LEAF.serial_number
                good = self.path == "/ocsp"
                status = ocsp.OCSPCertStatus.GOOD if good else ocsp.OCSPCertStatus.REVOKED
                builder = ocsp.OCSPResponseBuilder().add_response(
                    LEAF, ROOT, hashes.SHA256(), status, NOW, None, None if good else REVOKED_AT, None
                )
                signed = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, ROOT).sign(ROOT_KEY, hashes.SHA256())
                return 200, signed.public_bytes(serialization.Encoding.DER)
            case "/busy":
                unsuccessful = ocsp.OCSPResponseBuilder.build_unsuccessful(ocsp.OCSPResponseStatus.TRY_LATER)
                return 200, unsuccessful.public_bytes(serialization.Encoding.DER)
            case "/v1/ccp/signedContractData" if self.headers["Authorization"] == "Bearer secret":
                asked = json.loads(body)
                assert asked["xsdMsgDefNamespace"] == "urn:iso:15118:2:2013:MsgDef"
                contract = {"messageDef": {"certificateInstallationRes": asked["certificateInstallationReq"][::-1]}}
                return 200, json.dumps({"CCPResponse": {"emaidContent": [contract]}}).encode()
            case "/none/v1/ccp/signedContractData":
                return 404, b"{}"
            case "/odd/v1/ccp/signedContractData":
                return 200, b"<html>"
        return 401, b""

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def peer():
    server = HTTPServer(("127.0.0.1", 0), Peer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def question(url, **other):
    request = ocsp.OCSPRequestBuilder().add_certificate(LEAF, ROOT, hashes.SHA256()).build()
    fields = {
        "hash_algorithm": "SHA256",
        "issuer_name_hash": request.issuer_name_hash.hex(),
        "issuer_key_hash": request.issuer_key_hash.hex(),
        "serial_number": f"{LEAF.serial_number:x}",
        "responder_url": url,
    }
    return OcspQuestion(**{**fields, **other})


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
