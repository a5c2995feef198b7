"""OCPP 1.6: cards, and the list of them that a station keeps."""

from typing import Final

from ohmstead.station import commands as c
from ohmstead.station.tokens import PresentedToken
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.saying import Sayings, made, said
from ohmstead.wire.v16 import messages as m
from ohmstead.wire.v16.verdicts import WORDS

_MAX_TAG: Final = 20


def tag(token: PresentedToken) -> str:
    return _checked(token.uid)


def group_tag(token: PresentedToken) -> str | None:
    return _checked(token.group_uid) if token.group_uid else None


def _checked(uid: str) -> str:
    if len(uid) > _MAX_TAG:
        raise CommandNotInDialect("An OCPP 1.6 station takes card numbers of at most 20 characters.")
    return uid


def token_list(command: c.SendTokenList) -> m.Message:
    return made(
        m.SendLocalListRequest,
        list_version=command.version,
        update_type="Full" if command.replace else "Differential",
        local_authorization_list=tuple(_listed(each) for each in command.tokens),
    )


def _listed(listed: c.ListedToken) -> m.AuthorizationData:
    """Languages, priority and a personal message have no place in 1.6; outlets would change who may charge where."""
    if listed.evses:
        raise CommandNotInDialect("An OCPP 1.6 list of cards cannot keep a card to some outlets.")
    info = None
    if listed.verdict is not None:
        info = made(
            m.IdTagInfo,
            status=WORDS.get(listed.verdict, "Invalid"),
            expiry_date=listed.expires_at,
            parent_id_tag=group_tag(listed.token),
        )
    return m.AuthorizationData(id_tag=tag(listed.token), id_tag_info=info)


def list_version(command: c.GetTokenListVersion) -> m.Message:
    return m.GetLocalListVersionRequest()


def clear_cache(command: c.ClearTokenCache) -> m.Message:
    return m.ClearCacheRequest()


SAYINGS: Final[Sayings] = {
    c.SendTokenList: said(
        token_list,
        "SendLocalList",
        without=("tokens.evses",),
        ignores=("tokens.languages", "tokens.message", "tokens.priority", "tokens.token.kind"),
    ),
    c.GetTokenListVersion: said(list_version, "GetLocalListVersion"),
    c.ClearTokenCache: said(clear_cache, "ClearCache"),
}
