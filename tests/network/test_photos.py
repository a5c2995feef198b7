"""Photos of a site: written anew, in several sizes, without what the camera knew; hostile files refused in words."""

import io
import struct
import zlib

import pytest
from PIL import Image


@pytest.fixture
def by(database):
    from ohmstead.access.actors import Actor

    return Actor.job("test")


@pytest.fixture
def site(organisation, by):
    from ohmstead.network.site_actions import create_site

    return create_site(organisation, by=by, name="Mall")


def picture(size=(2400, 1200), kind="JPEG", mode="RGB", exif=None):
    written = io.BytesIO()
    options = {"exif": exif} if exif else {}
    Image.new(mode, size, "teal").save(written, kind, **options)
    return written.getvalue()


def camera_words():
    """A camera that was held upright and knows where it was."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "SecretCam"
    exif.get_ifd(0x8825)[1] = "N"
    return exif


def read(site, photo, size):
    from ohmstead.network import photos

    return Image.open(io.BytesIO(photos.read(site.organisation, photo.pk, size)))


def test_a_photo_is_kept_in_three_sizes(site, by):
    from ohmstead.network.photo_actions import add_photo

    photo = add_photo(site, picture(), by=by, caption=" The gate ")
    assert photo.caption == "The gate"
    assert [read(site, photo, size).size for size in ("small", "medium", "large")] == [
        (320, 160),
        (960, 480),
        (1920, 960),
    ]


def test_it_stands_upright_and_tells_nothing_of_the_camera(site, by):
    from ohmstead.network import photos
    from ohmstead.network.photo_actions import add_photo

    photo = add_photo(site, picture(exif=camera_words()), by=by)
    small = read(site, photo, "small")
    assert small.size == (160, 320)
    assert not small.getexif()
    assert b"SecretCam" not in photos.read(site.organisation, photo.pk, "large")


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB"), ("JPEG", "CMYK"), ("PNG", "LA")]
)
def test_other_kinds_become_jpeg(site, by, kind, mode):
    from ohmstead.network.photo_actions import add_photo

    photo = add_photo(site, picture((50, 40), kind, mode), by=by)
    assert (read(site, photo, "large").format, read(site, photo, "large").size) == ("JPEG", (50, 40))


def bomb():
    """A PNG of a few bytes that says it is 100,000 by 100,000."""
    head = struct.pack(">2I5B", 100_000, 100_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(1_000)))


def chunk(name, body):
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        pytest.param(b"", "no photo that can be read", id="empty"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "no photo that can be read", id="SVG"),
        pytest.param(picture((60, 60))[:300], "no photo that can be read", id="cut off"),
        pytest.param(picture((60, 60), "GIF", "P"), "no photo that can be read", id="a kind we do not take"),
        pytest.param(b"%PDF-1.7", "no photo that can be read", id="PDF"),
        pytest.param(bomb(), "more than 60 million pixels", id="a bomb"),
        pytest.param(b"\xff" * 15_000_001, "larger than 15 MB", id="too large"),
    ],
)
def test_hostile_files_are_refused_in_words_and_nothing_is_kept(site, by, content, sentence):
    from ohmstead.network.errors import BadPhoto
    from ohmstead.network.models import SitePhoto
    from ohmstead.network.photo_actions import add_photo

    with pytest.raises(BadPhoto, match=sentence):
        add_photo(site, content, by=by)
    assert not SitePhoto.objects.exists()


def test_a_site_has_a_dozen_at_most(site, by):
    from ohmstead.network.errors import TooManyPhotos
    from ohmstead.network.photo_actions import add_photo

    for _ in range(12):
        add_photo(site, picture((20, 20)), by=by)
    with pytest.raises(TooManyPhotos, match="Mall has 12 photos already"):
        add_photo(site, picture((20, 20)), by=by)


def test_a_neighbour_does_not_see_it_and_removed_it_is_gone(site, by):
    from ohmstead.access.models import Organisation
    from ohmstead.network import photos
    from ohmstead.network.photo_actions import add_photo, remove_photo

    photo = add_photo(site, picture((20, 20)), by=by)
    dale = Organisation.objects.create(slug="dale", name="Dale")
    assert photos.read(dale, photo.pk, "small") is None
    assert photos.read(site.organisation, photo.pk, "huge") is None
    key = photo.pk
    remove_photo(photo, by=by)
    assert photos.read(site.organisation, key, "small") is None
