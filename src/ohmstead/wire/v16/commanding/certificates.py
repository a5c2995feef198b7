"""OCPP 1.6: certificates, by the security extension."""

from typing import Final

from ohmstead.station import commands as c
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.saying import Sayings, made, said
from ohmstead.wire.v16 import messages as m

_KINDS: Final = {"csms_root": "CentralSystemRootCertificate", "manufacturer_root": "ManufacturerRootCertificate"}


def deliver(command: c.DeliverCertificate) -> m.Message:
    if command.purpose != "station":
        raise CommandNotInDialect("An OCPP 1.6 station takes no certificate for cars.")
    return m.CertificateSignedRequest(certificate_chain=command.chain_pem)


def install(command: c.InstallCertificate) -> m.Message:
    return made(m.InstallCertificateRequest, certificate_type=_kind(command.kind), certificate=command.certificate_pem)


def installed(command: c.ListCertificates) -> m.Message:
    if len(command.kinds) != 1:
        raise CommandNotInDialect("An OCPP 1.6 station lists one kind of certificates at a time: name one.")
    return made(m.GetInstalledCertificateIdsRequest, certificate_type=_kind(command.kinds[0]))


def _kind(kind: str) -> str:
    if kind not in _KINDS:
        raise CommandNotInDialect("An OCPP 1.6 station keeps roots of ours and of its manufacturer, no others.")
    return _KINDS[kind]


def delete(command: c.DeleteCertificate) -> m.Message:
    known = command.certificate
    hash_data = m.CertificateHashData(
        hash_algorithm=known.hash_algorithm,
        issuer_name_hash=known.issuer_name_hash,
        issuer_key_hash=known.issuer_key_hash,
        serial_number=known.serial_number,
    )
    return m.DeleteCertificateRequest(certificate_hash_data=hash_data)


SAYINGS: Final[Sayings] = {
    c.DeliverCertificate: said(deliver, "CertificateSigned", without=("purpose",), ignores=("request_id",)),
    c.InstallCertificate: said(install, "InstallCertificate"),
    c.ListCertificates: said(installed, "GetInstalledCertificateIds"),
    c.DeleteCertificate: said(delete, "DeleteCertificate"),
}
