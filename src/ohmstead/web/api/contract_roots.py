"""The roots that Plug & Charge contracts are checked against."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.network.contract_root_actions import MOST_PEM_CHARS, distrust_root, trust_root
from ohmstead.network.models import ContractRoot
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import plainly, the

router = Router(tags=["Certificates"])
_RIGHT = Right.CONFIGURE


class RootIn(Input):
    certificate_pem: str = Field(
        min_length=1,
        max_length=MOST_PEM_CHARS,
        description="One certificate that signed itself.",
        examples=["-----BEGIN CERTIFICATE-----\nMIIB...\n-----END CERTIFICATE-----\n"],
    )


class RootOut(Schema):
    id: UUID
    name: str = Field(description="Its common name.", examples=["Example MO Root CA"])
    fingerprint: str = Field(description="SHA-256, hexadecimal.")
    certificate_pem: str
    not_after: datetime
    added_at: datetime


@operation(
    router,
    "GET",
    "/contract-roots",
    "list_contract_roots",
    "List trusted roots",
    right=_RIGHT,
    answers=page_of(RootOut),
)
def list_roots(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Newest first."""
    found = ContractRoot.objects.filter(organisation=viewer(request).organisation)
    return page(found, query, partial(plainly, RootOut), ("-added_at", "-pk"))


@operation(router, "POST", "/contract-roots", "trust_contract_root", "Trust a root", right=_RIGHT, answers=RootOut)
def trust(request: HttpRequest, body: RootIn) -> RootOut:
    """Contracts of cars that lead to it are accepted from now on."""
    who = viewer(request)
    return plainly(RootOut, trust_root(who.organisation, body.certificate_pem, by=who.actor))


@operation(
    router, "DELETE", "/contract-roots/{uuid:root_id}", "remove_contract_root", "No longer trust a root", right=_RIGHT
)
def distrust(request: HttpRequest, root_id: UUID) -> None:
    """Cars with a contract from it are refused from now on; charges that run go on."""
    who = viewer(request)
    distrust_root(the(ContractRoot.objects.filter(organisation=who.organisation), root_id, "root"), by=who.actor)
