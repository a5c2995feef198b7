"""Tiles of the basemap: nobody's secret, so any cache may keep them."""

from typing import Final

from django.http import HttpRequest, HttpResponse

from ohmstead.web.basemap import source

_DAY_S: Final = 24 * 3600


def tile(request: HttpRequest, z: int, x: int, y: int) -> HttpResponse:
    """Where there is nothing but water the answer is empty, which is no error."""
    found = source.tile(z, x, y) if z <= 24 else None
    if found is None:
        response = HttpResponse(status=204)
    else:
        content, media_type, zipped = found
        response = HttpResponse(content, content_type=media_type)
        if zipped:
            response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = f"public, max-age={_DAY_S}"
    return response
