"""Signing up and signing in are the same three steps: an address, the code mailed to it, and one is in."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ohmstead.access.models import Organisation, User
from ohmstead.drivers import accounts, sign_in_codes
from ohmstead.drivers.errors import AccountRefused, CodeRefused, TooManyCodes
from ohmstead.drivers.models import CodePurpose, SignInCode
from ohmstead.web.driver.account import mails, ways_in
from ohmstead.web.driver.account.who import self_of
from ohmstead.web.driver.scope import viewer_of_driver

_ASKED: Final = "enter_code"  # the session's keys: which code this browser asked for, and where to go then
_NEXT: Final = "enter_next"


@never_cache
def enter(request: Any) -> HttpResponse:
    organisation = _shown(request)
    next_url = safe(request, request.GET.get("next") or request.POST.get("next", ""))
    if self_of(request.driver) is not None:
        return HttpResponseRedirect(next_url)
    context: dict[str, Any] = {"organisation": organisation, "next": next_url, "ways": ways_in.offered()}
    if request.method == "POST":
        try:
            asked = sign_in_codes.ask(
                organisation,
                request.POST.get("email", ""),
                place=request.META.get("REMOTE_ADDR", ""),
                now=timezone.now(),
            )
        except (CodeRefused, TooManyCodes) as error:
            status = 429 if isinstance(error, TooManyCodes) else 422
            context |= {"error": _(str(error)), "email": request.POST.get("email", "")[:254]}
            return render(request, "driver/account/enter.html", context, status=status)
        mails.send_code(request, organisation, request.POST["email"], asked)
        request.session[_ASKED], request.session[_NEXT] = str(asked.id), next_url
        return HttpResponseRedirect(reverse("enter-code"))
    return render(request, "driver/account/enter.html", context)


@never_cache
def enter_code(request: Any) -> HttpResponse:
    """Only the browser that asked may type the code: nobody else can guess at it."""
    organisation = _shown(request)
    asked = request.session.get(_ASKED)
    if asked is None:
        return HttpResponseRedirect(reverse("enter"))
    context: dict[str, Any] = {"organisation": organisation}
    if request.method == "POST":
        try:
            proof = sign_in_codes.redeem_code(UUID(asked), request.POST.get("code", ""), now=timezone.now())
            return _let_in(request, proof)
        except (CodeRefused, AccountRefused) as error:
            context["error"] = _(str(error))
            return render(request, "driver/account/enter_code.html", context, status=422)
    return render(request, "driver/account/enter_code.html", context)


@never_cache
def enter_link(request: Any, secret: str) -> HttpResponse:
    """The mailed link asks for one press of a button, so that a mail program that opens it signs nobody in."""
    organisation = _shown(request)
    context: dict[str, Any] = {"organisation": organisation, "secret": secret}
    now = timezone.now()
    if request.method == "POST":
        try:
            proof = sign_in_codes.redeem_link(secret, now=now)
            if proof.purpose == CodePurpose.CHANGE_EMAIL:
                return _change_email(request, proof)
            return _let_in(request, proof)
        except (CodeRefused, AccountRefused) as error:
            context["error"] = _(str(error))
    elif not sign_in_codes.link_holds(secret, now):
        context["error"] = _("This code or link was used already or is too old. Ask for a new one.")
    return render(request, "driver/account/enter_link.html", context, status=410 if "error" in context else 200)


@never_cache
def become(request: Any) -> HttpResponse:
    """Somebody who has an account, such as an operator, wants to charge here too."""
    organisation = _shown(request)
    if not request.user.is_authenticated:
        return HttpResponseRedirect(reverse("enter"))
    if request.method == "POST":
        accounts.become_driver(request.user, organisation, language=get_language() or "")
        return HttpResponseRedirect(reverse("driver-account"))
    if self_of(request.driver) is not None:
        return HttpResponseRedirect(reverse("driver-account"))
    return render(request, "driver/account/become.html", {"organisation": organisation})


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect(reverse("enter"))


def _shown(request: Any) -> Organisation:
    """Whose door it is; the frame of the page shows it."""
    viewer = viewer_of_driver(request)
    if viewer is None:
        raise Http404("There is no organisation yet.")
    request.driver = viewer
    return viewer.organisation


def _let_in(request: Any, proof: SignInCode) -> HttpResponse:
    """Through django-allauth, so that a second step is asked for where there is one."""
    user, _driver, is_new = accounts.open_account(proof, language=get_language() or "")
    there = request.session.pop(_NEXT, "") or reverse("driver-account")
    request.session.pop(_ASKED, None)
    if request.user.is_authenticated and request.user.pk != user.pk:
        logout(request)
    record_authentication(request, user, method="code", email=proof.email, reauthenticated=True)
    answer: HttpResponse = perform_login(
        request, user, redirect_url=_welcome(there) if is_new else there, signup=False, email=proof.email
    )
    return answer


def _welcome(there: str) -> str:
    return f"{reverse('welcome')}?{urlencode({'next': there})}"


def _change_email(request: Any, proof: SignInCode) -> HttpResponse:
    before = accounts.change_email(proof)
    user: User | None = proof.user
    if user is not None:
        ways_in.address_changed(user, before)
        mails.send_address_changed(request, proof.organisation, before)
    return HttpResponseRedirect(reverse("me-security"))


def safe(request: HttpRequest, url: str) -> str:
    """An address of ours, or else the account."""
    good = url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())
    return url if good and url.startswith("/") else reverse("driver-account")
