"""Root certificates a station was given, and the hashes by which a network names them."""

import hashlib
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from ohmstead.simulator.outbox import CallFailed

if TYPE_CHECKING:
    from ohmstead.simulator.station import Station

type HashData = dict[str, str]


def hash_data(certificate: x509.Certificate) -> HashData:
    """OCPP CertificateHashDataType over the issuer's name, the certificate's own key, and its serial number."""
    key = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return {
        "hashAlgorithm": "SHA256",
        "issuerNameHash": hashlib.sha256(certificate.issuer.public_bytes()).hexdigest(),
        "issuerKeyHash": hashlib.sha256(key).hexdigest(),
        "serialNumber": f"{certificate.serial_number:x}",
    }


def install(station: "Station", kind: str, pem: str) -> str:
    """Accepted, or Rejected when it is no certificate or the store is full."""
    try:
        x509.load_pem_x509_certificate(pem.encode())
    except ValueError:
        return "Rejected"
    if len(station.certificates) >= station.settings.number("certificate_store"):
        return "Rejected"
    station.certificates[pem] = kind
    return "Accepted"


def installed(station: "Station", kinds: list[str]) -> list[tuple[str, HashData]]:
    return [
        (kind, hash_data(x509.load_pem_x509_certificate(pem.encode())))
        for pem, kind in station.certificates.items()
        if not kinds or kind in kinds
    ]


def delete(station: "Station", wanted: HashData) -> str:
    for pem in station.certificates:
        held = hash_data(x509.load_pem_x509_certificate(pem.encode()))
        if held["serialNumber"].lower() == wanted["serialNumber"].lower():
            del station.certificates[pem]
            return "Accepted"
    return "NotFound"


async def renew(station: "Station") -> None:
    """Make a new key and ask the network to sign it (OCPP A02)."""
    request = station.keys.request(station.settings.text("organisation"), station.nameplate.serial)
    try:
        await station.ask(station.voice.sign_certificate(request))
    except CallFailed:
        pass  # the network asks again, or the operator does


def signed(station: "Station", chain_pem: str) -> str:
    """Use the new certificate from the next connection on."""
    if not station.keys.accept(chain_pem):
        said = station.voice.security_event("InvalidChargingStationCertificate", station.pace.now(), "key mismatch")
        station.soon(lambda: station.say(said))
        return "Rejected"
    if station.settings.number("security_profile") == 3:
        station.after("reconnect", 0.5, station.link.reconnect)
    return "Accepted"
