"""What the API tells of stations and sessions, in pages."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.web.little_network import reading, session, station


def walk(client, address):
    """Every item of a list, by following `next`; and how many pages it took."""
    items, cursor, pages = [], "", 0
    while cursor is not None:
        joiner = "&" if "?" in address else "?"
        body = client.get(f"{address}{joiner}cursor={cursor}" if cursor else address).json()
        items += body["items"]
        cursor, pages = body["next"], pages + 1
    return items, pages


def test_a_station_is_told_with_its_plugs_and_site(operator, network):
    body = operator.get("/api/v1/stations/hill-2").json()
    assert body["identity"] == "HILL-2"
    assert body["state"] == "charging"
    assert body["site"]["time_zone"] == "Europe/Berlin"
    assert [evse["state"] for evse in body["evses"]] == ["charging", "available"]
    assert body["evses"][0]["connectors"] == [{"number": 1, "standard": "IEC_62196_T2", "format": "CABLE"}]


def test_secrets_are_not_in_it(operator, network):
    network.free.password_hash = "a" * 64
    network.free.save()
    assert "a" * 64 not in operator.get("/api/v1/stations/HILL-1").text


def test_pages_of_stations_join_without_holes_or_doubles(operator, network):
    for number in range(23):
        station(network.hill, f"ROW-{number:02}", None, ["available"])
    items, pages = walk(operator, "/api/v1/stations?limit=5")
    identities = [item["identity"] for item in items]
    assert identities == sorted(identities)
    assert len(set(identities)) == 27
    assert pages == 6


def test_pages_of_sessions_join_although_many_started_at_once(operator, network):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for number in range(12):
        session(network.free, transaction_id=str(number), started_at=at, state="ended", ended_at=at)
    items, pages = walk(operator, "/api/v1/sessions?limit=5&state=ended")
    assert len({item["transaction_id"] for item in items}) == 12
    assert pages == 3


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/stations?search=%00", 422),
        ("/api/v1/stations?state=%00", 422),
        ("/api/v1/stations?cursor=WyJcdTAwMDAiXQ", 422),
        ("/api/v1/stations/HILL-1%00", 404),
        ("/api/v1/sessions?station=%00", 404),
        ("/api/v1/sessions?state=%00", 422),
        ("/api/v1/sessions?started_from=9999-12-31T23:59:59-14:00", 200),
        ("/console/stations/HILL-1%00", 404),
        ("/console/stations?q=%00&site=%00&state=%00", 200),
        ("/console/sessions?q=%00&site=%00", 200),
    ],
)
def test_what_no_database_can_hold_is_answered_like_any_other_mistake(operator, network, address, status):
    assert operator.get(address).status_code == status


def test_energy_is_an_exact_decimal(operator, network):
    running = session(network.busy, energy_wh="12345.678")
    assert operator.get(f"/api/v1/sessions/{running.pk}").json()["energy_wh"] == "12345.678"


def test_sessions_of_a_station_and_a_time(operator, network):
    now = datetime.now(UTC)
    session(network.busy, transaction_id="1")
    session(network.free, transaction_id="2", started_at=now - timedelta(days=3))
    found = operator.get("/api/v1/sessions?station=HILL-1").json()["items"]
    assert [each["transaction_id"] for each in found] == ["2"]
    recent = operator.get("/api/v1/sessions", {"started_from": (now - timedelta(days=1)).isoformat()}).json()["items"]
    assert [each["transaction_id"] for each in recent] == ["1"]


def test_readings_come_oldest_first_in_pages(operator, network):
    running = session(network.busy)
    for minute in range(7):
        reading(running, running.started_at + timedelta(minutes=minute), 1000 + minute, 11_000.0)
    items, pages = walk(operator, f"/api/v1/sessions/{running.pk}/readings?limit=3")
    assert [item["register_wh"] for item in items] == [f"{1000 + minute}.000" for minute in range(7)]
    assert pages == 3


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/v1/stations/nobody", 404),
        ("/api/v1/sessions/not-a-uuid", 404),
        ("/api/v1/sessions/00000000-0000-7000-8000-000000000000", 404),
        ("/api/v1/stations?limit=0", 422),
        ("/api/v1/stations?cursor=%00", 422),
        ("/api/v1/sessions?cursor=WyJhIl0", 422),
        ("/api/v1/sessions?cursor=WyJub3QgYSB0aW1lIiwgIm5vdCBhbiBpZCJd", 422),
        ("/api/v1/sessions?started_from=yesterday", 422),
        ("/api/v1/sessions?station=VALE-1", 404),
    ],
)
def test_errors_are_problems_with_a_sentence(operator, network, address, status):
    answer = operator.get(address)
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["detail"].endswith(".")


def test_signed_out_the_api_answers_401(network):
    from django.test import Client

    answer = Client(headers={"host": "localhost"}).get("/api/v1/stations")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")


def test_read_only_people_may_read(browser_of, network):
    assert browser_of("reader").get("/api/v1/stations").status_code == 200


def test_more_stations_cost_no_more_queries(operator, network, queries_of):
    few = queries_of(lambda: operator.get("/api/v1/stations"))
    for number in range(20):
        station(network.hill, f"MORE-{number}", network.market, ["available", "occupied"])
    assert queries_of(lambda: operator.get("/api/v1/stations")) == few
