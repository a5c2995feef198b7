"""How stations prove who they are, and how that is changed from afar."""

import ssl
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ohmstead.simulator.security import password_header
from tests.simulator.scripted_csms import Csms, running
from tests.simulator.simulated import built_fleet, fleet_at

PASSWORD = "an-old-password-1"
NEW_PASSWORD = "a-brand-new-password"
PROFILE_1 = f'security: {{profile: 1, password: "{PASSWORD}"}}'
SHORT_TIME = timedelta(days=2)


class Authority:
    """A certificate authority for one test."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test authority")])
        self.certificate = self._signed(self.name, self.key.public_key(), authority=True)
        self.path = self._written("ca.pem", self.certificate)

    def _signed(self, subject: x509.Name, key: ec.EllipticCurvePublicKey, *, authority: bool) -> x509.Certificate:
        now = datetime.now(UTC)
        builder = (
            x509.CertificateBuilder(self.name, subject, key, x509.random_serial_number())
            .not_valid_before(now - SHORT_TIME)
            .not_valid_after(now + SHORT_TIME)
            .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        )
        if authority:
            usage = x509.KeyUsage(
                digital_signature=True, key_cert_sign=True, crl_sign=True, content_commitment=False,
                key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False,
                decipher_only=False,
            )  # fmt: skip
            builder = builder.add_extension(usage, critical=True)
        return builder.sign(self.key, hashes.SHA256())

    def issue(self, name: str) -> tuple[str, str]:
        """Files of a certificate and its key."""
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = self._written(f"{name}.pem", self._signed(subject, key.public_key(), authority=False))
        encryption = serialization.NoEncryption()
        pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption)
        (self.folder / f"{name}.key").write_bytes(pem)
        return certificate, str(self.folder / f"{name}.key")

    def sign_request(self, csr_pem: str) -> str:
        request = x509.load_pem_x509_csr(csr_pem.encode())
        key = request.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        certificate = self._signed(request.subject, key, authority=False)
        return certificate.public_bytes(serialization.Encoding.PEM).decode()

    def server(self, *, asks_for_certificate: bool) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.issue("server"))
        if asks_for_certificate:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.path)
        return context

    def _written(self, name: str, certificate: x509.Certificate) -> str:
        path = self.folder / name
        path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return str(path)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


def credentials(csms: Csms, station: str) -> str:
    return b64decode(csms.headers[station]["authorization"].removeprefix("Basic ")).decode()


async def test_profile_0_sends_no_credentials(csms: Csms) -> None:
    async with fleet_at(csms):
        assert "authorization" not in csms.headers["S16"]


async def test_profile_1_sends_identity_and_password(csms: Csms) -> None:
    async with fleet_at(csms, tail=PROFILE_1):
        assert credentials(csms, "S201") == f"S201:{PASSWORD}"


@pytest.mark.parametrize("identity", ["S16", "S201", "S21"])
async def test_a_password_changed_from_afar_is_used_at_once(csms: Csms, identity: str, tmp_path: Path) -> None:
    async with fleet_at(csms, tail=PROFILE_1, folder=tmp_path):
        if identity == "S16":
            said = {"key": "AuthorizationKey", "value": NEW_PASSWORD}
            assert (await csms.ask(identity, "ChangeConfiguration", said))["status"] == "Accepted"
        else:
            variable = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
            said = {"setVariableData": [variable | {"attributeValue": NEW_PASSWORD}]}
            answer = await csms.ask(identity, "SetVariables", said)
            assert answer["setVariableResult"][0]["attributeStatus"] == "Accepted"
        await csms.until(lambda: credentials(csms, identity) == f"{identity}:{NEW_PASSWORD}")
    async with fleet_at(csms, tail=PROFILE_1, folder=tmp_path):  # and after a restart of the simulator
        assert credentials(csms, identity) == f"{identity}:{NEW_PASSWORD}"


async def test_a_password_can_be_read_by_nobody(csms: Csms) -> None:
    async with fleet_at(csms, tail=PROFILE_1):
        answer = await csms.ask("S16", "GetConfiguration", {"key": ["AuthorizationKey"]})
        assert "value" not in answer["configurationKey"][0]
        variable = {"component": {"name": "SecurityCtrlr"}, "variable": {"name": "BasicAuthPassword"}}
        answer = await csms.ask("S21", "GetVariables", {"getVariableData": [variable]})
        assert answer["getVariableResult"][0]["attributeStatus"] == "Rejected"


async def test_profile_2_connects_over_tls_with_the_authority_it_knows(authority: Authority) -> None:
    sheet = f'security: {{profile: 2, password: "{PASSWORD}", ca_file: {authority.path}}}'
    async with running(ssl=authority.server(asks_for_certificate=False)) as csms, fleet_at(csms, tail=sheet):
        assert credentials(csms, "S16") == f"S16:{PASSWORD}"


async def test_profile_2_does_not_talk_to_a_server_of_another_authority(authority: Authority, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger"
    stranger.mkdir()
    sheet = f'security: {{profile: 2, password: "{PASSWORD}", ca_file: {Authority(stranger).path}}}'
    async with running(ssl=authority.server(asks_for_certificate=False)) as csms:
        with pytest.raises(TimeoutError):
            async with fleet_at(csms, tail=sheet, within_s=1.0):
                pass
        assert csms.sockets == {}


async def test_a_plain_station_at_a_tls_door_keeps_trying_and_knows_why(authority: Authority) -> None:
    async with running(ssl=authority.server(asks_for_certificate=False)) as csms:
        csms.url = csms.url.replace("wss:", "ws:")
        async with built_fleet(csms.url) as fleet:
            await csms.until(lambda: fleet.stations["S16"].link.last_refusal)
            assert "during the handshake" in str(fleet.stations["S16"].link.last_refusal)


async def test_a_password_never_leaves_in_the_clear_when_the_profile_asks_for_tls(csms: Csms) -> None:
    async with built_fleet(csms.url, tail=f'security: {{profile: 2, password: "{PASSWORD}"}}') as fleet:
        await csms.until(lambda: fleet.stations["S16"].link.last_refusal)
        assert "needs a wss:// address" in str(fleet.stations["S16"].link.last_refusal)
    assert csms.headers == {}


async def test_a_missing_file_is_a_refusal_not_a_crash(csms: Csms) -> None:
    csms.url = csms.url.replace("ws:", "wss:")
    async with built_fleet(csms.url, tail="security: {profile: 2, password: x, ca_file: /nowhere/ca.pem}") as fleet:
        await csms.until(lambda: "FileNotFoundError" in str(fleet.stations["S16"].link.last_refusal))


async def test_profile_3_shows_its_certificate_and_takes_a_new_one(authority: Authority, tmp_path: Path) -> None:
    for identity in ("S16", "S201", "S21"):
        authority.issue(identity)
    files = f'certificate_file: "{tmp_path}/{{identity}}.pem", key_file: "{tmp_path}/{{identity}}.key"'
    sheet = f"security: {{profile: 3, ca_file: {authority.path}, {files}}}"
    folder = tmp_path / "stations"
    async with (
        running(ssl=authority.server(asks_for_certificate=True)) as csms,
        fleet_at(csms, tail=sheet, folder=folder),
    ):
        first = csms.sockets["S201"]
        await csms.ask("S201", "TriggerMessage", {"requestedMessage": "SignChargingStationCertificate"})
        (wish,) = await csms.until(lambda: csms.calls("SignCertificate"))
        subject = x509.load_pem_x509_csr(wish["csr"].encode()).subject
        assert subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == "S201"
        chain = authority.sign_request(wish["csr"])
        answer = await csms.ask("S201", "CertificateSigned", {"certificateChain": chain})
        assert answer["status"] == "Accepted"
        await csms.until(lambda: csms.sockets["S201"] is not first)
        shown = csms.sockets["S201"].transport.get_extra_info("peercert")
        assert int(shown["serialNumber"], 16) == x509.load_pem_x509_certificate(chain.encode()).serial_number
        assert (folder / "S201" / "key.pem").stat().st_mode & 0o077 == 0


def test_the_header_is_basic_authentication() -> None:
    assert password_header("A", "b") == ("Authorization", "Basic " + b64encode(b"A:b").decode())
