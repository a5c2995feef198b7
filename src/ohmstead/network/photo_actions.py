"""Writes of a site's photos."""

from typing import Final

from django.db import transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.network import photos
from ohmstead.network.errors import BadValues, TooManyPhotos
from ohmstead.network.models import Site, SitePhoto
from ohmstead.network.pictures import harmless
from ohmstead.network.rules.problems import Unusable
from ohmstead.network.rules.site_facts import text
from ohmstead.network.site_actions import locked_site

MOST_PHOTOS: Final = 12


def add_photo(site: Site, content: bytes, *, by: Actor, caption: str = "") -> SitePhoto:
    """The picture is written anew before it is kept. Raises BadPhoto, BadValues, TooManyPhotos."""
    caption, picture = _caption(caption), harmless(content)  # takes its time, so before the row is locked
    with transaction.atomic(durable=True):
        site = locked_site(site)
        if site.photos.count() >= MOST_PHOTOS:
            raise TooManyPhotos(f"{site} has {MOST_PHOTOS} photos already. Remove one first.")
        photo = SitePhoto.objects.create(site=site, caption=caption, width=picture.width, height=picture.height)
        photos.keep(photo, picture.files)
        record(by, "photo.added", photo, site=str(site))
    return photo


@transaction.atomic(durable=True)
def caption_photo(photo: SitePhoto, caption: str, *, by: Actor) -> None:
    """Raises BadValues."""
    before, photo.caption = photo.caption, _caption(caption)
    if photo.caption != before:
        photo.save(update_fields=["caption"])
        record(by, "photo.captioned", photo, before=before, after=photo.caption)


@transaction.atomic(durable=True)
def remove_photo(photo: SitePhoto, *, by: Actor) -> None:
    """For good: a picture may have to go for the sake of somebody who is on it."""
    record(by, "photo.removed", photo, site=str(photo.site))
    photo.delete()


def _caption(value: str) -> str:
    try:
        return text("caption", value)
    except Unusable as unusable:
        raise BadValues({"caption": unusable.problem}) from None
