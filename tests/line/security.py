"""The ways through the door that OCPP calls security profiles 0 to 3."""

import base64
import secrets
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True)
class Entrance:
    address: str
    context: ssl.SSLContext | None = None
    authorization: str = ""


def trusting(network: Any, **options: Any) -> ssl.SSLContext:
    """A client that knows the system's own authority."""
    from ohmstead.network.certificates import server_tls_files

    _, _, authority = server_tls_files(network.system.folder / "ca", ["localhost", "127.0.0.1"])
    context = ssl.create_default_context(cafile=str(authority))
    for name, value in options.items():
        setattr(context, name, value)
    return context


def client_certificate(network: Any, identity: str) -> Any:
    """A certificate and key issued by the system's own authority; the network remembers it."""
    from ohmstead.network import certificates
    from ohmstead.network.authority import Authority

    issued = Authority.open(network.system.folder / "ca").issue_client(identity, datetime.now(UTC))
    certificates.remember(network.row(identity).id, issued)
    return issued


def with_certificate(network: Any, certificate_pem: str, key_pem: bytes | str) -> ssl.SSLContext:
    context = trusting(network)
    files = [network.system.folder / f"{secrets.token_hex(4)}.pem" for _ in range(2)]
    files[0].write_text(certificate_pem)
    files[1].write_bytes(key_pem if isinstance(key_pem, bytes) else key_pem.encode())
    context.load_cert_chain(*files)
    return context


def door(network: Any, identity: str, profile: int) -> Entrance:
    """Make the station known with this profile; how it gets in."""
    password = secrets.token_hex(16) if profile in (1, 2) else None
    known = {"security_profile": profile} | ({"password": password} if password else {})
    network.station(identity, **known)
    login = "Basic " + base64.b64encode(f"{identity}:{password}".encode()).decode() if password else ""
    if profile < 2:
        return Entrance(network.address(identity), authorization=login)
    if profile == 2:
        return Entrance(network.address(identity, tls=True), trusting(network), login)
    issued = client_certificate(network, identity)
    context = with_certificate(network, issued.certificate_pem, issued.key_pem)
    return Entrance(network.address(identity, tls=True), context)
