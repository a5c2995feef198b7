"""Photos of sites."""

from typing import Any, Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from ninja import File, Form, Query, Router, Schema
from ninja.files import UploadedFile
from pydantic import Field

from ohmstead.access.rights import Right
from ohmstead.network import photo_actions, photos, queries
from ohmstead.network.models import SitePhoto
from ohmstead.network.pictures import BYTES_MAX
from ohmstead.web.api.access import viewer
from ohmstead.web.api.operation import Input, file_answer, operation
from ohmstead.web.api.pages import PageQuery, page, page_of
from ohmstead.web.api.things import the
from ohmstead.web.console.sites import the_site

router = Router(tags=["Sites"])


class CaptionIn(Input):
    caption: str = Field(max_length=120, examples=["The entrance"])


class PhotoOut(Schema):
    id: UUID
    caption: str = Field(examples=["The entrance"])
    width: int
    height: int


def _out(photo: SitePhoto) -> PhotoOut:
    return PhotoOut(id=photo.pk, caption=photo.caption, width=photo.width, height=photo.height)


def _mine(request: HttpRequest, photo_id: UUID) -> Any:
    mine = SitePhoto.objects.filter(site__organisation=viewer(request).organisation).select_related("site")
    return the(mine, photo_id, "photo")


@operation(router, "GET", "/sites/{uuid:site_id}/photos", "list_photos", "Photos of a site", answers=page_of(PhotoOut))
def list_photos(request: HttpRequest, site_id: UUID, query: Query[PageQuery]) -> Any:
    """Oldest first."""
    return page(queries.photos(the_site(viewer(request), site_id)), query, _out, ("added_at", "pk"))


@operation(
    router,
    "POST",
    "/sites/{uuid:site_id}/photos",
    "add_photo",
    "Add a photo",
    right=Right.NETWORK,
    answers=PhotoOut,
    location="/photos/{id}/large",
    most_bytes=BYTES_MAX + 100_000,
)
def add_photo(request: HttpRequest, site_id: UUID, photo: File[UploadedFile], caption: Form[str] = "") -> PhotoOut:
    """JPEG, PNG or WebP of at most 15 MB. It is written anew, without what the camera wrote about place and owner."""
    site = the_site(viewer(request), site_id)
    return _out(photo_actions.add_photo(site, photo.read(), by=viewer(request).actor, caption=caption))


@operation(
    router,
    "GET",
    "/photos/{uuid:photo_id}/{size}",
    "get_photo",
    "The picture itself",
    responses={200: {"content": {"image/jpeg": {"schema": {"type": "string", "format": "binary"}}}}},
    status=200,
)
def get_photo(request: HttpRequest, photo_id: UUID, size: Literal["small", "medium", "large"]) -> HttpResponse:
    content = photos.read(viewer(request).organisation, photo_id, size)
    if content is None:
        raise Http404("No such photo.")
    return file_answer(content, "image/jpeg", f"{photo_id}.jpg")


@operation(
    router,
    "PATCH",
    "/photos/{uuid:photo_id}",
    "caption_photo",
    "Change a caption",
    right=Right.NETWORK,
    answers=PhotoOut,
)
def caption_photo(request: HttpRequest, photo_id: UUID, body: CaptionIn) -> PhotoOut:
    photo_actions.caption_photo(_mine(request, photo_id), body.caption, by=viewer(request).actor)
    return _out(_mine(request, photo_id))


@operation(router, "DELETE", "/photos/{uuid:photo_id}", "remove_photo", "Delete a photo", right=Right.NETWORK)
def remove_photo(request: HttpRequest, photo_id: UUID) -> None:
    """For good, as somebody may be on it."""
    photo_actions.remove_photo(_mine(request, photo_id), by=viewer(request).actor)
