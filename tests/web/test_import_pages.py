"""Tables uploaded, looked at, corrected and applied in the console."""

import io

import pytest

GOOD = b"name,city\nHarbour,Hamburg\nMarket,Vale\n"
BAD = b"name,time_zone\nHarbour,Mars/Olympus\n"


def upload(client, content, kind="sites", **options):
    return client.post(f"/console/import/{kind}", {"table": io.BytesIO(content)}, follow=True, **options)


def test_a_table_is_looked_at_before_it_is_applied(operator, network):
    from ohmstead.network.models import Site

    answer = upload(operator, GOOD)
    for word in ("To be created", "Harbour", "To be changed", "<del>Hilltop</del>", "<ins>Vale</ins>"):
        assert word in answer.text
    assert not Site.objects.filter(name="Harbour").exists()
    done = operator.post(answer.redirect_chain[-1][0], follow=True).text
    assert "Done: 1 created, 1 changed, 0 were as they should be." in done
    assert Site.objects.get(name="Market").city == "Vale"


def test_a_bad_row_is_named_and_cannot_be_applied(operator, network):
    from ohmstead.network.models import Site

    answer = upload(operator, BAD)
    assert "Mars/Olympus is no time zone; they are named like Europe/Berlin." in answer.text
    assert "<code>time_zone</code>" in answer.text
    assert "Apply all of it" not in answer.text
    operator.post(answer.redirect_chain[-1][0])
    assert not Site.objects.filter(name="Harbour").exists()


def test_what_is_no_table_is_told_at_once(operator, network):
    assert "The file is no text table." in upload(operator, b"\x00\x01").text
    assert "Choose a file first." in operator.post("/console/import/sites").text
    assert operator.get("/console/import/people").status_code == 404


def test_a_hostile_cell_is_text(operator, network):
    page = upload(operator, b"name,city\n<script>alert(1)</script>,<b>x\n").text
    assert "<script>alert(1)" not in page


def test_it_can_be_put_away(operator, network):
    draft = upload(operator, GOOD).redirect_chain[-1][0]
    assert "Nothing was changed." in operator.post(f"{draft}/discard", follow=True).text
    assert operator.get(draft).status_code == 404


def test_a_neighbour_and_a_reader_see_nothing_of_it(operator, browser_of, network):
    draft = upload(operator, GOOD).redirect_chain[-1][0]
    assert browser_of("neighbour").get(draft).status_code == 404
    assert browser_of("reader").get(draft).status_code == 403
    assert browser_of("reader").get("/console/import/sites").status_code == 403


@pytest.mark.parametrize(("language", "delimiter"), [("en", ","), ("de", ";")])
def test_the_list_is_exported_with_its_filter(operator, network, language, delimiter):
    operator.cookies["django_language"] = language
    answer = operator.get("/console/export/stations.csv?state=charging")
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="stations-')
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert [line.split(delimiter)[0] for line in lines] == ["identity", "HILL-2", "HILL-2"]


def test_nothing_that_was_typed_becomes_a_formula(operator, network):
    network.market.access_notes = '=HYPERLINK("http://evil")'
    network.market.save()
    text = operator.get("/console/export/sites.csv").content.decode("utf-8-sig")
    assert '"\'=HYPERLINK(""http://evil"")"' in text
    assert "VALE" not in text


def test_stations_are_looked_at_with_their_site(operator, network):
    table = b"identity;site;evse;standard;max_power_kw\nNEW-1;Market;1;IEC_62196_T2;22,5\nHILL-1;;1;CHADEMO;\n"
    page = upload(operator, table, "stations").text
    for words in ("<b>NEW-1</b>", "Market", "<b>HILL-1</b>", "<code>connectors</code>"):
        assert words in page
