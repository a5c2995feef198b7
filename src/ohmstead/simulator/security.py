"""How a station proves who it is: password, TLS, its own certificate."""

import ssl
from base64 import b64encode
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ohmstead.simulator.link import Door

if TYPE_CHECKING:
    from ohmstead.simulator.sheet import Security
    from ohmstead.simulator.station import Station


class NoWayIn(Exception):
    """The station will not connect this way; the message says what it needs."""


def password_header(identity: str, password: str) -> tuple[str, str]:
    return "Authorization", "Basic " + b64encode(f"{identity}:{password}".encode()).decode()


def door_of(url: str, tls_url: str | None, security: "Security", ca_file: str | None) -> Callable[["Station"], Door]:
    """A function that tells a station how to reach the network with the credentials it holds at that moment.

    The station's own settings win over the scenario's, since an operator may have changed them over the air.
    """

    def door(station: "Station") -> Door:
        profile = station.settings.number("security_profile")
        base = tls_url or url if profile >= 2 else url
        if profile >= 2 and not base.startswith("wss:"):
            raise NoWayIn(f"security profile {profile} needs a wss:// address")
        headers: tuple[tuple[str, str], ...] = ()
        password = station.settings.text("password")
        if profile in (1, 2) and password:
            headers = (password_header(station.identity, password),)
        ping_s = float(station.settings.seconds("ping_s"))
        address = f"{base.rstrip('/')}/{quote(station.identity, safe='*-_=:+|@.')}"
        return Door(
            address, station.voice.dialect.subprotocol, headers, _tls(station, base, profile, security, ca_file), ping_s
        )

    return door


def _tls(station: "Station", base: str, profile: int, security: "Security", ca: str | None) -> ssl.SSLContext | None:
    if not base.startswith("wss:"):
        return None
    ca_file = ca or security.ca_file
    if profile < 3:
        return _context(ca_file, None, None)
    if station.keys.chain_path and station.keys.key_path:
        return _context(ca_file, station.keys.chain_path, station.keys.key_path)
    return _context(ca_file, _named(security.certificate_file, station), _named(security.key_file, station))


def _named(path: str | None, station: "Station") -> str | None:
    return path and path.format(identity=station.identity)


@lru_cache(maxsize=64)
def _context(ca_file: str | None, certificate_file: str | None, key_file: str | None) -> ssl.SSLContext:
    """Shared by all stations with the same files: a context costs far more memory than a connection."""
    context = ssl.create_default_context(cafile=ca_file)
    if certificate_file:
        context.load_cert_chain(certificate_file, key_file)
    return context


class Keys:
    """The private key and certificate of a station, kept in a folder when the network signs them."""

    def __init__(self, folder: Path | None, identity: str) -> None:
        self.folder = folder
        self.identity = identity
        self._waiting: ec.EllipticCurvePrivateKey | None = None

    @property
    def chain_path(self) -> str | None:
        return self._existing("chain.pem")

    @property
    def key_path(self) -> str | None:
        return self._existing("key.pem")

    def request(self, organisation: str, serial: str) -> str:
        """A fresh key and its signing request in PEM; the key is used once the certificate came (OCPP A02)."""
        self._waiting = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, self.identity),
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation),
                x509.NameAttribute(NameOID.SERIAL_NUMBER, serial),
            ]
        )
        request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(self._waiting, hashes.SHA256())
        return request.public_bytes(serialization.Encoding.PEM).decode()

    def accept(self, chain_pem: str) -> bool:
        """Take the chain if its leaf belongs to the key that waits for it."""
        try:
            leaf = x509.load_pem_x509_certificates(chain_pem.encode())[0]
        except ValueError:
            return False
        if self._waiting is None or leaf.public_key() != self._waiting.public_key():
            return False
        if self.folder:
            own = self.folder / self.identity
            own.mkdir(parents=True, exist_ok=True)
            key_pem = self._waiting.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            (own / "key.pem").write_bytes(key_pem)
            (own / "key.pem").chmod(0o600)
            (own / "chain.pem").write_text(chain_pem)
            _context.cache_clear()
        self._waiting = None
        return True

    def _existing(self, name: str) -> str | None:
        path = self.folder / self.identity / name if self.folder else None
        return str(path) if path and path.is_file() else None
