"""A station's call, understood as far as answering it needs."""

from typing import Any, NamedTuple

import msgspec

from ohmstead.station.answers import Need
from ohmstead.station.certificates import ContractChain, ContractQuestion, OcspQuestion
from ohmstead.station.tokens import PresentedToken
from ohmstead.wire.dialect import Dialect
from ohmstead.wire.mends import Mend


class Asking(NamedTuple):
    """What a message wants to know. `purpose`: authorise, start, stop, or nothing."""

    need: Need = Need.NOTHING
    token: PresentedToken | None = None
    purpose: str = ""
    evse: int | None = None
    transaction_id: str | None = None
    ocsp: tuple[OcspQuestion, ...] = ()
    contract: ContractQuestion | None = None
    chain: ContractChain | None = None


class Asked(msgspec.Struct, frozen=True, gc=False):
    """`message` is the struct of the dialect; `transaction_id` of a 1.6 start is the one we give it."""

    dialect: Dialect
    action: str
    message: Any
    need: Need = Need.NOTHING
    token: PresentedToken | None = None
    purpose: str = ""
    evse: int | None = None
    transaction_id: str | None = None
    mends: tuple[Mend, ...] = ()
    ocsp: tuple[OcspQuestion, ...] = ()
    contract: ContractQuestion | None = None
    chain: ContractChain | None = None
