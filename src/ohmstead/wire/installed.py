"""The certificates a station says it has, from its answer; a part without sense is passed over."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec

from ohmstead.station.commands import CertificateId

_KINDS: Final = {
    "CentralSystemRootCertificate": "csms_root",
    "CSMSRootCertificate": "csms_root",
    "ManufacturerRootCertificate": "manufacturer_root",
    "MORootCertificate": "mobility_operator_root",
    "OEMRootCertificate": "oem_root",
    "V2GCertificateChain": "v2g_chain",
    "V2GRootCertificate": "v2g_root",
}
_LONGEST: Final = 128


def read_installed(answer: Mapping[str, Any]) -> tuple[tuple[str, tuple[CertificateId, ...]], ...]:
    """(kind, the certificate and its chain) each; the kind is empty in OCPP 1.6, where one kind is asked for."""
    flat = [("", (found,)) for part in _parts(answer, "certificateHashData") if (found := _id(part)) is not None]
    return (*flat, *_chains(answer))


def _chains(answer: Mapping[str, Any]) -> Iterator[tuple[str, tuple[CertificateId, ...]]]:
    for part in _parts(answer, "certificateHashDataChain"):
        first = _id(part.get("certificateHashData"))
        kind = _KINDS.get(str(part.get("certificateType")))
        if first is not None and kind is not None:
            chain = [_id(each) for each in _parts(part, "childCertificateHashData")]
            yield kind, (first, *(each for each in chain if each is not None))


def _id(part: Any) -> CertificateId | None:
    if not isinstance(part, dict):
        return None
    named = {
        "hash_algorithm": part.get("hashAlgorithm"),
        "issuer_name_hash": part.get("issuerNameHash"),
        "issuer_key_hash": part.get("issuerKeyHash"),
        "serial_number": part.get("serialNumber"),
    }
    try:
        found = msgspec.convert(named, CertificateId)
    except msgspec.ValidationError:
        return None
    texts = (found.issuer_name_hash, found.issuer_key_hash, found.serial_number)
    return found if max(map(len, texts)) <= _LONGEST else None


def _parts(payload: Mapping[str, Any], field: str) -> list[dict[str, Any]]:
    found = payload.get(field)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
