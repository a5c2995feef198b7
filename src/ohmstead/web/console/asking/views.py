"""The form of an operation, and asking."""

from datetime import timedelta
from typing import Any, Final

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ohmstead.charging.models import SessionState
from ohmstead.network.command_actions import ask_station
from ohmstead.network.errors import NetworkError
from ohmstead.network.models import Command, Evse, Station
from ohmstead.station.commands import RawCommand
from ohmstead.station.commands.operations import OPERATIONS, Operation
from ohmstead.web.command_rights import right_of
from ohmstead.web.console.asking import rows
from ohmstead.web.console.asking.fields import Choice, Form, Offered, Typed
from ohmstead.web.console.asking.offers import Offers, dialect_of, why_not
from ohmstead.web.console.asking.raw import actions_of, example_of
from ohmstead.web.console.asking.wish import wish_of
from ohmstead.web.console.operation_words import title
from ohmstead.web.console.station.page import head
from ohmstead.web.console.words import plug_standard
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view, forbid_without

_MOST_SESSIONS: Final = 20
WAITS: Final = {"1h": timedelta(hours=1), "24h": timedelta(hours=24), "7d": timedelta(days=7)}
WAIT_WORDS: Final = {"1h": gettext_lazy("1 hour"), "24h": gettext_lazy("24 hours"), "7d": gettext_lazy("7 days")}


@console_view()
def ask(request: ConsoleRequest, identity: str, name: str) -> HttpResponse:
    """GET shows the form, filled from the query; POST asks, or says in words what is wrong."""
    viewer, operation = request.viewer, OPERATIONS.get(name)
    if operation is None:
        raise Http404("No such operation.")
    context = head(viewer, viewer.station(identity).pk)
    station: Station = context["station"]
    typed: Typed = dict((request.POST if request.method == "POST" else request.GET).lists())
    errors: dict[str, str] = {}
    if request.method == "POST":
        forbid_without(viewer, right_of(operation))
        with_rows = rows.changed(typed)
        if with_rows is None:
            answer, errors = _asked(viewer, station, operation, typed, context["zone"])
            if answer is not None:
                return HttpResponseRedirect(reverse("command", args=[answer.pk]))
        else:
            typed = with_rows
    context |= _form(viewer, station, operation, typed, errors)
    return render(request, "console/ask/ask.html", context, status=422 if errors else 200)


def _asked(
    viewer: Viewer, station: Station, operation: Operation, typed: Typed, zone: str
) -> tuple[Command | None, dict[str, str]]:
    reason = why_not(viewer, station, operation)
    if reason:
        return None, {"": reason}
    wish = wish_of(operation, typed, station, zone)
    errors = dict(wish.errors)
    if operation.dangerous and not confirmed(station, typed):
        errors["confirm"] = _("Type %(identity)s to confirm.") % {"identity": station.identity}
    if wish.command is None or errors:
        return None, errors
    try:
        return ask_station(station, wish.command, by=viewer.actor, wait_until_online=waiting(typed)), {}
    except NetworkError as error:
        return None, {"": str(error)}


def waiting(typed: Typed) -> timedelta | None:
    """How long the command may wait for a station that is away; None: it must be there now."""
    return WAITS.get(next(iter(typed.get("wait", ())), ""))


def confirmed(station: Station, typed: Typed) -> bool:
    said = next(iter(typed.get("confirm", ())), "").strip().lower()
    return said in (station.identity.lower(), station.name.strip().lower() or station.identity.lower())


def _form(
    viewer: Viewer, station: Station, operation: Operation, typed: Typed, errors: dict[str, str]
) -> dict[str, Any]:
    able = Offers(viewer, station)
    context = {
        "here": "stations",
        "operation": operation,
        "title": title(operation),
        "why_not": able.why_not(operation),
        "waits": WAIT_WORDS,
        "wait": next(iter(typed.get("wait", ())), ""),
        "errors": errors,
        "confirm": next(iter(typed.get("confirm", ())), ""),
    }
    if operation.kind is RawCommand:
        typed, context["actions"] = _raw(station, typed), actions_of(dialect_of(station))
    form = Form(typed, errors, _offered(viewer, station))
    return context | {"inputs": form.inputs(operation.fields, lacks=able.lacks(operation))}


def _raw(station: Station, typed: Typed) -> Typed:
    """An action without a payload gets an example of one."""
    action, payload = (next(iter(typed.get(name, ())), "") for name in ("action", "payload"))
    example = "" if payload.strip() else example_of(dialect_of(station), action)
    return {**typed, "payload": [example]} if example else typed


def _offered(viewer: Viewer, station: Station) -> dict[str, Offered]:
    """The plugs and the running sessions of this station."""
    evses = Evse.objects.filter(station=station).order_by("number").prefetch_related("connectors")
    plugs = [Choice(str(evse.number), _plug_word(evse)) for evse in evses]
    running = viewer.sessions().filter(station=station, state=SessionState.RUNNING).select_related("token")
    sessions = [
        Choice(each.transaction_id, f"{_('Plug')} {each.evse}, {each.token or each.token_uid}")
        for each in running.order_by("-started_at")[:_MOST_SESSIONS]
    ]
    return {"evse": Offered(plugs, only=bool(plugs)), "transaction_id": Offered(sessions)}


def _plug_word(evse: Evse) -> str:
    standards = " ".join(plug_standard(each.standard) for each in evse.connectors.all() if each.standard)
    return f"{_('Plug')} {evse.number} {standards}".strip()
