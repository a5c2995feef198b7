"""The certificates our authority gave a station, how far they came, and whom the station trusts."""

from typing import Any, Final, cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network import certificate_actions, certificate_queries
from ohmstead.network.command_actions import ask_station
from ohmstead.network.errors import NetworkError
from ohmstead.network.models import Station
from ohmstead.station.commands import ListCertificates
from ohmstead.station.commands.certificates import RootKind
from ohmstead.web.console import confirming
from ohmstead.web.console.asking.views import WAIT_WORDS, WAITS
from ohmstead.web.console.certificate_words import ROOT_KINDS, ends_in_words, look_of, stages
from ohmstead.web.console.station.page import page
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_TAB: Final = "station-certificates"
_PEM_MOST: Final = 20_000


def body(viewer: Viewer, station: Station) -> dict[str, Any]:
    now = timezone.now()
    life = certificate_queries.life(station, now)
    return {
        "viewer": viewer,
        "issued": [
            {
                "row": each.certificate,
                "look": look_of(each, now),
                "stages": stages(each),
                "reason": each.reason,
                "ends": ends_in_words(each.certificate.not_after, now),
                "revocable": each.certificate.revoked_at is None and each.certificate.not_after > now,
            }
            for each in life.issued
        ],
        "renewal": life.renewal,
        "renew_from": life.renew_from,
        "is_due": life.renew_from is not None and life.renew_from <= now,
        "refused": certificate_queries.refused_since_newest(station, life),
        "trusted": list(certificate_queries.installed(station)),
    }


@console_view()
def certificates(request: ConsoleRequest, identity: str) -> HttpResponse:
    return _shown(request, identity)


def _shown(request: ConsoleRequest, identity: str, status: int = 200, **more: Any) -> HttpResponse:
    context = page(request, identity, _TAB)
    context |= body(request.viewer, context["station"]) | {"waits": WAIT_WORDS, "kinds": ROOT_KINDS} | more
    return render(request, "console/station/certificates.html", context, status=status)


@never_cache
@require_POST
@console_view(Right.CONFIGURE)
def issue(request: ConsoleRequest, identity: str) -> HttpResponse:
    """The key is shown in this answer and nowhere else."""
    context = page(request, identity, _TAB)
    issued = certificate_actions.issue_certificate(context["station"], by=request.viewer.actor)
    return render(request, "console/station/certificate_issued.html", context | {"issued": issued, "live_url": ""})


@require_POST
@console_view(Right.CONFIGURE)
def renew(request: ConsoleRequest, identity: str) -> HttpResponse:
    station = request.viewer.station(identity)
    wait = WAITS.get(request.POST.get("wait", ""))
    try:
        certificate_actions.renew_certificate(station, by=request.viewer.actor, wait_until_online=wait)
    except NetworkError as error:
        messages.error(request, _(str(error)))
    else:
        messages.success(request, _("The station is asked for a signing request. What we sign goes back to it."))
    return _back(station)


@console_view(Right.CONFIGURE)
def revoke(request: ConsoleRequest, identity: str, certificate_id: UUID) -> HttpResponse:
    station = request.viewer.station(identity)
    certificate = request.viewer.certificates().filter(station=station, pk=certificate_id).first()
    if certificate is None:
        raise Http404("No such certificate.")
    if confirming.is_confirmed(request, station.identity):
        certificate_actions.revoke_certificate(certificate, by=request.viewer.actor)
        messages.success(request, _("The certificate is revoked. No connection with it is let in any more."))
        return _back(station)
    return confirming.ask(
        request,
        here="stations",
        title=_("Revoke the certificate of %(station)s?") % {"station": station},
        sentences=[
            _("Serial number %(serial)s.") % {"serial": certificate.serial},
            _("A connection with it is closed, and none is let in again. This cannot be undone."),
        ],
        button=_("Revoke certificate"),
        back=reverse(_TAB, args=[station.identity]),
        type_this=station.identity,
    )


@require_POST
@console_view(Right.CONFIGURE)
def install(request: ConsoleRequest, identity: str) -> HttpResponse:
    station = request.viewer.station(identity)
    pem, kind = request.POST.get("certificate_pem", "")[:_PEM_MOST], request.POST.get("kind", "")
    if kind not in ROOT_KINDS:
        return _shown(request, identity, 422, problem=_("Choose what the station trusts it for."), pem=pem)
    try:
        rows = certificate_actions.install_root(station, cast(RootKind, kind), pem, by=request.viewer.actor)
    except NetworkError as error:
        return _shown(request, identity, 422, problem=_(str(error)), pem=pem, kind=kind)
    return HttpResponseRedirect(reverse("command", args=[rows[0].pk]))


@console_view(Right.CONFIGURE)
def delete(request: ConsoleRequest, identity: str, installed_id: UUID) -> HttpResponse:
    station = request.viewer.station(identity)
    installed = certificate_queries.installed(station).filter(pk=installed_id).first()
    if installed is None:
        raise Http404("The station has no such certificate.")
    if confirming.is_confirmed(request):
        try:
            row = certificate_actions.delete_installed(installed, by=request.viewer.actor)
        except NetworkError as error:
            messages.error(request, _(str(error)))
            return _back(station)
        return HttpResponseRedirect(reverse("command", args=[row.pk]))
    return confirming.ask(
        request,
        here="stations",
        title=_("Delete a certificate from %(station)s?") % {"station": station},
        sentences=[
            _("Serial number %(serial)s.") % {"serial": installed.serial_number},
            _("The station no longer trusts what leads to it. It may refuse to delete one that it needs."),
        ],
        button=_("Delete certificate"),
        back=reverse(_TAB, args=[station.identity]),
    )


@require_POST
@console_view(Right.CONFIGURE)
def list_anew(request: ConsoleRequest, identity: str) -> HttpResponse:
    station = request.viewer.station(identity)
    try:
        row = ask_station(station, ListCertificates(), by=request.viewer.actor)
    except NetworkError as error:
        messages.error(request, _(str(error)))
        return _back(station)
    return HttpResponseRedirect(reverse("command", args=[row.pk]))


def _back(station: Station) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(_TAB, args=[station.identity]))
