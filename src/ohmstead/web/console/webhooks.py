"""Webhooks: list, make, change, look at deliveries, send again."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.integration import actions, queries
from ohmstead.integration.errors import BadWebhook, WebhookDisabledNow
from ohmstead.integration.events import SUBSCRIBABLE
from ohmstead.integration.models import DeliveryState, Webhook
from ohmstead.web.console import confirming
from ohmstead.web.console.event_words import EVENT_WORDS
from ohmstead.web.console.paging import page_of
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_MOST: Final = 100


def the_webhook(viewer: Viewer, webhook_id: UUID) -> Any:
    found = queries.webhooks(viewer.organisation).filter(pk=webhook_id).first()
    if found is None:
        raise Http404("No such webhook.")
    return found


def _typed(request: HttpRequest) -> dict[str, Any]:
    values: Any = {name: request.POST.get(name, "") for name in ("url", "description")}
    return values | {"kinds": [kind for kind in request.POST.getlist("kinds") if kind in SUBSCRIBABLE]}


def _form(values: dict[str, Any], error: str = "") -> dict[str, Any]:
    kinds = [(kind, EVENT_WORDS[kind], kind in values["kinds"]) for kind in SUBSCRIBABLE]
    return {"here": "webhooks", "typed": values, "kinds": kinds, "error": error}


@never_cache
@console_view(Right.INTEGRATE)
def webhooks(request: ConsoleRequest) -> HttpResponse:
    viewer = request.viewer
    values: dict[str, Any] = {"url": "", "description": "", "kinds": []}
    error = ""
    if request.method == "POST":
        values = _typed(request)
        try:
            made, secret = actions.create_webhook(viewer.organisation, by=viewer.actor, **values)
        except BadWebhook as refused:
            error = _(str(refused))
        else:
            return render(request, "console/webhook_secret.html", {"here": "webhooks", "hook": made, "secret": secret})
    context = _form(values, error) | {"hooks": list(queries.webhooks(viewer.organisation)[:_MOST])}
    return render(request, "console/webhooks.html", context, status=422 if error else 200)


@never_cache
@console_view(Right.INTEGRATE)
def webhook(request: ConsoleRequest, webhook_id: UUID) -> HttpResponse:
    viewer = request.viewer
    hook = the_webhook(viewer, webhook_id)
    values, error = {"url": hook.url, "description": hook.description, "kinds": hook.kinds}, ""
    if request.method == "POST":
        values = _typed(request)
        try:
            actions.change_webhook(hook, by=viewer.actor, **values)
        except BadWebhook as refused:
            error, hook = _(str(refused)), the_webhook(viewer, webhook_id)
        else:
            messages.success(request, _("The webhook is changed."))
            return HttpResponseRedirect(reverse("webhook", args=[hook.pk]))
    state = request.GET.get("state", "")
    deliveries = queries.deliveries(hook)
    if state in DeliveryState.values:
        deliveries = deliveries.filter(state=state)
    page = page_of(deliveries, request.GET)
    more = {"hook": hook, "state": state, "query": request.GET, "page": page}
    return render(request, "console/webhook.html", _form(values, error) | more, status=422 if error else 200)


@require_POST
@never_cache
@console_view(Right.INTEGRATE)
def rotate(request: ConsoleRequest, webhook_id: UUID) -> HttpResponse:
    hook = the_webhook(request.viewer, webhook_id)
    secret = actions.rotate_secret(hook, by=request.viewer.actor)
    context = {"here": "webhooks", "hook": hook, "secret": secret, "rotated": True}
    return render(request, "console/webhook_secret.html", context)


@require_POST
@console_view(Right.INTEGRATE)
def switch(request: ConsoleRequest, webhook_id: UUID) -> HttpResponse:
    hook = the_webhook(request.viewer, webhook_id)
    actions.set_active(hook, request.POST.get("active") == "1", by=request.viewer.actor)
    return HttpResponseRedirect(reverse("webhook", args=[hook.pk]))


@require_POST
@console_view(Right.INTEGRATE)
def send_test(request: ConsoleRequest, webhook_id: UUID) -> HttpResponse:
    hook = the_webhook(request.viewer, webhook_id)
    return _sending(request, hook, lambda: actions.send_test(hook, by=request.viewer.actor), _("A test is on its way."))


@require_POST
@console_view(Right.INTEGRATE)
def replay(request: ConsoleRequest, webhook_id: UUID, delivery_id: UUID) -> HttpResponse:
    hook = the_webhook(request.viewer, webhook_id)
    delivery = hook.deliveries.select_related("webhook").filter(pk=delivery_id).first()
    if delivery is None:
        raise Http404("No such delivery.")
    return _sending(request, hook, lambda: actions.replay(delivery, by=request.viewer.actor), _("It is sent again."))


@require_POST
@console_view(Right.INTEGRATE)
def replay_failed(request: ConsoleRequest, webhook_id: UUID) -> HttpResponse:
    hook = the_webhook(request.viewer, webhook_id)
    said = _("Everything that failed is sent again.")
    return _sending(request, hook, lambda: actions.replay_failed(hook, by=request.viewer.actor), said)


def _sending(request: ConsoleRequest, hook: Webhook, send: Any, said: str) -> HttpResponse:
    try:
        send()
    except WebhookDisabledNow as refused:
        messages.error(request, _(str(refused)))
    else:
        messages.success(request, said)
    return HttpResponseRedirect(reverse("webhook", args=[hook.pk]))


@console_view(Right.INTEGRATE)
def delete(request: ConsoleRequest, webhook_id: UUID) -> HttpResponse:
    hook = the_webhook(request.viewer, webhook_id)
    if confirming.is_confirmed(request):
        actions.delete_webhook(hook, by=request.viewer.actor)
        messages.success(request, _("The webhook is deleted."))
        return HttpResponseRedirect(reverse("webhooks"))
    return confirming.ask(
        request,
        here="webhooks",
        title=_("Delete the webhook %(name)s?") % {"name": str(hook)},
        sentences=[_("It is told nothing more, and the record of its deliveries goes with it.")],
        button=_("Delete webhook"),
        back=reverse("webhook", args=[hook.pk]),
    )
