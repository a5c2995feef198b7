"""The list of sessions in a spreadsheet."""

import csv
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from tests.web import streamed
from tests.web.little_network import session, token

EXPORT = "/console/sessions/export.csv"
AT = datetime(2026, 7, 1, 10, 30, tzinfo=UTC)


def exported(browser, query=""):
    return list(csv.DictReader(text_of(browser, query).splitlines()))


def text_of(browser, query=""):
    """Without the mark that makes spreadsheets read UTF-8."""
    return streamed.text_of(browser.get(f"{EXPORT}?{query}")).removeprefix("\N{BYTE ORDER MARK}")


def test_a_row_holds_exact_figures_and_the_times_of_its_site(operator, network):
    session(
        network.free, started_at=AT, ended_at=AT + timedelta(hours=1), state="ended", power_w=None,
        energy_wh=Decimal("5500.125"), stop_reason="car_full", flags=["offline", "seq_gap"],
    )  # fmt: skip
    (row,) = exported(operator)
    assert row["started_at"] == "2026-07-01T12:30:00+02:00"
    assert row["ended_at"] == "2026-07-01T13:30:00+02:00"
    assert row["time_zone"] == "Europe/Berlin"
    assert row["energy_wh"] == "5500.125"
    assert (row["station"], row["site"], row["stop_reason"]) == ("HILL-1", "Market", "car_full")
    assert row["flags"] == "offline seq_gap"


def test_it_takes_the_filter_of_the_list(operator, network):
    session(network.busy, transaction_id="1")
    session(network.free, transaction_id="2", state="ended", power_w=None)
    assert {row["transaction_id"] for row in exported(operator)} == {"1", "2"}
    assert [row["transaction_id"] for row in exported(operator, "state=ended")] == ["2"]
    assert f"{EXPORT}?state=ended" in operator.get("/console/sessions?state=ended").text


def test_what_a_station_or_a_person_wrote_is_no_formula(operator, network):
    card = token(network.hill, "04AA", "@SUM(A1)")
    session(network.busy, transaction_id="=HYPERLINK(0)", token=card, token_uid="+CMD|x")
    (row,) = exported(operator)
    assert row["transaction_id"] == "'=HYPERLINK(0)"
    assert row["card"] == "'+CMD|x"
    assert row["card_label"] == "'@SUM(A1)"


def test_a_german_spreadsheet_gets_semicolons(operator, network):
    session(network.busy)
    operator.cookies["django_language"] = "de"
    assert text_of(operator).startswith("session;state;started_at;")


def test_nothing_of_the_neighbour_is_in_it(operator, network):
    session(network.foreign)
    assert exported(operator) == []


def test_the_longest_list_comes_whole_and_piece_by_piece(network, viewer):
    from ohmstead.web.csv_stream import csv_of

    for number in range(9):
        session(network.free, transaction_id=str(number), started_at=AT + timedelta(minutes=number // 2))
    order, columns = ("-started_at", "-pk"), ("started_at", "transaction_id")

    def cells(row):
        return row.started_at.isoformat(), row.transaction_id

    pieces = streamed.pieces_of(csv_of(viewer, viewer.sessions(), order, columns, cells, "sessions", piece=3))
    rows = list(csv.DictReader(b"".join(pieces).decode("utf-8-sig").splitlines()))
    assert [len(piece.splitlines()) for piece in pieces] == [4, 3, 3, 0]
    assert {row["transaction_id"] for row in rows} == {str(number) for number in range(9)}
    assert [row["started_at"] for row in rows] == sorted((row["started_at"] for row in rows), reverse=True)
