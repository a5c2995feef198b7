"""Who did what: found again, page by page, and in a spreadsheet."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.web.streamed import text_of

AUDIT = "/console/audit"
EVERY = ["station.accepted", "site.changed", "station.refused"]
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def note(network):
    """`note("station.accepted", network.free)` writes a row, each a minute after the one before."""
    from ohmstead.access.actors import Actor
    from ohmstead.access.audit import record

    count = 0

    def noted(verb, thing, person="operator", **details):
        nonlocal count
        entry = record(Actor.of_user(network.people[person]), verb, thing, **details)
        type(entry).objects.filter(pk=entry.pk).update(at=NOON + timedelta(minutes=count))
        count += 1
        return entry

    return noted


def test_a_row_says_who_did_what_to_which_thing(operator, network, note):
    note("station.password_set", network.free, reason="lost", before=None)
    page = operator.get(AUDIT).text
    for words in (
        "Operator",
        "password set",
        'href="/console/stations/HILL-1"',
        "reason",
        "lost",
        "20 Nov 2026, 12:00:00",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", EVERY),
        ("person=owner", ["site.changed"]),
        ("kind=station", ["station.accepted", "station.refused"]),
        ("thing=HILL-2", ["station.refused"]),
        ("since=2026-11-21", []),
        ("until=2026-11-19", []),
        ("since=2026-11-20&until=2026-11-20&kind=site", ["site.changed"]),
        ("verb=station.refused", ["station.refused"]),
        ("kind=nonsense&since=yesterday&before=~&until=9999-12-31", EVERY),
        ("person=%00", EVERY),
    ],
)  # fmt: skip
def test_rows_are_found_again(operator, network, note, query, found):
    note("station.accepted", network.free)
    note("site.changed", network.market, person="owner")
    note("station.refused", network.busy)
    page = operator.get(f"{AUDIT}?{query}").text
    shown = [verb for verb in EVERY if f'title="{verb}"' in page]
    assert shown == found


def test_older_rows_follow_and_none_is_shown_twice(operator, network, note):
    import re

    for number in range(120):
        note("station.asked", network.free, number=number)
    seen, address = [], f"{AUDIT}?kind=station"
    while address:
        page = operator.get(address).text
        seen += re.findall(r">number</span> (\d+)<", page)
        link = re.search(r'href="(\?[^"]*before=[^"]*)"', page)
        address = AUDIT + link[1].replace("&amp;", "&") if link else ""
    assert seen == [str(number) for number in reversed(range(120))]


def test_a_neighbours_rows_are_never_seen(operator, network, note):
    note("station.accepted", network.foreign)
    for address in (AUDIT, f"{AUDIT}.csv"):
        assert "VALE-1" not in text_of(operator.get(address))


@pytest.mark.parametrize("hostile", ['=HYPERLINK("http://evil.example")', "+1+1", "@SUM(A1)", "-2+3", "\t=1"])
def test_no_cell_of_the_export_is_a_formula(operator, network, note, hostile):
    import csv

    network.free.name = hostile
    note("station.changed", network.free, name=hostile)
    text = text_of(operator.get(f"{AUDIT}.csv"))
    cells = [cell for row in csv.reader(text.splitlines()) for cell in row]
    assert any(hostile.strip() in cell for cell in cells)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)


def test_names_are_shown_as_text(operator, network, note):
    network.free.name = "<script>alert(1)</script>"
    note("station.changed", network.free, name="<img src=x onerror=alert(1)>")
    page = operator.get(AUDIT).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page


@pytest.mark.parametrize(
    ("role", "status"), [("finance", 200), ("operator", 200), ("technician", 403), ("reader", 403)]
)
def test_who_may_read_it(browser_of, network, role, status):
    assert browser_of(role).get(AUDIT).status_code == status
    assert browser_of(role).get(f"{AUDIT}.csv").status_code == status


def test_the_page_costs_the_same_for_many_rows(operator, network, note, queries_of):
    note("station.accepted", network.free)
    few = queries_of(lambda: operator.get(AUDIT))
    for _ in range(10):
        note("station.refused", network.busy)
    assert queries_of(lambda: operator.get(AUDIT)) == few


def test_every_verb_reads_as_words(database):
    """A verb that nobody gave words to yet is shown without its underscores."""
    import re
    from pathlib import Path

    from ohmstead.web.console.audit_words import DEEDS, deed_words, thing_word

    source = Path(__file__).parents[2] / "src" / "ohmstead"
    written = re.compile(r'(?:record\([^"]*|_note\()"([a-z_]+\.[a-z_]+)"')
    verbs = {found[1] for path in source.rglob("*.py") for found in written.finditer(path.read_text())}
    assert len(verbs) > 50
    assert not [verb for verb in verbs if "_" in thing_word(verb) + deed_words(verb)]
    assert sum(verb.partition(".")[2] in DEEDS for verb in verbs) > 0.8 * len(verbs)
