"""Walking a long list by its own links shows every row once, forwards and backwards, whatever appears meanwhile."""

import base64
import json

import pytest
from django.http import QueryDict

from tests.web.little_network import session, station

ROWS = 120


@pytest.fixture
def many(network):
    """Stations with and without a site, seen at different times or never."""
    for number in range(ROWS):
        site = (network.market, network.quay, None)[number % 3]
        made = station(network.hill, f"ROW-{number:03}", site, [])
        if number % 4 == 0:
            type(made).objects.filter(pk=made.pk).update(last_seen_at=None)
    return network


def rows_sorted(network, *order):
    return network.hill.stations.select_related("site").order_by(*order)


def page(rows, **place):
    from ohmstead.web.console.paging import page_of

    query = QueryDict(mutable=True)
    query.update(place)
    return page_of(rows, query)


def forwards(rows):
    pages = [page(rows)]
    while pages[-1].after:
        pages.append(page(rows, after=pages[-1].after))
    return pages


SORTS = [
    pytest.param(("identity",), id="plain"),
    pytest.param(("-identity",), id="downwards"),
    pytest.param(("site__name", "identity"), id="by a name that may be missing"),
    pytest.param(("-site__name", "-identity"), id="downwards by a name that may be missing"),
    pytest.param(("last_seen_at", "identity"), id="by a time that may be missing"),
    pytest.param(("-last_seen_at", "identity"), id="newest first, then by name"),
    pytest.param(("-created_at", "-pk"), id="newest first"),
]


@pytest.mark.parametrize("order", SORTS)
def test_forwards_and_backwards_every_row_comes_once_in_order(many, order):
    rows = rows_sorted(many, *order)
    everything = list(rows)
    pages = forwards(rows)
    assert [row for each in pages for row in each.rows] == everything
    assert [(each.first, each.last) for each in pages] == [(1, 50), (51, 100), (101, len(everything))]
    back = [pages[-1]]
    while back[-1].before:
        back.append(page(rows, before=back[-1].before))
    assert [row for each in reversed(back) for row in each.rows] == everything
    assert [(each.first, each.last) for each in reversed(back)] == [(1, 50), (51, 100), (101, len(everything))]


def test_what_appears_meanwhile_shifts_nothing(many):
    rows = rows_sorted(many, "-created_at", "-pk")
    first = page(rows)
    expected = [row.identity for row in list(rows)[50:100]]
    station(many.hill, "NEWEST", None, [])
    assert [row.identity for row in page(rows, after=first.after).rows] == expected


def test_a_place_whose_row_is_gone_still_leads_on(many):
    rows = rows_sorted(many, "identity")
    first = page(rows)
    expected = [row.identity for row in list(rows)[50:100]]
    first.rows[-1].delete()
    assert [row.identity for row in page(rows, after=first.after).rows] == expected


def place(*values):
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


HOSTILE = [
    pytest.param("x", id="no base64"),
    pytest.param("\N{SNOWMAN}", id="no letters of ours"),
    pytest.param(place(), id="empty"),
    pytest.param(place(1), id="too few values"),
    pytest.param(place(1, "ROW-001", "ROW-001", "more"), id="too many values"),
    pytest.param(place(1, None, "ROW-001"), id="a missing value that is never missing"),
    pytest.param(place(1, "yesterday", "ROW-001"), id="no time"),
    pytest.param(place(1, 17, "ROW-001"), id="a number for a time"),
    pytest.param(place(1, ["2026-01-01T00:00:00+00:00"], "ROW-001"), id="a list for a time"),
    pytest.param(place(1, "2026-01-01T00:00:00+00:00", "\0"), id="NUL"),
    pytest.param(place(-1, "2026-01-01T00:00:00+00:00", "ROW-001"), id="a negative number"),
    pytest.param(place("1", "2026-01-01T00:00:00+00:00", "ROW-001"), id="no number"),
    pytest.param(place(True, "2026-01-01T00:00:00+00:00", "ROW-001"), id="a truth for a number"),
    pytest.param(base64.urlsafe_b64encode(b"[" * 1_000).decode(), id="deep"),
    pytest.param(place(1, "x" * 3_000, "ROW-001"), id="long"),
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["after", "before"])
def test_a_place_no_page_gave_out_means_the_first_page(many, name, text):
    rows = rows_sorted(many, "created_at", "identity")
    assert page(rows, **{name: text}) == page(rows)


def test_a_far_page_reads_no_more_rows_than_the_first(network, queries_of):
    from ohmstead.charging.models import Session

    for number in range(ROWS):
        session(network.busy, transaction_id=str(number))
    rows = Session.objects.order_by("-started_at", "-pk")
    first = page(rows)
    assert queries_of(lambda: page(rows, after=first.after)) == queries_of(lambda: page(rows)) == 1
