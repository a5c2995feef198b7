"""OCPP 2.x: tokens, and the list of them that a station keeps."""

from typing import Any, Final, get_args

from ohmstead.station import commands as c
from ohmstead.station.tokens import PresentedToken
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.saying import Sayings, made, said
from ohmstead.wire.v2.commanding.certificates import hash_data
from ohmstead.wire.v2.commanding.display import content
from ohmstead.wire.v2.words import TOKEN_WORDS, VERDICT_WORDS

_MAX_TOKEN: Final = 36


def id_token(m: Any, token: PresentedToken) -> Any:
    if len(token.uid) > _MAX_TOKEN:
        raise CommandNotInDialect("A station takes tokens of at most 36 characters.")
    word = TOKEN_WORDS[token.kind]
    kinds = get_args(getattr(m, "IdTokenEnum", None))  # 2.1 leaves the words open
    if kinds and word not in kinds:
        raise CommandNotInDialect(f"A token of the kind {word} is unknown in OCPP 2.0.1.")
    return m.IdToken(id_token=token.uid, type=word)


def group_token(m: Any, token: PresentedToken) -> Any:
    """A group is named like a card, as in our answers."""
    if not token.group_uid:
        return None
    if len(token.group_uid) > _MAX_TOKEN:
        raise CommandNotInDialect("A station takes tokens of at most 36 characters.")
    return m.IdToken(id_token=token.group_uid, type="ISO14443")


def token_list(m: Any, command: c.SendTokenList) -> Any:
    return made(
        m.SendLocalListRequest,
        version_number=command.version,
        update_type="Full" if command.replace else "Differential",
        local_authorization_list=tuple(_listed(m, each) for each in command.tokens),
    )


def _listed(m: Any, listed: c.ListedToken) -> Any:
    info = None
    if listed.verdict is not None:
        first, second = (*listed.languages, None, None)[:2]
        info = made(
            m.IdTokenInfo,
            status=VERDICT_WORDS[listed.verdict],
            cache_expiry_date_time=listed.expires_at,
            charging_priority=listed.priority,
            evse_id=listed.evses,
            language1=first,
            language2=second,
            group_id_token=group_token(m, listed.token),
            personal_message=content(m, listed.message) if listed.message else None,
        )
    return made(m.AuthorizationData, id_token=id_token(m, listed.token), id_token_info=info)


def list_version(m: Any, command: c.GetTokenListVersion) -> Any:
    return m.GetLocalListVersionRequest()


def clear_cache(m: Any, command: c.ClearTokenCache) -> Any:
    return m.ClearCacheRequest()


def customer(m: Any, command: c.GetCustomerInformation) -> Any:
    return made(
        m.CustomerInformationRequest,
        request_id=command.request_id,
        report=command.report,
        clear=command.erase,
        customer_certificate=hash_data(m, command.certificate) if command.certificate else None,
        id_token=id_token(m, command.token) if command.token else None,
        customer_identifier=command.customer,
    )


SAYINGS: Final[Sayings] = {
    c.SendTokenList: said(token_list, "SendLocalList"),
    c.GetTokenListVersion: said(list_version, "GetLocalListVersion"),
    c.ClearTokenCache: said(clear_cache, "ClearCache"),
    c.GetCustomerInformation: said(customer, "CustomerInformation", ignores=("token.group_uid",)),
}
