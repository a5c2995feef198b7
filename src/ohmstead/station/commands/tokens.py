"""Who may charge when the station cannot ask us, and what it remembers of customers."""

from typing import Annotated

import msgspec

from ohmstead.station.commands.base import Command, Count, Moment, Part, RequestId, new_request_id
from ohmstead.station.commands.certificates import CertificateId
from ohmstead.station.commands.display import DisplayText
from ohmstead.station.tokens import PresentedToken, TokenVerdict


class ListedToken(Part, frozen=True, kw_only=True):
    """A token of the local list; without a verdict it is taken off the list. The token's group goes with it."""

    token: PresentedToken
    verdict: TokenVerdict | None = None
    expires_at: Moment | None = None
    priority: Annotated[int, msgspec.Meta(ge=-9, le=9)] | None = None
    evses: tuple[Count, ...] = ()
    languages: Annotated[tuple[str, ...], msgspec.Meta(max_length=2)] = ()
    message: DisplayText | None = None


class SendTokenList(Command, frozen=True, kw_only=True):
    """Replace the list of tokens known to the station, or change some of it. OCPP: SendLocalList."""

    version: Count
    replace: bool = True
    tokens: tuple[ListedToken, ...] = ()


class GetTokenListVersion(Command, frozen=True, kw_only=True):
    """Ask which version of the token list the station has. OCPP: GetLocalListVersion."""


class ClearTokenCache(Command, frozen=True, kw_only=True):
    """Let the station forget the tokens it has seen. OCPP: ClearCache."""


class GetCustomerInformation(Command, frozen=True, kw_only=True):
    """Report or erase what the station keeps of one customer. OCPP: CustomerInformation."""

    report: bool = True
    erase: bool = False
    token: PresentedToken | None = None
    customer: str | None = None
    certificate: CertificateId | None = None
    request_id: RequestId = msgspec.field(default_factory=new_request_id)
