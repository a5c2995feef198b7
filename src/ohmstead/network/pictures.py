"""A picture from a stranger made harmless: decoded, turned upright, made smaller and written anew. No database."""

import io
import warnings
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageOps

from ohmstead.network.errors import BadPhoto

SIZES: Final = {"small": 320, "medium": 960, "large": 1920}  # the longer side at most, in pixels
BYTES_MAX: Final = 15_000_000
PIXELS_MAX: Final = 60_000_000
_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 82


@dataclass(frozen=True, slots=True)
class Picture:
    """`files`: a JPEG for each of SIZES, without anything the camera wrote about place, time and owner."""

    width: int
    height: int
    files: dict[str, bytes]


def harmless(content: bytes) -> Picture:
    """Raises BadPhoto."""
    if len(content) > BYTES_MAX:
        raise BadPhoto(f"The file is larger than {BYTES_MAX // 1_000_000} MB.")
    image = _decoded(content)
    files = {name: _jpeg(image, side) for name, side in SIZES.items()}
    return Picture(image.width, image.height, files)


def _decoded(content: bytes) -> Image.Image:
    """Formats are named, so that no other decoder of the library ever sees a stranger's bytes."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as image:
                if image.width * image.height > PIXELS_MAX:
                    raise BadPhoto(f"The picture has more than {PIXELS_MAX // 1_000_000} million pixels.")
                image.draft("RGB", (SIZES["large"], SIZES["large"]))
                return _on_white(ImageOps.exif_transpose(image))
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BadPhoto(f"The picture has more than {PIXELS_MAX // 1_000_000} million pixels.") from None
    except (OSError, SyntaxError, ValueError, EOFError):  # what its decoders raise for damaged files
        raise BadPhoto("The file is no photo that can be read: JPEG, PNG and WebP can.") from None


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    image = image.convert("RGBA")
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=image.getchannel("A"))
    return ground


def _jpeg(image: Image.Image, side: int) -> bytes:
    smaller = image.copy()
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
    smaller.info.clear()
    written = io.BytesIO()
    smaller.save(written, "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    return written.getvalue()
