"""What a station said: its messages, its timeline, what had to be mended, its certificates."""

from datetime import datetime
from functools import partial
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.network import certificate_actions, certificate_queries, queries
from ohmstead.network.models import Certificate, Deviation, StationEvent
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import plainly, the

stations = Router(tags=["Stations"])
certificates = Router(tags=["Certificates"])


class TimelineQuery(PageQuery):
    kind: str = Field("", max_length=20, description="connection, boot, fault, security, firmware, log ...")


class EventOut(Schema):
    id: UUID
    at: datetime
    kind: Literal["connection", "boot", "security", "firmware", "log", "notice", "rejected", "certificate"] | str
    title: str = Field(examples=["Started: power up"])
    detail: dict[str, Any] = Field(examples=[{"reason": "PowerUp"}])


class DeviationOut(Schema):
    code: str = Field(examples=["time_empty"])
    action: str
    sentence: str = Field(examples=["A time was missing; that of arrival stands."])
    example: str = Field(examples=['{"timestamp": ""}'])
    count: int
    first_at: datetime
    last_at: datetime


class CertificateOut(Schema):
    id: UUID
    serial: str = Field(examples=["5f3a"])
    fingerprint: str = Field(description="SHA-256, hexadecimal.", examples=["9f86d081"])
    not_before: datetime
    not_after: datetime
    revoked_at: datetime | None
    revoked_because: str


class TrustedOut(Schema):
    id: UUID
    kind: str = Field(description="csms_root, manufacturer_root, v2g_root, v2g_chain ...", examples=["csms_root"])
    hash_algorithm: str = Field(examples=["SHA256"])
    issuer_name_hash: str = Field(examples=["9f86d081"])
    issuer_key_hash: str = Field(examples=["60303ae2"])
    serial_number: str = Field(examples=["5f3a"])
    place: int = Field(description="In its chain; 0 is the certificate itself.", examples=[0])
    reported_at: datetime


class IssuedOut(Schema):
    serial: str = Field(examples=["5f3a"])
    certificate_pem: str = Field(examples=["-----BEGIN CERTIFICATE-----"])
    key_pem: str = Field(description="Told once; it is not kept.", examples=["-----BEGIN PRIVATE KEY-----"])


class RevokeIn(Input):
    reason: str = Field("", max_length=120, examples=["Lost"])


@operation(
    stations,
    "GET",
    "/stations/{identity}/timeline",
    "list_timeline",
    "Timeline of a station",
    answers=page_of(EventOut),
)
def list_timeline(request: HttpRequest, identity: str, query: Query[TimelineQuery]) -> Any:
    """What it told that is no status, no session and no reading; newest first."""
    found = StationEvent.objects.filter(station=viewer(request).station(identity))
    if query.kind:
        found = found.filter(kind=query.kind)
    return page(found, query, partial(plainly, EventOut), ("-at", "-pk"))


@operation(
    stations,
    "GET",
    "/stations/{identity}/deviations",
    "list_deviations",
    "What had to be mended",
    answers=page_of(DeviationOut),
)
def list_deviations(request: HttpRequest, identity: str, query: Query[PageQuery]) -> Any:
    """Kinds of mends made to what the station sends, counted; the newest first."""
    found = Deviation.objects.filter(station=viewer(request).station(identity))
    return page(found, query, partial(plainly, DeviationOut), ("-last_at", "-pk"))


@operation(
    certificates,
    "GET",
    "/stations/{identity}/certificates",
    "list_certificates",
    "Certificates of a station",
    answers=page_of(CertificateOut),
)
def list_certificates(request: HttpRequest, identity: str, query: Query[PageQuery]) -> Any:
    """Those our authority issued to it, the newest first."""
    found = queries.certificates(viewer(request).station(identity))
    return page(found, query, partial(plainly, CertificateOut), ("-not_before", "-pk"))


@operation(
    certificates,
    "GET",
    "/stations/{identity}/trusted-certificates",
    "list_trusted_certificates",
    "What a station trusts",
    answers=page_of(TrustedOut),
)
def list_trusted(request: HttpRequest, identity: str, query: Query[PageQuery]) -> Any:
    """As it last reported, by kind; ask it again with `list_certificates`, add with `install_certificate`."""
    found = certificate_queries.installed(viewer(request).station(identity))
    return page(found, query, partial(plainly, TrustedOut), ("kind", "pk"))


@operation(
    certificates,
    "POST",
    "/stations/{identity}/certificates",
    "issue_certificate",
    "Issue a certificate",
    right=Right.CONFIGURE,
    answers=IssuedOut,
)
def issue_certificate(request: HttpRequest, identity: str) -> IssuedOut:
    """Key and certificate for a station that makes no signing request. The key is told once."""
    issued: Any = certificate_actions.issue_certificate(viewer(request).station(identity), by=viewer(request).actor)
    return IssuedOut(serial=issued.serial, certificate_pem=issued.certificate_pem, key_pem=issued.key_pem)


@operation(
    certificates,
    "POST",
    "/certificates/{uuid:certificate_id}/revoke",
    "revoke_certificate",
    "Revoke a certificate",
    right=Right.CONFIGURE,
    answers=CertificateOut,
    status=200,
)
def revoke_certificate(request: HttpRequest, certificate_id: UUID, body: RevokeIn) -> Any:
    """No connection with it is let in again; an open one is closed."""
    who = viewer(request)
    mine = Certificate.objects.filter(station__organisation=who.organisation)
    certificate_actions.revoke_certificate(the(mine, certificate_id, "certificate"), by=who.actor, reason=body.reason)
    return partial(plainly, CertificateOut)(the(mine, certificate_id, "certificate"))
