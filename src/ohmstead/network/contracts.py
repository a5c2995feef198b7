"""Plug & Charge contracts whose certificates a station passes on for us to check (OCPP 2.0.1, C07)."""

import base64
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509 import ocsp

from ohmstead.bus.messages import CertificateAnswer
from ohmstead.kit.http import GuardedClient
from ohmstead.network.models import ContractRoot
from ohmstead.network.plug_and_charge import NoCertificateAnswer, ocsp_answer
from ohmstead.network.rules.contract_chain import ChainRefused, checked, responder_of, told_by
from ohmstead.station.certificates import CertificateState, ContractChain, OcspQuestion


def trusted_roots(organisation_id: UUID) -> list[x509.Certificate]:
    rows = ContractRoot.objects.filter(organisation_id=organisation_id).values_list("certificate_pem", flat=True)
    return [x509.load_pem_x509_certificate(each.encode()) for each in rows]


def chain_answer(
    asked: ContractChain,
    ocsp_questions: Sequence[OcspQuestion],
    roots: Sequence[x509.Certificate],
    client: GuardedClient,
    now: datetime,
) -> CertificateAnswer:
    """The state of the whole chain, with a sentence where it is not good. Never raises.

    Each certificate that names a responder is asked about, one after the other; the station's own questions say
    where to ask first. A responder that cannot be reached, or whose answer its issuer did not sign, leaves it open.
    """
    try:
        chain = checked(asked.chain_pem, asked.contract, roots, now)
    except ChainRefused as refused:
        return CertificateAnswer(state=refused.state, note=str(refused))
    addresses = {each.serial_number.upper().lstrip("0"): each.responder_url for each in ocsp_questions}
    unanswered = None
    for certificate, issuer in pairwise(chain):
        url = addresses.get(f"{certificate.serial_number:X}") or responder_of(certificate)
        if url is None:
            continue
        try:
            said = _asked(certificate, issuer, url, client)
        except NoCertificateAnswer as none:
            unanswered = str(none)
            continue
        if not told_by(said, issuer, now) or said.serial_number != certificate.serial_number:
            unanswered = "The responder's answer is not signed by who issued the certificate, or is outdated."
        elif said.certificate_status is ocsp.OCSPCertStatus.REVOKED:
            return CertificateAnswer(state=CertificateState.REVOKED, note="its issuer revoked the certificate")
    state = CertificateState.UNANSWERED if unanswered else CertificateState.GOOD
    return CertificateAnswer(state=state, note=unanswered)


def _asked(
    certificate: x509.Certificate, issuer: x509.Certificate, url: str, client: GuardedClient
) -> ocsp.OCSPResponse:
    """Raises NoCertificateAnswer."""
    named = ocsp.OCSPRequestBuilder().add_certificate(certificate, issuer, hashes.SHA256()).build()
    question = OcspQuestion(
        hash_algorithm="SHA256",
        issuer_name_hash=named.issuer_name_hash.hex(),
        issuer_key_hash=named.issuer_key_hash.hex(),
        serial_number=f"{named.serial_number:x}",
        responder_url=url,
    )
    return ocsp.load_der_ocsp_response(base64.b64decode(ocsp_answer(question, client)))
