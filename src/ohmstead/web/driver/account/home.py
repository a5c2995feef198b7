"""The account's first page, the welcome of somebody new, and what a driver says about themselves."""

from typing import Any, Final

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ohmstead.access.models import Membership
from ohmstead.charging.driver_history import this_month
from ohmstead.drivers import keeping
from ohmstead.drivers.errors import AccountRefused
from ohmstead.drivers.models import Consent, ConsentKind
from ohmstead.drivers.queries import consents_now
from ohmstead.web.driver.account.door import safe
from ohmstead.web.driver.account.who import DriverRequest, Self, account_view

WORDINGS: Final = {
    ConsentKind.AUTOCHARGE: gettext_lazy(
        "My car may be recognised by the address it tells a station, so that charging starts when I plug in."
    ),
    ConsentKind.PLATES: gettext_lazy(
        "Cameras at charging places may recognise the licence plates I entered, so that charging starts when I plug in."
    ),
    ConsentKind.NEWS: gettext_lazy("The operator may send me news by e-mail."),
}
_TITLES: Final = {
    ConsentKind.AUTOCHARGE: gettext_lazy("Autocharge"),
    ConsentKind.PLATES: gettext_lazy("Licence plates"),
    ConsentKind.NEWS: gettext_lazy("News"),
}


@account_view
def me(request: DriverRequest) -> HttpResponse:
    mine = request.me
    context = {
        "month": this_month(mine.sessions(), mine.zone),
        "links": _links(mine),
        "also_operator": Membership.objects.filter(user=mine.user, organisation=mine.organisation).exists(),
        "tab": "account",
    }
    return render(request, "driver/account/me.html", context)


@account_view
def welcome(request: DriverRequest) -> HttpResponse:
    """Once, after signing up: a passkey makes the next time faster, and nobody has to take one."""
    has_passkey = Authenticator.objects.filter(user=request.me.user, type=Authenticator.Type.WEBAUTHN).exists()
    if has_passkey:
        return HttpResponseRedirect(reverse("driver-account"))
    there = safe(request, request.GET.get("next", ""))
    return render(request, "driver/account/welcome.html", {"tab": "account", "there": there})


@account_view
def profile(request: DriverRequest) -> HttpResponse:
    driver = request.me.driver
    context: dict[str, Any] = {"driver": driver, "consents": _consents(request), "tab": "account"}
    context["past_consents"] = list(Consent.objects.filter(driver=driver).order_by("-at", "-pk")[:50])
    if request.method != "POST":
        return render(request, "driver/account/profile.html", context)
    try:
        keeping.change_profile(driver, by=request.me.actor, **_profile_of(request))
    except AccountRefused as error:
        driver.refresh_from_db()
        return render(request, "driver/account/profile.html", context | {"error": _(str(error))}, status=422)
    messages.success(request, _("Saved."))
    answer = HttpResponseRedirect(reverse("me-profile"))
    if driver.language in dict(settings.LANGUAGES):
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            driver.language,
            max_age=365 * 24 * 3600,
            samesite="Lax",
            secure=request.is_secure(),
        )
    return answer


@require_POST
@account_view
def consent(request: DriverRequest) -> HttpResponse:
    kind = request.POST.get("kind", "")
    if kind in ConsentKind.values:
        chosen = ConsentKind(kind)
        given = request.POST.get("given") == "1"
        keeping.set_consent(request.me.driver, chosen, given, wording=str(WORDINGS[chosen]), by=request.me.actor)
        messages.success(request, _("Saved."))
    return HttpResponseRedirect(reverse("me-profile") + "#consents")


def _links(mine: Self) -> list[dict[str, str]]:
    cars = ", ".join(vehicle.name for vehicle in mine.vehicles()[:3])
    rows = (
        ("me-vehicles", "car", _("Vehicles"), cars),
        ("me-cards", "credit-card", _("Cards, Autocharge, plates"), _("Everything that starts a charge for you")),
        ("me-notices", "bell", _("Notices"), _("When to tell you, and how")),
        ("me-preferences", "adjustments", _("Preferences"), ""),
        ("me-profile", "user", _("About you"), _("Name, language, what helps you, what you agreed to")),
        ("me-security", "shield-lock", _("Signing in"), _("Passkeys, second step, where you are signed in")),
        ("me-data", "database", _("Your data"), _("Take it along, or erase the account")),
    )
    return [{"url": reverse(name), "icon": icon, "word": word, "sub": sub} for name, icon, word, sub in rows]


def _profile_of(request: DriverRequest) -> dict[str, str]:
    language = request.POST.get("language", "")
    known = language in dict(settings.LANGUAGES)
    fields = {name: request.POST.get(name, "") for name in ("name", "phone", "time_zone", "needs")}
    return fields | {"language": language if known else ""}


def _consents(request: DriverRequest) -> list[dict[str, Any]]:
    now = consents_now(request.me.driver)
    return [
        {"kind": kind.value, "title": _TITLES[kind], "wording": WORDINGS[kind], "given": now.get(kind.value, False)}
        for kind in ConsentKind
    ]
