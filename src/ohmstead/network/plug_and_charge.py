"""ISO 15118 questions a station passes on for a car: certificate status (OCSP) and contract installation.

Both are opaque to us: the OCSP answer goes back byte for byte for the car to verify, and EXI is never decoded.
"""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from ohmstead.bus.messages import CertificateAnswer
from ohmstead.kit.http import GuardedClient, OutgoingFailed, OutgoingRefused
from ohmstead.station.certificates import CertificateState, ContractQuestion, OcspQuestion

OCSP_ANSWER_MAX_CHARS: Final = 5500  # OCPP 2.0.1 GetCertificateStatusResponse.ocspResult
EXI_ANSWER_MAX_CHARS: Final = 7500  # OCPP 2.0.1 errata 2023-12, Get15118EVCertificateResponse.exiResponse
_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "SHA256": hashes.SHA256(),
    "SHA384": hashes.SHA384(),
    "SHA512": hashes.SHA512(),
}


class NoCertificateAnswer(Exception):
    """The question has no answer; the sentence goes to the station as status information."""


def answer(
    ocsp_questions: Sequence[OcspQuestion],
    contract: ContractQuestion | None,
    *,
    client: GuardedClient,
    pool: "ContractPool",
) -> CertificateAnswer:
    """Never raises: what has no answer says why. The work is network calls, one after the other."""
    try:
        if contract is not None:
            data = pool.signed_contract_data(contract.exi_request, contract.schema_version)
            return CertificateAnswer(data=data)
        answers = [ocsp_answer(question, client) for question in ocsp_questions]
    except NoCertificateAnswer as none:
        return CertificateAnswer(note=str(none), state=None if contract else CertificateState.UNANSWERED)
    revoked = any(_status(each) is ocsp.OCSPCertStatus.REVOKED for each in answers)
    state = CertificateState.REVOKED if revoked else CertificateState.GOOD
    return CertificateAnswer(data=answers[0] if answers else None, state=state)


def _status(answer_base64: str) -> ocsp.OCSPCertStatus:
    return ocsp.load_der_ocsp_response(base64.b64decode(answer_base64)).certificate_status


def ocsp_answer(question: OcspQuestion, client: GuardedClient) -> str:
    """The responder's DER answer in base64 (RFC 6960). Raises NoCertificateAnswer.

    The signature is for the car to check, which holds the roots; we pass on and act only on what keeps cars out.
    """
    request = _ocsp_request(question)
    try:
        response = client.request(
            "POST", question.responder_url, body=request, headers={"Content-Type": "application/ocsp-request"}
        )
    except (OutgoingRefused, OutgoingFailed) as error:
        raise NoCertificateAnswer(str(error)) from error
    try:
        said = ocsp.load_der_ocsp_response(response.body)
    except ValueError as error:
        raise NoCertificateAnswer("The OCSP responder answered with something that is not OCSP.") from error
    if said.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        raise NoCertificateAnswer(f"The OCSP responder answered {said.response_status.name}.")
    return _bounded(base64.b64encode(response.body).decode(), OCSP_ANSWER_MAX_CHARS)


def _ocsp_request(question: OcspQuestion) -> bytes:
    algorithm = _HASHES.get(question.hash_algorithm)
    if algorithm is None:
        raise NoCertificateAnswer(f"{question.hash_algorithm[:20]!r} is not a hash algorithm of OCPP.")
    try:
        builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
            bytes.fromhex(question.issuer_name_hash),
            bytes.fromhex(question.issuer_key_hash),
            int(question.serial_number, 16),
            algorithm,
        )
        return builder.build().public_bytes(serialization.Encoding.DER)
    except ValueError as error:
        raise NoCertificateAnswer("The hashes or the serial number are not what the algorithm gives.") from error


class ContractPool(Protocol):
    """Where signed contract data for cars comes from."""

    def signed_contract_data(self, exi_request: str, schema_version: str) -> str:
        """CertificateInstallationRes as base64 EXI. Raises NoCertificateAnswer."""
        ...


class NoContractPool:
    """No pool is connected: cars charge, but get no contract installed here."""

    def signed_contract_data(self, exi_request: str, schema_version: str) -> str:
        raise NoCertificateAnswer("No contract certificate pool is connected to this network.")


class _MessageDef(msgspec.Struct, rename="camel"):
    certificate_installation_res: str


class _EmaidContent(msgspec.Struct, rename="camel"):
    message_def: _MessageDef


class _CcpResponse(msgspec.Struct, rename="camel"):
    emaid_content: list[_EmaidContent]


class _SignedContractData(msgspec.Struct):
    CCPResponse: _CcpResponse


@dataclass(frozen=True, slots=True)
class OpcpPool:
    """Open Plug&Charge Protocol 1.0.0, contract certificate pool: POST /v1/ccp/signedContractData."""

    url: str
    bearer: str
    client: GuardedClient

    def signed_contract_data(self, exi_request: str, schema_version: str) -> str:
        try:
            base64.b64decode(exi_request, validate=True)
        except binascii.Error as error:
            raise NoCertificateAnswer("The car's request is not base64.") from error
        body = msgspec.json.encode({"certificateInstallationReq": exi_request, "xsdMsgDefNamespace": schema_version})
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {self.bearer}"}
        try:
            answer = self.client.request(
                "POST", self.url.rstrip("/") + "/v1/ccp/signedContractData", body=body, headers=headers
            )
        except (OutgoingRefused, OutgoingFailed) as error:
            raise NoCertificateAnswer(str(error)) from error
        if answer.status == 404:
            raise NoCertificateAnswer("The contract pool knows no contract for this car.")
        if answer.status != 200:
            raise NoCertificateAnswer(f"The contract pool answered with status {answer.status}.")
        try:
            contracts = msgspec.json.decode(answer.body, type=_SignedContractData).CCPResponse.emaid_content
        except msgspec.DecodeError as error:
            raise NoCertificateAnswer("The contract pool's answer could not be read.") from error
        if not contracts:
            raise NoCertificateAnswer("The contract pool knows no contract for this car.")
        return _bounded(contracts[0].message_def.certificate_installation_res, EXI_ANSWER_MAX_CHARS)


def _bounded(text: str, most: int) -> str:
    if len(text) > most:
        raise NoCertificateAnswer(f"The answer has {len(text)} characters; a station takes {most}.")
    return text
