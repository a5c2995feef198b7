"""Certificates of a station: delivered, installed, listed, deleted."""

from typing import Annotated, Literal

from ohmstead.station.commands.base import Command, Part, suggesting

type RootKind = Literal["csms_root", "manufacturer_root", "mobility_operator_root", "oem_root", "v2g_root"]
type ListedKind = Literal[
    "csms_root", "manufacturer_root", "mobility_operator_root", "oem_root", "v2g_chain", "v2g_root"
]


class CertificateId(Part, frozen=True, kw_only=True):
    """A certificate as stations name it: hashes and serial number in hexadecimal."""

    hash_algorithm: Literal["SHA256", "SHA384", "SHA512"]
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str


class DeliverCertificate(Command, frozen=True, kw_only=True):
    """Hand over the certificate a station asked to have signed, in PEM, leaf first. OCPP: CertificateSigned."""

    chain_pem: str
    purpose: Annotated[str, suggesting("station", "v2g", "v2g_20")] = "station"
    request_id: int | None = None


class InstallCertificate(Command, frozen=True, kw_only=True):
    """Let the station trust a root certificate. OCPP: InstallCertificate."""

    kind: RootKind
    certificate_pem: str


class ListCertificates(Command, frozen=True, kw_only=True):
    """List the certificates the station has, all or of some kinds. OCPP: GetInstalledCertificateIds."""

    kinds: tuple[ListedKind, ...] = ()


class DeleteCertificate(Command, frozen=True, kw_only=True):
    """Take a certificate off the station. OCPP: DeleteCertificate."""

    certificate: CertificateId
