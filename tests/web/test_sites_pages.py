"""Sites in the console: listed, shown, edited, removed and brought back."""

import io
import re

import pytest
from PIL import Image

from tests.web.little_network import station

FORM = {
    "name": "Harbour",
    "address": "Quay 1",
    "postal_code": "20457",
    "city": "Hamburg",
    "country": "DE",
    "latitude": "53,5412",
    "longitude": "9.98",
    "time_zone": "Europe/Berlin",
    "open": "weekly",
    "day_1": "07:00-22:00",
    "exception": ["closed", "closed"],
    "begins": ["2026-12-24T14:00", ""],
    "ends": ["2026-12-26T08:00", ""],
    "access_notes": "Code 1234",
    "help_phone": "+49 40 1234",
    "visibility": "public",
}


def harbour():
    from ohmstead.network.models import Site

    return Site.objects.get(name="Harbour")


def jpeg():
    written = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(written, "JPEG")
    return io.BytesIO(written.getvalue())


def test_a_site_is_added_by_a_form_and_shown(operator):
    page = operator.post("/console/add/site", FORM, follow=True).text
    for word in ("Harbour", "Harbour is saved.", "07:00-22:00", "24 Dec 2026, 14:00", "53.54120", "Code 1234"):
        assert word in page
    assert (harbour().latitude, harbour().country) == (53.5412, "DE")


def test_the_form_shows_what_is_stored_and_saves_it_again_without_a_change(operator):
    from ohmstead.access.models import AuditEntry

    operator.post("/console/add/site", FORM)
    form = operator.get(f"/console/sites/{harbour().pk}/edit").text
    for words in ('value="07:00-22:00"', 'value="2026-12-24T14:00"', "Code 1234", ">Europe/Berlin<"):
        assert words in form
    operator.post(f"/console/sites/{harbour().pk}/edit", FORM)
    assert not AuditEntry.objects.filter(verb="site.changed").exists()


def test_every_fault_stands_beside_its_field_and_nothing_is_saved(operator):
    from ohmstead.network.models import Site

    answer = operator.post(
        "/console/add/site",
        FORM | {"name": "", "day_1": "7-12", "latitude": "north", "begins": ["soon", ""], "ends": ["later", ""]},
    )
    assert answer.status_code == 422
    for sentence in (
        "Nothing is saved yet",
        "A site needs a name.",
        "7 is not a time of day such as 07:30.",
        "An exception begins and ends at a date and time",
    ):
        assert sentence in answer.text
    assert 'value="north"' in answer.text
    assert not Site.objects.filter(address="Quay 1").exists()


def test_sites_are_listed_with_their_numbers_behind_which_are_lists(operator, network):
    page = operator.get("/console/sites").text
    row = page[page.index(">Market<") : page.index(">Quay<")]
    assert f"/console/stations?site={network.market.pk}&amp;state=available" in row
    assert re.search(r"3 <span class=\"muted\">of 3</span>", row)
    assert re.search(r"3 <span class=\"muted\">of 5</span>", row)


def test_the_list_costs_the_same_however_many_sites(operator, network, queries_of):
    from ohmstead.network.models import Site

    few = queries_of(lambda: operator.get("/console/sites"))
    for number in range(20):
        site = Site.objects.create(organisation=network.hill, name=f"Site {number:02}")
        station(network.hill, f"MORE-{number}", site, ["available", "charging"])
    assert queries_of(lambda: operator.get("/console/sites")) == few


def test_a_site_shows_its_own_stations_only(operator, network):
    page = operator.get(f"/console/sites/{network.market.pk}").text
    assert "HILL-1" in page
    assert "HILL-4" not in page
    assert f"/console/sessions?site={network.market.pk}" in page
    charging = operator.get(f"/console/sites/{network.market.pk}?state=charging").text
    assert "HILL-2" in charging
    assert "HILL-1" not in charging


def test_removing_wants_the_name_typed_and_can_be_undone(operator, network):
    operator.post("/console/add/site", FORM)
    address = f"/console/sites/{harbour().pk}"
    assert "Type <b>Harbour</b> to confirm" in operator.get(f"{address}/remove").text
    assert operator.post(f"{address}/remove", {"typed": "Harbor"}).status_code == 422
    assert harbour().removed_at is None
    page = operator.post(f"{address}/remove", {"typed": "Harbour"}, follow=True).text
    assert "Harbour is removed." in page
    assert "Bring back" in page
    assert "Harbour is back." in operator.post(f"{address}/restore", follow=True).text
    assert harbour().removed_at is None


def test_a_site_with_stations_is_not_removed(operator, network):
    page = operator.post(f"/console/sites/{network.market.pk}/remove", {"typed": "Market"}, follow=True).text
    assert "3 stations stand at Market." in page


def test_a_photo_is_added_shown_and_removed(operator, network):
    site = f"/console/sites/{network.market.pk}"
    page = operator.post(f"{site}/photos", {"photo": jpeg(), "caption": "Way in"}, follow=True).text
    assert "The photo is added." in page
    small = re.search(r'src="(/console/photos/[^"]+/small\.jpg)"', page)[1]
    shown = operator.get(small)
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert shown.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    remove = small.replace("small.jpg", "remove")
    assert "Remove this photo?" in operator.get(remove).text
    operator.post(remove)
    assert operator.get(small).status_code == 404


@pytest.mark.parametrize(
    ("upload", "sentence"),
    [
        ({"photo": io.BytesIO(b"<svg/>")}, "The file is no photo that can be read"),
        ({}, "Choose a photo first."),
        ({"photo": io.BytesIO(b"x"), "caption": "x" * 121}, "This is longer than 120 characters."),
    ],
)
def test_what_is_no_photo_is_told_in_words(operator, network, upload, sentence):
    assert sentence in operator.post(f"/console/sites/{network.market.pk}/photos", upload, follow=True).text


def test_what_a_site_says_is_text_and_never_markup(operator):
    hostile = "<script>alert(1)</script>"
    operator.post("/console/add/site", FORM | {"name": hostile, "access_notes": hostile, "address": hostile})
    for address in ("/console/sites", f"/console/sites/{_newest().pk}", f"/console/sites/{_newest().pk}/edit"):
        assert hostile not in operator.get(address).text


def _newest():
    from ohmstead.network.models import Site

    return Site.objects.order_by("id").last()


ADDRESSES = ("/edit", "/remove", "/restore", "/photos", "")


@pytest.mark.parametrize("tail", ADDRESSES)
def test_a_neighbours_site_does_not_exist(operator, network, tail):
    from ohmstead.network.models import Site

    theirs = Site.objects.create(organisation=network.vale, name="Theirs")
    address = f"/console/sites/{theirs.pk}{tail}"
    call = operator.post if tail in ("/restore", "/photos") else operator.get
    assert call(address).status_code == 404


def test_who_may_not_edit_sees_no_button_and_is_refused(browser_of, network):
    reader = browser_of("technician")
    page = reader.get(f"/console/sites/{network.market.pk}").text
    for word in ("Edit", "Remove", "Add a station", "Add the photo"):
        assert f"{word}</" not in page
    assert reader.get("/console/add/site").status_code == 403
    assert reader.post(f"/console/sites/{network.market.pk}/photos").status_code == 403
