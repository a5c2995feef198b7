"""Which tiles are drawn under the places: our world, a PMTiles file of the operator, or somebody's tile server."""

import html
import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import Compression, TileType

WORLD: Final = Path(__file__).with_name("world.pmtiles")
_RASTER: Final = (".png", ".jpg", ".jpeg", ".webp")


@dataclass(frozen=True, slots=True)
class Basemap:
    """`kind` is vector or raster; `url` is what browsers ask; `credit` is plain text."""

    kind: str
    url: str
    zoom_max: int
    credit: str


@cache
def basemap() -> Basemap:
    text = settings.OHMSTEAD_BASEMAP
    if urlsplit(text).netloc:
        kind = "raster" if urlsplit(text).path.endswith(_RASTER) else "vector"
        return Basemap(kind, text, 19 if kind == "raster" else 14, settings.OHMSTEAD_BASEMAP_CREDIT)
    header, words = _reader().header(), _reader().metadata()
    kind = "vector" if header["tile_type"] == TileType.MVT else "raster"
    credit = settings.OHMSTEAD_BASEMAP_CREDIT or html.unescape(re.sub(r"<[^>]*>", "", words.get("attribution", "")))
    return Basemap(kind, "/tiles/{z}/{x}/{y}", header["max_zoom"], credit)


@lru_cache(maxsize=1_024)
def tile(z: int, x: int, y: int) -> tuple[bytes, str, bool] | None:
    """(content, media type, whether it is gzip'd)."""
    header = _reader().header()
    content = _reader().get(z, x, y) if z <= header["max_zoom"] and max(x, y) < 2**z else None
    if content is None:
        return None
    return content, _media_type(header["tile_type"]), header["tile_compression"] == Compression.GZIP


def _media_type(kind: Any) -> str:
    return {
        TileType.MVT: "application/vnd.mapbox-vector-tile",
        TileType.PNG: "image/png",
        TileType.JPEG: "image/jpeg",
        TileType.WEBP: "image/webp",
    }.get(kind, "application/octet-stream")


@cache
def _reader() -> Reader:
    """The file stays open and mapped into memory for as long as the process runs."""
    path = settings.OHMSTEAD_BASEMAP
    return Reader(MmapSource(open(path or WORLD, "rb")))
