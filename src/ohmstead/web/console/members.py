"""The people of the organisation: invited, joined, with a role, removed."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access import members as actions
from ohmstead.access import queries
from ohmstead.access.errors import AccessError, BadInvitation
from ohmstead.access.models import Invitation, Membership, Role
from ohmstead.access.rights import Right, rights_of
from ohmstead.web.accounts.mails import send_invitation
from ohmstead.web.console import confirming
from ohmstead.web.console.role_words import ROLE_WORDS
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view


def _back() -> HttpResponse:
    return HttpResponseRedirect(reverse("members"))


def _done(request: ConsoleRequest, act: Callable[[], object], said: str) -> HttpResponse:
    """Back to the list, with what was done or why it was not."""
    try:
        act()
    except AccessError as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, said)
    return _back()


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError:
        raise BadInvitation("There is no such role.") from None


def _member(viewer: Viewer, member_id: UUID) -> Membership:
    found = queries.members(viewer.organisation).filter(pk=member_id).first()
    if found is None:
        raise Http404("No such member.")
    return found


def _invitation(viewer: Viewer, invitation_id: UUID) -> Invitation:
    found = queries.invitations(viewer.organisation).filter(pk=invitation_id).first()
    if found is None:
        raise Http404("No such invitation.")
    return found


@console_view(Right.PEOPLE)
def members(request: ConsoleRequest) -> HttpResponse:
    viewer = request.viewer
    return render(
        request,
        "console/members.html",
        {
            "here": "members",
            "members": list(queries.members(viewer.organisation)),
            "invitations": list(queries.invitations(viewer.organisation)),
            "roles": [(role, *ROLE_WORDS[role]) for role in Role if rights_of(role) <= viewer.rights],
            "now": timezone.now(),
        },
    )


@require_POST
@console_view(Right.PEOPLE)
def invite(request: ConsoleRequest) -> HttpResponse:
    email = request.POST.get("email", "").strip().lower()
    return _done(request, lambda: _invite(request, email, request.POST.get("role", "")), _mailed(email))


@require_POST
@console_view(Right.PEOPLE)
def resend(request: ConsoleRequest, invitation_id: UUID) -> HttpResponse:
    found = _invitation(request.viewer, invitation_id)
    return _done(request, lambda: _invite(request, found.email, found.role), _mailed(found.email))


def _invite(request: ConsoleRequest, email: str, role: str) -> None:
    viewer = request.viewer
    invitation, secret = actions.invite(viewer.organisation, email, _role(role), allowed=viewer.rights, by=viewer.actor)
    send_invitation(request, invitation, secret)


def _mailed(email: str) -> str:
    return _("An invitation is on its way to %(email)s. It holds for a week.") % {"email": email}


@require_POST
@console_view(Right.PEOPLE)
def withdraw(request: ConsoleRequest, invitation_id: UUID) -> HttpResponse:
    found = _invitation(request.viewer, invitation_id)
    said = _("The invitation of %(email)s is withdrawn.") % {"email": found.email}
    return _done(request, lambda: actions.withdraw_invitation(found, by=request.viewer.actor), said)


@require_POST
@console_view(Right.PEOPLE)
def change_role(request: ConsoleRequest, member_id: UUID) -> HttpResponse:
    viewer, found = request.viewer, _member(request.viewer, member_id)
    said = _("The role of %(person)s is changed.") % {"person": found.user}
    role = request.POST.get("role", "")
    return _done(request, lambda: actions.change_role(found, _role(role), allowed=viewer.rights, by=viewer.actor), said)


@console_view(Right.PEOPLE)
def remove(request: ConsoleRequest, member_id: UUID) -> HttpResponse:
    viewer, found = request.viewer, _member(request.viewer, member_id)
    if confirming.is_confirmed(request):
        said = _("%(person)s is no longer a member.") % {"person": found.user}
        return _done(request, lambda: actions.remove_member(found, allowed=viewer.rights, by=viewer.actor), said)
    return confirming.ask(
        request,
        here="members",
        title=_("Remove %(person)s?") % {"person": found.user},
        sentences=[
            _("%(email)s loses access to %(organisation)s at once. The account itself stays.")
            % {"email": found.user.email, "organisation": viewer.organisation.name}
        ],
        button=_("Remove member"),
        back=reverse("members"),
    )
