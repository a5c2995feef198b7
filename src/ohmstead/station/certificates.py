"""What a car asks through its station about ISO 15118 certificates."""

from enum import StrEnum

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
    """What the responders said of a whole chain: the worst of its certificates."""

    GOOD = "good"
    REVOKED = "revoked"
    UNANSWERED = "unanswered"
