"""What a car asks through its station about ISO 15118 certificates."""

from enum import StrEnum
from typing import Final

import msgspec


class OcspQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """Whether one certificate still holds (OCPP OCSPRequestData): hashes and serial number in hexadecimal."""

    hash_algorithm: str
    issuer_name_hash: str
    issuer_key_hash: str
    serial_number: str
    responder_url: str


class ContractQuestion(msgspec.Struct, frozen=True, kw_only=True):
    """CertificateInstallationReq as base64 EXI, and the schema it is written in."""

    exi_request: str
    schema_version: str


class CertificateState(StrEnum):
    """Of a whole chain: how it was found, and what the responders said of the worst of its certificates."""

    GOOD = "good"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SIGNATURE_ERROR = "signature_error"
    CHAIN_ERROR = "chain_error"
    UNANSWERED = "unanswered"


NOT_ACCEPTED: Final = frozenset(CertificateState) - {CertificateState.GOOD, CertificateState.UNANSWERED}


class ContractChain(msgspec.Struct, frozen=True, kw_only=True):
    """The certificates of a car's contract as its station passed them on, for us to check: PEM, the leaf first."""

    contract: str
    chain_pem: str
