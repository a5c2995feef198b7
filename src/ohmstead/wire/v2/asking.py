"""OCPP 2.x: what must be known before a call can be answered. The structs of both versions fit."""

from collections.abc import Callable
from typing import Any, Final

from ohmstead.station.answers import Need
from ohmstead.station.certificates import ContractChain, ContractQuestion, OcspQuestion
from ohmstead.station.tokens import PresentedToken, TokenKind
from ohmstead.wire.asked import Asking
from ohmstead.wire.hearing import Hearing
from ohmstead.wire.tokens import presented
from ohmstead.wire.v2.words import TOKEN_KINDS


def token_of(id_token: Any, hearing: Hearing) -> PresentedToken | None:
    if id_token is None:
        return None
    kind = TOKEN_KINDS.get(id_token.type, TokenKind.RFID)
    if kind is TokenKind.NO_AUTHORIZATION and not id_token.id_token:
        return PresentedToken("", kind)
    return presented(id_token.id_token, kind, hearing)


def boot(message: Any, hearing: Hearing) -> Asking:
    return Asking(Need.ADMISSION)


def authorize(message: Any, hearing: Hearing) -> Asking:
    ocsp = tuple(ocsp_question(each) for each in message.iso15118_certificate_hash_data or ())
    token = token_of(message.id_token, hearing) or PresentedToken("")
    pem = message.certificate
    chain = ContractChain(contract=token.uid, chain_pem=pem) if pem else None
    return Asking(Need.VERDICT, token, "authorise", ocsp=ocsp, chain=chain)


def transaction_event(message: Any, hearing: Hearing) -> Asking:
    token = token_of(message.id_token, hearing)
    evse = message.evse.id if message.evse else None
    transaction_id = message.transaction_info.transaction_id
    if token is None:
        return Asking(Need.NOTHING, None, "", evse, transaction_id)
    stops = message.event_type == "Ended" or message.trigger_reason == "StopAuthorized"
    return Asking(Need.VERDICT, token, "stop" if stops else "start", evse, transaction_id)


def certificate_status(message: Any, hearing: Hearing) -> Asking:
    return Asking(Need.CERTIFICATE_STATUS, ocsp=(ocsp_question(message.ocsp_request_data),))


def ev_certificate(message: Any, hearing: Hearing) -> Asking:
    contract = ContractQuestion(exi_request=message.exi_request, schema_version=message.iso15118_schema_version)
    return Asking(Need.CERTIFICATE_STATUS, contract=contract)


def ocsp_question(data: Any) -> OcspQuestion:
    return OcspQuestion(
        hash_algorithm=data.hash_algorithm,
        issuer_name_hash=data.issuer_name_hash,
        issuer_key_hash=data.issuer_key_hash,
        serial_number=data.serial_number,
        responder_url=data.responder_url,
    )


ASKS: Final[dict[str, Callable[[Any, Hearing], Asking]]] = {
    "Authorize": authorize,
    "BootNotification": boot,
    "Get15118EVCertificate": ev_certificate,
    "GetCertificateStatus": certificate_status,
    "TransactionEvent": transaction_event,
}
