"""Ways to sign in, where one is signed in, and another e-mail address."""

from typing import Any

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.drivers import sign_in_codes
from ohmstead.drivers.errors import CodeRefused, TooManyCodes
from ohmstead.drivers.models import CodePurpose
from ohmstead.web.accounts.account import ways_to_sign_in
from ohmstead.web.driver.account import mails, ways_in
from ohmstead.web.driver.account.who import DriverRequest, account_view


@account_view
def security(request: DriverRequest) -> HttpResponse:
    context: dict[str, Any] = ways_to_sign_in(request) | {"ways": ways_in.offered(), "tab": "account"}
    return render(request, "driver/account/security.html", context)


@require_POST
@account_view
def new_email(request: DriverRequest) -> HttpResponse:
    """The new address must prove itself; whether it belongs to another account is not told here."""
    if not did_recently_reauthenticate(request):
        return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?next={reverse('me-security')}")
    try:
        asked = sign_in_codes.ask(
            request.me.organisation,
            request.POST.get("email", ""),
            place=request.META.get("REMOTE_ADDR", ""),
            now=timezone.now(),
            purpose=CodePurpose.CHANGE_EMAIL,
            user=request.me.user,
        )
    except (CodeRefused, TooManyCodes) as error:
        messages.error(request, _(str(error)))
        return HttpResponseRedirect(reverse("me-security"))
    mails.send_new_address(request, request.me.organisation, request.POST["email"], asked)
    messages.success(request, _("Open the link we sent to the new address. Until then nothing changes."))
    return HttpResponseRedirect(reverse("me-security"))


@require_POST
@account_view
def end_session(request: DriverRequest, login_id: int) -> HttpResponse:
    found = UserSession.objects.filter(user=request.me.user, pk=login_id).first()
    if found is None:
        raise Http404("No such session.")
    found.end()
    messages.success(request, _("That browser is signed out."))
    return HttpResponseRedirect(reverse("me-security"))


@require_POST
@account_view
def end_others(request: DriverRequest) -> HttpResponse:
    others = UserSession.objects.filter(user=request.me.user).exclude(session_key=request.session.session_key)
    for each in others:
        each.end()
    messages.success(request, _("All other browsers are signed out."))
    return HttpResponseRedirect(reverse("me-security"))
