"""The built-in certificate authority: files in a folder, no database. ECDSA P-256 throughout."""

import ipaddress
import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import fasteners
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ROOT_VALID: Final = timedelta(days=20 * 365)
SERVER_VALID: Final = timedelta(days=2 * 365)
STATION_VALID: Final = timedelta(days=398)
RENEW_BEFORE: Final = timedelta(days=30)
CLOCK_SLACK: Final = timedelta(hours=1)  # a station whose clock is behind must not find its certificate too young
CSR_MAX_CHARS: Final = 5_500  # OCPP 2.0.1 SignCertificateRequest.csr
RSA_MIN_BITS: Final = 2_048  # OCPP 2.0.1 A00.FR.503
EC_MIN_BITS: Final = 224


class RequestRefused(Exception):
    """A signing request that we do not sign; the message is a sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Issued:
    """`serial` and `fingerprint` (SHA-256) in hex; `certificate_pem` is the leaf."""

    certificate_pem: str
    serial: str
    fingerprint: str
    not_before: datetime
    not_after: datetime


@dataclass(frozen=True, slots=True)
class IssuedWithKey(Issued):
    key_pem: str


class Authority:
    """Opened from its folder; made there at first use."""

    def __init__(self, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> None:
        self.certificate = certificate
        self._key = key

    @classmethod
    def open(cls, folder: Path) -> "Authority":
        """Several processes may come first at once; one makes the key."""
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with fasteners.InterProcessLock(folder / ".lock"):
            if not (folder / "root.pem").exists():
                _make_root(folder)
        key = serialization.load_pem_private_key((folder / "root.key").read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        return cls(x509.load_pem_x509_certificate((folder / "root.pem").read_bytes()), key)

    def sign_station(self, csr_pem: str, identity: str, now: datetime) -> Issued:
        """A client certificate for the key in a station's signing request. Raises RequestRefused."""
        request = _checked_request(csr_pem, identity)
        names = [x509.NameAttribute(NameOID.COMMON_NAME, identity)]
        organisation = request.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
        if organisation:
            names.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, str(organisation[0].value)[:64]))
        builder = _leaf(x509.Name(names), request.public_key(), now, STATION_VALID, ExtendedKeyUsageOID.CLIENT_AUTH)
        return Issued(*self._sign(builder))

    def issue_client(self, identity: str, now: datetime) -> IssuedWithKey:
        """Key and certificate for a station that cannot make its own."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, identity)])
        builder = _leaf(name, key.public_key(), now, STATION_VALID, ExtendedKeyUsageOID.CLIENT_AUTH)
        return IssuedWithKey(*self._sign(builder), key_pem=_key_pem(key).decode())

    def issue_server(self, hostnames: Sequence[str], now: datetime) -> IssuedWithKey:
        """`hostnames` may hold IP addresses; the first is the common name, as OCPP wants it."""
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hostnames[0][:64])])
        builder = _leaf(name, key.public_key(), now, SERVER_VALID, ExtendedKeyUsageOID.SERVER_AUTH)
        builder = builder.add_extension(x509.SubjectAlternativeName([_alternative(each) for each in hostnames]), False)
        return IssuedWithKey(*self._sign(builder), key_pem=_key_pem(key).decode())

    def _sign(self, builder: x509.CertificateBuilder) -> tuple[str, str, str, datetime, datetime]:
        issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(self._key.public_key())
        certificate = (
            builder.issuer_name(self.certificate.subject).add_extension(issuer, False).sign(self._key, hashes.SHA256())
        )
        return (
            certificate.public_bytes(serialization.Encoding.PEM).decode(),
            f"{certificate.serial_number:x}",
            certificate.fingerprint(hashes.SHA256()).hex(),
            certificate.not_valid_before_utc,
            certificate.not_valid_after_utc,
        )


def server_tls_files(folder: Path, hostnames: Sequence[str], *, now: datetime | None = None) -> tuple[Path, Path, Path]:
    """(certificate, key, authorities of client certificates) for the TLS listener.

    Made at first use, again when the names change, and renewed a month before the end.
    """
    now = now or datetime.now(UTC)
    authority = Authority.open(folder)
    certificate, key = folder / "server.pem", folder / "server.key"
    with fasteners.InterProcessLock(folder / ".lock"):
        if not _serves(certificate, authority, hostnames, now):
            issued = authority.issue_server(hostnames, now)
            root = authority.certificate.public_bytes(serialization.Encoding.PEM)
            _write(key, issued.key_pem.encode())
            _write(certificate, issued.certificate_pem.encode() + root)
    return certificate, key, folder / "root.pem"


def _serves(path: Path, authority: Authority, hostnames: Sequence[str], now: datetime) -> bool:
    if not path.exists():
        return False
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return (
        certificate.issuer == authority.certificate.subject
        and list(names) == [_alternative(each) for each in hostnames]
        and certificate.not_valid_after_utc - RENEW_BEFORE > now
    )


def _checked_request(csr_pem: str, identity: str) -> x509.CertificateSigningRequest:
    if len(csr_pem) > CSR_MAX_CHARS:
        raise RequestRefused("The signing request is longer than OCPP allows.")
    try:
        request = x509.load_pem_x509_csr(csr_pem.encode())
        names = [str(each.value) for each in request.subject.get_attributes_for_oid(NameOID.COMMON_NAME)]
        signed = request.is_signature_valid
        key = request.public_key()
    except (ValueError, InvalidSignature, UnsupportedAlgorithm) as error:
        raise RequestRefused("The signing request cannot be read.") from error
    if not signed:
        raise RequestRefused("The signing request is not signed with its own key.")
    if [each.upper() for each in names] != [identity.upper()]:
        raise RequestRefused(f"The signing request is for {', '.join(names)[:80] or 'nobody'!r}, not for {identity}.")
    if isinstance(key, rsa.RSAPublicKey):
        enough = key.key_size >= RSA_MIN_BITS
    else:
        enough = isinstance(key, ec.EllipticCurvePublicKey) and key.key_size >= EC_MIN_BITS
    if not enough:
        raise RequestRefused("The key of the signing request is too weak: RSA needs 2048 bits, ECDSA 224.")
    return request


def _leaf(
    name: x509.Name,
    key: object,
    now: datetime,
    valid: timedelta,
    usage: x509.ObjectIdentifier,
) -> x509.CertificateBuilder:
    assert isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - CLOCK_SLACK)
        .not_valid_after(now + valid)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), True)
        .add_extension(x509.ExtendedKeyUsage([usage]), False)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), False)
        .add_extension(_key_usage(digital_signature=True), True)
    )


def _make_root(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Ohmstead authority {os.urandom(4).hex()}")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + ROOT_VALID)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(_key_usage(key_cert_sign=True, crl_sign=True), True)
        .sign(key, hashes.SHA256())
    )
    _write(folder / "root.key", _key_pem(key))
    _write(folder / "root.pem", certificate.public_bytes(serialization.Encoding.PEM))  # last: it says the key is there


def _key_usage(
    *, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False
) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )


def _alternative(hostname: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(hostname))
    except ValueError:
        return x509.DNSName(hostname)


def _key_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _write(path: Path, data: bytes) -> None:
    """Readable by the owner alone, and never half written."""
    beside = path.with_name(path.name + ".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(descriptor)
    beside.replace(path)
