import ssl
import stat
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

from ohmstead.network.authority import Authority, RequestRefused, server_tls_files

NOW = datetime.now(UTC)


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "ca"


def signing_request(name="ST-1", key=None, *, organisation=None):
    key = key or ec.generate_private_key(ec.SECP256R1())
    names = [x509.NameAttribute(NameOID.COMMON_NAME, name)] if name else []
    if organisation:
        names.append(x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation))
    request = x509.CertificateSigningRequestBuilder().subject_name(x509.Name(names)).sign(key, hashes.SHA256())
    return request.public_bytes(serialization.Encoding.PEM).decode()


def test_the_authority_is_made_once_and_only_its_owner_reads_it(folder):
    first = Authority.open(folder)
    assert Authority.open(folder).certificate == first.certificate
    files = [folder / "root.key", folder / "root.pem"]
    assert [stat.S_IMODE(each.stat().st_mode) for each in files] == [0o600, 0o600]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_station_gets_a_certificate_for_its_own_key_and_name(folder):
    authority = Authority.open(folder)
    key = ec.generate_private_key(ec.SECP256R1())
    issued = authority.sign_station(signing_request("st-1", key, organisation="Hill"), "ST-1", NOW)
    certificate = x509.load_pem_x509_certificate(issued.certificate_pem.encode())
    certificate.verify_directly_issued_by(authority.certificate)
    assert certificate.public_key() == key.public_key()
    assert certificate.subject.rfc4514_string() == "CN=ST-1,O=Hill"
    assert issued.fingerprint == certificate.fingerprint(hashes.SHA256()).hex()
    assert int(issued.serial, 16) == certificate.serial_number
    assert issued.not_before < NOW < issued.not_after


def altered(pem):
    """The same request with another name under the old signature."""
    request = x509.load_pem_x509_csr(pem.encode())
    der = request.public_bytes(serialization.Encoding.DER).replace(b"ST-1", b"ST-2")
    return x509.load_der_x509_csr(der).public_bytes(serialization.Encoding.PEM).decode()


@pytest.mark.parametrize(
    ("csr", "identity", "because"),
    [
        pytest.param(signing_request("ST-2"), "ST-1", "is for 'ST-2', not for ST-1", id="name of another"),
        pytest.param(signing_request(None), "ST-1", "is for 'nobody'", id="no name"),
        pytest.param(altered(signing_request("ST-1")), "ST-2", "not signed with its own key", id="altered"),
        pytest.param("hello", "ST-1", "cannot be read", id="no request"),
        pytest.param("x" * 6_000, "ST-1", "longer than OCPP allows", id="too long"),
        pytest.param(signing_request("ST-1", rsa.generate_private_key(65537, 1024)), "ST-1", "too weak", id="weak key"),
    ],
)
def test_a_bad_signing_request_is_refused_with_a_sentence(folder, csr, identity, because):
    with pytest.raises(RequestRefused, match=because):
        Authority.open(folder).sign_station(csr, identity, NOW)


def test_the_tls_files_make_a_listener_that_checks_client_certificates(folder):
    certificate, key, client_ca = server_tls_files(folder, ["localhost", "127.0.0.1"])
    client = Authority.open(folder).issue_client("ST-1", NOW)
    (folder / "client.pem").write_text(client.certificate_pem + client.key_pem)
    server = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=client_ca)
    server.load_cert_chain(certificate, key)
    server.verify_mode = ssl.CERT_REQUIRED
    station = ssl.create_default_context(cafile=client_ca)
    station.load_cert_chain(folder / "client.pem")
    for hostname in ("localhost", "127.0.0.1"):
        seen = shaken_hands(server, station, hostname)
        assert seen["subject"] == ((("commonName", "ST-1"),),)


def shaken_hands(server, station, hostname):
    """What the server knows of the client after a handshake in memory."""
    to_server, to_station = ssl.MemoryBIO(), ssl.MemoryBIO()
    ours = server.wrap_bio(to_server, to_station, server_side=True)
    theirs = station.wrap_bio(to_station, to_server, server_hostname=hostname)
    for side in (theirs, ours, theirs, ours, theirs):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            pass
    return ours.getpeercert()


def test_server_files_are_kept_until_names_change_or_the_end_is_near(folder):
    certificate, *_ = server_tls_files(folder, ["a.example"])
    first = certificate.read_bytes()
    server_tls_files(folder, ["a.example"])
    assert certificate.read_bytes() == first
    server_tls_files(folder, ["a.example"], now=datetime.now(UTC) + timedelta(days=720))
    second = certificate.read_bytes()
    assert second != first
    server_tls_files(folder, ["b.example"])
    assert certificate.read_bytes() != second
