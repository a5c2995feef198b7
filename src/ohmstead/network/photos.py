"""Where the files of photos are kept: the one place that would change for another store."""

from uuid import UUID

from ohmstead.access.models import Organisation
from ohmstead.network.models import PhotoFile, SitePhoto


def keep(photo: SitePhoto, files: dict[str, bytes]) -> None:
    PhotoFile.objects.bulk_create(PhotoFile(photo=photo, size=size, content=content) for size, content in files.items())


def read(organisation: Organisation, photo_id: UUID, size: str) -> bytes | None:
    """None when the organisation has no such photo, or not in that size."""
    found = PhotoFile.objects.filter(photo=photo_id, size=size, photo__site__organisation=organisation)
    content = found.values_list("content", flat=True).first()
    return None if content is None else bytes(content)
