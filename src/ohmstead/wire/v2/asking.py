"""OCPP 2.x: what must be known before a call can be answered. The structs of both versions fit."""

from collections.abc import Callable
from typing import Any, Final

from ohmstead.station.answers import Need
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
    return Asking(Need.VERDICT, token_of(message.id_token, hearing) or PresentedToken(""), "authorise")


def transaction_event(message: Any, hearing: Hearing) -> Asking:
    token = token_of(message.id_token, hearing)
    evse = message.evse.id if message.evse else None
    transaction_id = message.transaction_info.transaction_id
    if token is None:
        return Asking(Need.NOTHING, None, "", evse, transaction_id)
    stops = message.event_type == "Ended" or message.trigger_reason == "StopAuthorized"
    return Asking(Need.VERDICT, token, "stop" if stops else "start", evse, transaction_id)


def certificate(message: Any, hearing: Hearing) -> Asking:
    return Asking(Need.CERTIFICATE_STATUS)


ASKS: Final[dict[str, Callable[[Any, Hearing], Asking]]] = {
    "Authorize": authorize,
    "BootNotification": boot,
    "Get15118EVCertificate": certificate,
    "GetCertificateStatus": certificate,
    "TransactionEvent": transaction_event,
}
