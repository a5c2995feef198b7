"""How a driver wants to be told: by event and channel, and whether this browser may be woken."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.drivers import notice_words, notices, push, text_messages
from ohmstead.drivers.errors import PushRefused
from ohmstead.drivers.models import PushSubscription
from ohmstead.drivers.rules.notices import CHANNELS, KINDS, is_wanted
from ohmstead.web.accounts.browsers import browser_words
from ohmstead.web.driver.account.who import DriverRequest, account_view

_MOST_BYTES = 4_000


@account_view
def choices(request: DriverRequest) -> HttpResponse:
    driver = request.me.driver
    channels = [each for each in CHANNELS if each != "sms" or text_messages.provider is not None]
    if request.method == "POST":
        wanted = {(channel, kind) for channel in CHANNELS for kind in KINDS if f"{channel}-{kind}" in request.POST}
        notices.choose(driver, wanted, by=request.me.actor)
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(reverse("me-notices"))
    chosen = notices.choices_of(driver)
    words = {"push": _("On this device"), "email": _("By e-mail"), "sms": _("By text message")}
    context: dict[str, Any] = {
        "channels": [words[each] for each in channels],
        "rows": [
            {
                "word": notice_words.title(kind),
                "cells": [(f"{each}-{kind}", words[each], is_wanted(each, kind, chosen)) for each in channels],
            }
            for kind in KINDS
        ],
        "browsers": list(PushSubscription.objects.filter(driver=driver).order_by("-created_at")),
        "push_key": push.public_key(),
        "past": list(request.me.notices()[:10]),
        "tab": "account",
    }
    for each in context["past"]:
        each.title = notice_words.title(each.kind)
        each.body = notice_words.body(each.kind, each.details, each.at, request.me.zone)
    return render(request, "driver/account/notices.html", context)


@require_POST
@account_view
def subscribe(request: DriverRequest) -> HttpResponse:
    """What the browser's push service gave it, as JSON."""
    try:
        sent = json.loads(request.body[: _MOST_BYTES + 1]) if len(request.body) <= _MOST_BYTES else None
        endpoint, keys = str(sent["endpoint"]), sent["keys"]  # type: ignore[index]
        notices.subscribe(
            request.me.driver,
            endpoint,
            str(keys["p256dh"]),
            str(keys["auth"]),
            browser=browser_words(request.headers.get("User-Agent", "")),
            language=get_language() or "",
            by=request.me.actor,
        )
    except (ValueError, KeyError, TypeError, PushRefused) as error:
        said = _(str(error)) if isinstance(error, PushRefused) else _("That is no subscription.")
        return JsonResponse({"detail": said}, status=422)
    return JsonResponse({}, status=201)


@require_POST
@account_view
def unsubscribe(request: DriverRequest) -> HttpResponse:
    notices.unsubscribe(request.me.driver, request.POST.get("endpoint", ""), by=request.me.actor)
    messages.success(request, _("That device gets no notices any more."))
    return HttpResponseRedirect(reverse("me-notices"))
