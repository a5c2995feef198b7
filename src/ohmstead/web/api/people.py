"""Members with their roles, and invitations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from ohmstead.access import members, queries
from ohmstead.access.models import Invitation, Membership, Role
from ohmstead.access.rights import Right
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import Input, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import the
from ohmstead.web.scope import Viewer

router = Router(tags=["People"])

_PEOPLE = Right.PEOPLE


class RoleIn(Input):
    role: Role = Field(examples=["operator"])


class InvitationIn(RoleIn):
    email: str = Field(min_length=3, max_length=254)


class MemberOut(Schema):
    id: UUID
    name: str = Field(examples=["Ada"])
    email: str
    role: str = Field(examples=["operator"])


class InvitationOut(Schema):
    id: UUID
    email: str
    role: str = Field(examples=["operator"])
    invited_by: str = Field(examples=["Ada"])
    created_at: datetime
    expires_at: datetime


def _member_out(row: Membership) -> MemberOut:
    return MemberOut(id=row.pk, name=row.user.name, email=row.user.email, role=row.role)


def _invitation_out(row: Invitation) -> InvitationOut:
    plain = ("email", "role", "created_at", "expires_at")
    return InvitationOut(
        id=row.pk, invited_by=str(row.invited_by or ""), **{name: getattr(row, name) for name in plain}
    )


def _invited(request: HttpRequest, who: Viewer, email: str, role: Role) -> InvitationOut:
    from ohmstead.web.accounts.mails import send_invitation

    invitation, secret = members.invite(who.organisation, email, role, allowed=who.rights, by=who.actor)
    send_invitation(request, invitation, secret)
    return _invitation_out(invitation)


@operation(router, "GET", "/members", "list_members", "List members", right=_PEOPLE, answers=page_of(MemberOut))
def list_members(request: HttpRequest, query: Query[PageQuery]) -> Any:
    found = queries.members(viewer(request).organisation)
    return page(found, query, _member_out, ("pk",))


@operation(
    router,
    "PATCH",
    "/members/{uuid:member_id}",
    "change_member_role",
    "Change the role of a member",
    right=_PEOPLE,
    answers=MemberOut,
)
def change_role(request: HttpRequest, member_id: UUID, body: RoleIn) -> MemberOut:
    """Nobody gives or takes a role that may do more than themselves; the last owner stays one."""
    who = viewer(request)
    members.change_role(_member(who, member_id), body.role, allowed=who.rights, by=who.actor)
    return _member_out(_member(who, member_id))


def _member(who: Viewer, member_id: UUID) -> Membership:
    found: Membership = the(queries.members(who.organisation), member_id, "member")
    return found


@operation(router, "DELETE", "/members/{uuid:member_id}", "remove_member", "Remove a member", right=_PEOPLE)
def remove_member(request: HttpRequest, member_id: UUID) -> None:
    """The person loses access at once; the account itself stays."""
    who = viewer(request)
    members.remove_member(_member(who, member_id), allowed=who.rights, by=who.actor)


@operation(
    router,
    "GET",
    "/invitations",
    "list_invitations",
    "List invitations",
    right=_PEOPLE,
    answers=page_of(InvitationOut),
)
def list_invitations(request: HttpRequest, query: Query[PageQuery]) -> Any:
    """By address."""
    return page(queries.invitations(viewer(request).organisation), query, _invitation_out, ("email", "pk"))


@operation(router, "POST", "/invitations", "invite", "Invite somebody", right=_PEOPLE, answers=InvitationOut)
def invite(request: HttpRequest, body: InvitationIn) -> InvitationOut:
    """By mail, with a link that holds for a week. Sent to the same address again it replaces the first."""
    return _invited(request, viewer(request), body.email, body.role)


@operation(
    router,
    "POST",
    "/invitations/{uuid:invitation_id}/resend",
    "resend_invitation",
    "Send an invitation again",
    right=_PEOPLE,
    answers=InvitationOut,
    status=200,
)
def resend(request: HttpRequest, invitation_id: UUID) -> InvitationOut:
    """The earlier link ends."""
    who = viewer(request)
    found = the(queries.invitations(who.organisation), invitation_id, "invitation")
    return _invited(request, who, found.email, Role(found.role))


@operation(
    router,
    "DELETE",
    "/invitations/{uuid:invitation_id}",
    "withdraw_invitation",
    "Withdraw an invitation",
    right=_PEOPLE,
)
def withdraw(request: HttpRequest, invitation_id: UUID) -> None:
    who = viewer(request)
    found = the(queries.invitations(who.organisation), invitation_id, "invitation")
    members.withdraw_invitation(found, by=who.actor)
