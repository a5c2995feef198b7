"""API keys, the audit trail, and who the caller is."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.api_keys import create_api_key, revoke_api_key
from ohmstead.access.models import ApiKey, AuditEntry
from ohmstead.access.queries import api_keys
from ohmstead.access.rights import Right
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import plainly, the

keys = Router(tags=["API keys"])
audit = Router(tags=["Audit trail"])


class KeyIn(Input):
    name: str = Field(min_length=1, max_length=120, examples=["CRM"])
    scopes: list[Right] = Field(min_length=1, max_length=20, examples=[["view", "operate"]])
    expires_at: datetime | None = None


class KeyOut(Schema):
    id: UUID
    name: str = Field(examples=["CRM"])
    prefix: str = Field(description="How the key begins.")
    scopes: list[str] = Field(examples=[["view", "operate"]])
    valid: bool
    created_by: str = Field(examples=["Ada"])
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None


class NewKeyOut(KeyOut):
    key: str = Field(description="Told once; keep it in a safe place.", examples=["ohm_4f7Q..."])


class AuditQuery(PageQuery):
    verb: str = Field("", max_length=60, description="Such as station.accepted.")
    kind: str = Field("", max_length=40, description="What was changed, such as station: the verb's first part.")
    person: str = Field("", max_length=80, description="In the name of who did it.")
    thing: str = Field("", max_length=80, description="In the name of what was changed.")
    thing_id: str = Field("", max_length=40, description="Id of what was changed.")
    since: datetime | None = None
    before: datetime | None = None


class AuditOut(Schema):
    id: UUID
    at: datetime
    actor_kind: str = Field(description="user, key, station, guest or system.", examples=["user"])
    actor_name: str = Field(examples=["Ada"])
    verb: str = Field(examples=["station.accepted"])
    thing_kind: str = Field(examples=["network.station"])
    thing_id: str = Field(examples=["019a3c5e-7f10-7c3e-9d2a-5b6f0a1c2d3e"])
    thing_name: str = Field(examples=["HILL-1"])
    details: dict[str, Any] = Field(examples=[{"reason": ""}])


def _fields(key: ApiKey) -> dict[str, Any]:
    over = key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= timezone.now())
    plain = ("name", "prefix", "scopes", "created_at", "expires_at", "revoked_at", "last_used_at")
    values = {name: getattr(key, name) for name in plain}
    return {"id": key.pk, "valid": not over, "created_by": str(key.created_by or ""), **values}


@operation(keys, "GET", "/api-keys", "list_api_keys", "List keys", right=Right.INTEGRATE, answers=page_of(KeyOut))
def list_keys(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """Newest first, also those that open nothing any more."""
    found = api_keys(viewer(request).organisation)
    return page(found, query, lambda key: KeyOut(**_fields(key)), ("-created_at", "-pk"))


@operation(keys, "GET", "/api-keys/{uuid:key_id}", "get_api_key", "One key", right=Right.INTEGRATE, answers=KeyOut)
def get_key(request: HttpRequest, key_id: UUID) -> KeyOut:
    return KeyOut(**_fields(the(api_keys(viewer(request).organisation), key_id, "key")))


@operation(
    keys,
    "POST",
    "/api-keys",
    "create_api_key",
    "Make a key",
    right=Right.INTEGRATE,
    answers=NewKeyOut,
    location="/api-keys/{id}",
)
def create_key(request: HttpRequest, body: KeyIn) -> NewKeyOut:
    """With no scope that its maker does not have."""
    who = viewer(request)
    key, secret = create_api_key(
        who.organisation, body.name, body.scopes, allowed=who.rights, by=who.actor, expires_at=body.expires_at
    )
    return NewKeyOut(key=secret, **_fields(key))


@operation(
    keys,
    "POST",
    "/api-keys/{uuid:key_id}/revoke",
    "revoke_api_key",
    "Revoke a key",
    right=Right.INTEGRATE,
    answers=KeyOut,
    status=200,
)
def revoke_key(request: HttpRequest, key_id: UUID) -> KeyOut:
    """From the next request on it opens nothing. A key may revoke itself."""
    key = the(api_keys(viewer(request).organisation), key_id, "key")
    revoke_api_key(key, by=viewer(request).actor)
    return KeyOut(**_fields(key))


@operation(audit, "GET", "/audit", "list_audit", "Who did what", right=Right.AUDIT, answers=page_of(AuditOut))
def list_audit(request: HttpRequest, query: Query[AuditQuery]) -> Any:
    """Newest first."""
    found = AuditEntry.objects.filter(organisation=viewer(request).organisation)
    for name in ("verb", "thing_id"):
        if value := getattr(query, name):
            found = found.filter(**{name: value})
    if query.kind:
        found = found.filter(verb__startswith=f"{query.kind}.")
    if query.person:
        found = found.filter(actor_name__icontains=query.person)
    if query.thing:
        found = found.filter(thing_name__icontains=query.thing)
    if query.since:
        found = found.filter(at__gte=query.since)
    if query.before:
        found = found.filter(at__lt=query.before)
    return page(found, query, partial(plainly, AuditOut), ("-at", "-pk"))
