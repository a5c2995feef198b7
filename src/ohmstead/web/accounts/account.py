"""One's own account: name, ways to sign in, where one is signed in, which organisation one works for."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.actions import rename_user
from ohmstead.access.actors import Actor
from ohmstead.access.errors import BadName
from ohmstead.drivers.models import Driver
from ohmstead.web.accounts.browsers import browser_words
from ohmstead.web.scope import CHOSEN, viewer_of_request


@login_required
def account(request: Any) -> HttpResponse:
    viewer = viewer_of_request(request)
    if viewer is None and Driver.objects.filter(user=request.user).exists():
        return HttpResponseRedirect(reverse("me-security"))
    if viewer is not None:
        request.viewer = viewer
    frame = "console/frame.html" if viewer else "accounts/alone.html"
    context = ways_to_sign_in(request) | {"here": "account", "frame": frame, "viewer": viewer}
    return render(request, "accounts/account.html", context)


def ways_to_sign_in(request: Any) -> dict[str, Any]:
    authenticators = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    kinds = {each.type for each in authenticators}
    return {
        "passkeys": [each.wrap() for each in authenticators if each.type == Authenticator.Type.WEBAUTHN],
        "has_app": Authenticator.Type.TOTP in kinds,
        "has_codes": Authenticator.Type.RECOVERY_CODES in kinds,
        "sessions": _sessions(request),
    }


def _sessions(request: Any) -> list[dict[str, Any]]:
    found = UserSession.objects.purge_and_list(request.user)
    found.sort(key=lambda each: each.created_at, reverse=True)
    return [
        {
            "id": each.pk,
            "browser": browser_words(each.user_agent),
            "ip": each.ip,
            "since": each.created_at,
            "current": each.session_key == request.session.session_key,
        }
        for each in found
    ]


@require_POST
@login_required
def set_name(request: Any) -> HttpResponse:
    try:
        rename_user(request.user, request.POST.get("name", ""), by=Actor.of_user(request.user))
    except BadName as error:
        messages.error(request, _(str(error)))
    return HttpResponseRedirect(reverse("account"))


@require_POST
@login_required
def end_session(request: Any, session_id: int) -> HttpResponse:
    """Sign out a browser of one's own; another person's does not exist."""
    found = UserSession.objects.filter(user=request.user, pk=session_id).first()
    if found is None:
        raise Http404("No such session.")
    found.end()
    messages.success(request, _("That browser is signed out."))
    return HttpResponseRedirect(reverse("account"))


@require_POST
@login_required
def end_other_sessions(request: Any) -> HttpResponse:
    for each in UserSession.objects.filter(user=request.user).exclude(session_key=request.session.session_key):
        each.end()
    messages.success(request, _("All other browsers are signed out."))
    return HttpResponseRedirect(reverse("account"))


@require_POST
@login_required
def choose_organisation(request: Any) -> HttpResponse:
    """Kept in the session; what the person is no member of is not chosen."""
    viewer = viewer_of_request(request)
    wanted = request.POST.get("organisation", "")
    if viewer is None or wanted not in {str(each.pk) for each in viewer.organisations}:
        raise Http404("No such organisation.")
    request.session[CHOSEN] = wanted
    return HttpResponseRedirect(reverse("overview"))


def too_many(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)
