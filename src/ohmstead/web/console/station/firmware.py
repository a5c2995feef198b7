"""The firmware of a station, what can replace it, and the logs it sent us."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network import file_actions, file_queries, file_store
from ohmstead.network.errors import NetworkError
from ohmstead.network.models import Station, StationFile
from ohmstead.web.console.asking.views import WAIT_WORDS, WAITS
from ohmstead.web.console.station.page import page
from ohmstead.web.console.stations import NOBODY, uuid_of
from ohmstead.web.scope import ConsoleRequest, console_view

LOG_KINDS = ("diagnostics", "security", "data_collector")


def body(station: Station) -> dict[str, Any]:
    """Updates with their progress, and logs."""
    return {
        "updates": list(file_queries.firmware_updates(station)),
        "files": list(file_queries.files(station)),
    }


@console_view()
def firmware(request: ConsoleRequest, identity: str) -> HttpResponse:
    context = page(request, identity, "station-firmware")
    station = context["station"]
    context |= body(station) | {
        "images": list(file_queries.images_for(station)),
        "waits": WAIT_WORDS,
        "kinds": LOG_KINDS,
    }
    return render(request, "console/station/firmware.html", context)


@require_POST
@console_view(Right.CONFIGURE)
def update(request: ConsoleRequest, identity: str) -> HttpResponse:
    viewer = request.viewer
    station = viewer.station(identity)
    images = file_queries.images_for(station)
    image = images.filter(pk=uuid_of(request.POST.get("image", "")) or NOBODY).first()
    if image is None:
        raise Http404("No such firmware for this station.")
    wait = WAITS.get(request.POST.get("wait", ""))
    try:
        asked = file_actions.update_firmware(station, image, by=viewer.actor, wait_until_online=wait)
    except NetworkError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("station-firmware", args=[station.identity]))
    return HttpResponseRedirect(reverse("command", args=[asked.command_id]))


@require_POST
@console_view(Right.CONFIGURE)
def ask_for_log(request: ConsoleRequest, identity: str) -> HttpResponse:
    viewer = request.viewer
    station = viewer.station(identity)
    kind = request.POST.get("kind", "")
    wait = WAITS.get(request.POST.get("wait", ""))
    wanted = kind if kind in LOG_KINDS else LOG_KINDS[0]
    try:
        file = file_actions.ask_for_log(station, by=viewer.actor, kind=wanted, wait_until_online=wait)
    except NetworkError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("station-firmware", args=[station.identity]))
    return HttpResponseRedirect(reverse("command", args=[file.command_id]))


@console_view(Right.CONFIGURE)
def download(request: ConsoleRequest, file_id: UUID) -> HttpResponseBase:
    """A log may tell of drivers: that it was fetched is on record."""
    try:
        file = file_queries.file(request.viewer.organisation, file_id)
    except StationFile.DoesNotExist:
        raise Http404("No such file.") from None
    stored = file.stored
    if stored is None or not stored.sha256:
        raise Http404("The station has not sent it.")
    file_actions.note_opened(file, by=request.viewer.actor)
    content = file_store.read(stored.pk, 0, stored.size_bytes - 1) if stored.size_bytes else iter(())
    response = StreamingHttpResponse(content, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = content_disposition_header(True, stored.name) or "attachment"
    return response
