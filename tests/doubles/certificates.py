"""A real OCSP responder and a contract pool on a loopback socket, with an authority of their own."""

import contextlib
import datetime
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

from ohmstead.station.certificates import OcspQuestion

NOW = datetime.datetime(2026, 11, 1, tzinfo=datetime.UTC)
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
TOLD: dict[int, bytes] = {}  # what /told answers about other serial numbers


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
            case "/told":
                return 200, TOLD[ocsp.load_der_ocsp_request(body).serial_number]
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


@contextlib.contextmanager
def serving():
    """The address of the responder (/ocsp, /revoked, /told, /busy) and of the pool (/, /none, /odd)."""
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
