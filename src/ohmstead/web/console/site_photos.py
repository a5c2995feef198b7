"""Photos of a site: added, shown, removed."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network import photo_actions, photos, pictures
from ohmstead.network.errors import BadPhoto, BadValues, TooManyPhotos
from ohmstead.network.models import SitePhoto
from ohmstead.web.console import confirming
from ohmstead.web.console.entries import in_words
from ohmstead.web.console.sites import the_site
from ohmstead.web.scope import ConsoleRequest, console_view

_YEAR_S: Final = 365 * 24 * 3600


@require_POST
@console_view(Right.NETWORK)
def add(request: ConsoleRequest, site_id: UUID) -> HttpResponse:
    site = the_site(request.viewer, site_id)
    upload = request.FILES.get("photo")
    if upload is None:
        messages.error(request, _("Choose a photo first."))
    elif (upload.size or 0) > pictures.BYTES_MAX:
        messages.error(request, _("The file is larger than %(most)d MB.") % {"most": pictures.BYTES_MAX // 1_000_000})
    else:
        _add(request, site, upload.read())
    return HttpResponseRedirect(reverse("site", args=[site.pk]) + "#photos")


def _add(request: ConsoleRequest, site: object, content: bytes) -> None:
    caption = request.POST.get("caption", "")
    try:
        photo_actions.add_photo(site, content, by=request.viewer.actor, caption=caption)  # type: ignore[arg-type]
    except BadValues as refused:
        messages.error(request, " ".join(in_words(problem) for problem in refused.problems.values()))
    except (BadPhoto, TooManyPhotos) as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("The photo is added."))


@console_view()
def show(request: ConsoleRequest, photo_id: UUID, size: str) -> HttpResponse:
    """A photo never changes, so a browser that has it need not ask again; it is nobody else's, so no proxy keeps it."""
    content = photos.read(request.viewer.organisation, photo_id, size)
    if content is None:
        raise Http404("No such photo.")
    response = HttpResponse(content, content_type="image/jpeg")
    response.headers["Cache-Control"] = f"private, max-age={_YEAR_S}, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@console_view(Right.NETWORK)
def remove(request: ConsoleRequest, photo_id: UUID) -> HttpResponse:
    mine = SitePhoto.objects.filter(site__organisation=request.viewer.organisation, pk=photo_id)
    photo = mine.select_related("site").first()
    if photo is None:
        raise Http404("No such photo.")
    back = reverse("site", args=[photo.site_id]) + "#photos"
    if not confirming.is_confirmed(request):
        return confirming.ask(
            request,
            here="sites",
            title=_("Remove this photo?"),
            sentences=[str(photo), _("The picture is deleted for good, as somebody may be on it.")],
            button=_("Remove the photo"),
            back=back,
        )
    photo_actions.remove_photo(photo, by=request.viewer.actor)
    messages.success(request, _("The photo is removed."))
    return HttpResponseRedirect(back)
