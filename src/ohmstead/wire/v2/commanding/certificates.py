"""OCPP 2.x: certificates."""

from typing import Any, Final

from ohmstead.station import commands as c
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.saying import Sayings, made, said

_PURPOSES: Final = {
    "station": "ChargingStationCertificate",
    "v2g": "V2GCertificate",
    "v2g_20": "V2G20Certificate",
}
_KINDS: Final = {
    "csms_root": "CSMSRootCertificate",
    "manufacturer_root": "ManufacturerRootCertificate",
    "mobility_operator_root": "MORootCertificate",
    "oem_root": "OEMRootCertificate",
    "v2g_chain": "V2GCertificateChain",
    "v2g_root": "V2GRootCertificate",
}


def deliver(m: Any, command: c.DeliverCertificate) -> Any:
    if command.purpose not in _PURPOSES:
        raise CommandNotInDialect(f"There is no certificate for the purpose {command.purpose}.")
    more = {}
    if "request_id" in m.CertificateSignedRequest.__struct_fields__:  # since 2.1
        more["request_id"] = command.request_id
    return m.CertificateSignedRequest(
        certificate_chain=command.chain_pem, certificate_type=_PURPOSES[command.purpose], **more
    )


def install(m: Any, command: c.InstallCertificate) -> Any:
    return made(m.InstallCertificateRequest, certificate_type=_KINDS[command.kind], certificate=command.certificate_pem)


def installed(m: Any, command: c.ListCertificates) -> Any:
    return made(m.GetInstalledCertificateIdsRequest, certificate_type=tuple(_KINDS[kind] for kind in command.kinds))


def delete(m: Any, command: c.DeleteCertificate) -> Any:
    return m.DeleteCertificateRequest(certificate_hash_data=hash_data(m, command.certificate))


def hash_data(m: Any, certificate: c.CertificateId) -> Any:
    return m.CertificateHashData(
        hash_algorithm=certificate.hash_algorithm,
        issuer_name_hash=certificate.issuer_name_hash,
        issuer_key_hash=certificate.issuer_key_hash,
        serial_number=certificate.serial_number,
    )


SAYINGS: Final[Sayings] = {
    c.DeliverCertificate: said(deliver, "CertificateSigned"),
    c.InstallCertificate: said(install, "InstallCertificate"),
    c.ListCertificates: said(installed, "GetInstalledCertificateIds"),
    c.DeleteCertificate: said(delete, "DeleteCertificate"),
}
