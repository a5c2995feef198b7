"""Firmware kept for stations to fetch, and campaigns that bring it to many of them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network import file_actions, file_queries
from ohmstead.network.errors import NetworkError
from ohmstead.network.models import FirmwareImage
from ohmstead.web.console.bulks import manner_of
from ohmstead.web.console.station_states import in_service
from ohmstead.web.scope import ConsoleRequest, console_view

_FIELDS = ("vendor", "model", "version", "sha256", "signature", "signing_certificate_pem", "notes")


@console_view()
def firmware(request: ConsoleRequest) -> HttpResponse:
    """The list, and the form to add one."""
    return _page(request)


@require_POST
@console_view(Right.CONFIGURE)
def add(request: ConsoleRequest) -> HttpResponse:
    viewer, typed = request.viewer, {name: request.POST.get(name, "").replace("\0", "") for name in _FIELDS}
    file = request.FILES.get("file")
    if file is None:
        return _page(request, typed, _("Choose a file first."))
    try:
        image = file_actions.add_image(
            viewer.organisation, file.chunks(), by=viewer.actor, file_name=file.name or "", **typed
        )
    except NetworkError as error:
        return _page(request, typed, str(error))
    messages.success(request, _("%(image)s can be sent to stations now.") % {"image": image})
    return HttpResponseRedirect(reverse("firmware"))


@require_POST
@console_view(Right.CONFIGURE)
def withdraw(request: ConsoleRequest, image_id: UUID) -> HttpResponse:
    image = _found(request, image_id)
    file_actions.withdraw_image(image, by=request.viewer.actor)
    messages.info(request, _("%(image)s is withdrawn: no station is sent to it any more.") % {"image": image})
    return HttpResponseRedirect(reverse("firmware"))


@require_POST
@console_view(Right.CONFIGURE)
def campaign(request: ConsoleRequest, image_id: UUID) -> HttpResponse:
    """Every station it fits, so many at a time, stopping after so many failures."""
    image, viewer = _found(request, image_id), request.viewer
    try:
        bulk = file_actions.update_many(
            image, in_service(viewer.stations()), by=viewer.actor, manner=manner_of(request)
        )
    except NetworkError as error:
        messages.error(request, str(error))
        return HttpResponseRedirect(reverse("firmware"))
    return HttpResponseRedirect(reverse("bulk", args=[bulk.pk]))


def _found(request: ConsoleRequest, image_id: UUID) -> FirmwareImage:
    try:
        return file_queries.image(request.viewer.organisation, image_id)
    except FirmwareImage.DoesNotExist:
        raise Http404("No such firmware.") from None


def _page(request: ConsoleRequest, typed: dict[str, str] | None = None, error: str = "") -> HttpResponse:
    images: list[Any] = list(file_queries.images(request.viewer.organisation)[:200])
    context = {"here": "firmware", "images": images, "typed": typed or {}, "error": error}
    return render(request, "console/firmware.html", context, status=422 if error else 200)
