"""What happened is read in order, taken up again without a hole, and by its own organisation only."""

import asyncio
import json
import time
from uuid import UUID

import pytest


@pytest.fixture
def happen(network):
    from django.utils import timezone

    from ohmstead.integration.events import StationOffline, TokenBlocked
    from ohmstead.integration.outbox import announce

    def happened(number, organisation=None, kind="station.offline"):
        about = UUID(int=number)
        event = (
            StationOffline(station_id=about, station=f"HILL-{number}")
            if kind == "station.offline"
            else TokenBlocked(token_id=about, uid=f"04AA{number}")
        )
        announce((organisation or network.hill).pk, event, at=timezone.now(), key=str(number))

    return happened


def told_after(program, cursor, number, limit=3):
    """Events from a place on, page by page: one is told when no older transaction can still put another before it."""
    items, deadline = [], time.monotonic() + 60
    while len(items) < number and time.monotonic() < deadline:
        page = program.get(f"/events?after={cursor}&limit={limit}").json()
        items, cursor = items + page["items"], page["next"]
    return items, cursor


def test_events_come_in_order_and_go_on_where_they_ended(program, happen):
    cursor = program.get("/events").json()["next"]
    for number in range(5):
        happen(number)
    items, after = told_after(program, cursor, 5)
    assert [each["data"]["station"] for each in items] == [f"HILL-{number}" for number in range(5)]
    assert program.get(f"/events?after={after}").json() == {"items": [], "next": after}


def test_only_the_wanted_kinds(program, happen):
    cursor = program.get("/events").json()["next"]
    happen(1)
    happen(2, kind="token.blocked")
    told_after(program, cursor, 2)
    items = program.get(f"/events?after={cursor}&kinds=token.blocked").json()["items"]
    assert [each["type"] for each in items] == ["token.blocked"]


def test_a_neighbours_events_are_not_told(program, program_of, network, happen):
    cursor = program.get("/events").json()["next"]
    program_of("view", organisation=network.vale).get("/events")
    happen(1, organisation=network.vale)
    assert program.get(f"/events?after={cursor}").json()["items"] == []


@pytest.mark.parametrize("query", ["after=nonsense", "after=WyJhIiwgImIiXQ", "kinds=session.exploded", "limit=0"])
def test_what_cannot_be_asked_is_a_problem(program, query):
    assert program.get(f"/events?{query}").status_code == 422


async def _first_messages(secret, number, nats_url, **headers):
    from asgiref.sync import sync_to_async
    from django.db import connections
    from django.test import AsyncClient

    from ohmstead.web.live.hub import hub

    await sync_to_async(connections.close_all)()  # of the thread that answers: another test may have left it broken

    sent = {"authorization": f"Bearer {secret}", **headers}
    answer = await AsyncClient().get("/api/v1/events/stream", headers=sent)
    assert answer.headers["Content-Type"] == "text/event-stream"
    messages = []
    stream = aiter(answer)
    async with asyncio.timeout(30):
        while len(messages) < number:
            chunk = (await anext(stream)).decode()
            if chunk.startswith("id: "):
                messages.append(dict(line.split(": ", 1) for line in chunk.strip().splitlines()))
    await stream.aclose()
    await hub(nats_url).close()
    return messages


def test_a_stream_is_taken_up_again_where_it_broke_off(program, happen, nats_server):
    from django.test import override_settings

    cursor = program.get("/events").json()["next"]
    for number in range(3):
        happen(number)
    with override_settings(OHMSTEAD_NATS_URL=nats_server.url, ALLOWED_HOSTS=["*"]):
        (first,) = asyncio.run(_first_messages(program.secret, 1, nats_server.url, **{"last-event-id": cursor}))
        rest = asyncio.run(_first_messages(program.secret, 2, nats_server.url, **{"last-event-id": first["id"]}))
    assert first["event"] == "station.offline"
    assert [json.loads(each["data"])["data"]["station"] for each in (first, *rest)] == ["HILL-0", "HILL-1", "HILL-2"]


def test_without_a_key_there_is_no_stream(network):
    from django.test import Client

    answer = Client(headers={"host": "localhost"}).get("/api/v1/events/stream")
    assert (answer.status_code, answer.json()["type"]) == (401, "/api/v1/problems/unauthenticated")


class TestTheStreamIsBehindTheDoor:
    """As every other address: key, scope, share, other origins."""

    def test_a_key_without_the_scope_is_refused(self, program_of, network):
        answer = program_of("drivers").get("/events/stream")
        assert (answer.status_code, answer.json()["type"]) == (403, "/api/v1/problems/forbidden")

    def test_it_counts_as_a_request(self, program):
        from django.test import override_settings

        with override_settings(OHMSTEAD_API_REQUESTS_PER_MINUTE=1):
            answers = [program.get("/events/stream") for _ in range(4)]  # a minute may begin meanwhile, once
        assert answers[0].headers["RateLimit-Remaining"] == "0"
        assert 429 in [each.status_code for each in answers]

    def test_it_says_what_it_is_without_streaming(self, program):
        head = program("HEAD", "/events/stream")
        assert (head.status_code, head.headers["Content-Type"], head.content) == (200, "text/event-stream", b"")
        assert program.post("/events/stream").status_code == 405

    def test_other_origins_may_read_it_when_they_are_named(self, program):
        from django.test import override_settings

        with override_settings(OHMSTEAD_API_ORIGINS=("https://app.example",)):
            answer = program("HEAD", "/events/stream", origin="https://app.example")
        assert answer.headers["Access-Control-Allow-Origin"] == "https://app.example"

    @pytest.mark.parametrize("query", ["after=nonsense", "kinds=session.exploded"])
    def test_what_cannot_be_asked_is_a_problem(self, program, query):
        assert program.get(f"/events/stream?{query}").status_code == 422

    def test_a_neighbours_events_are_not_streamed(self, program, program_of, network, happen, nats_server):
        from django.test import override_settings

        cursor = program.get("/events").json()["next"]
        program_of("view", organisation=network.vale).get("/events")
        happen(1, organisation=network.vale)
        happen(2)
        with override_settings(OHMSTEAD_NATS_URL=nats_server.url, ALLOWED_HOSTS=["*"]):
            (first,) = asyncio.run(_first_messages(program.secret, 1, nats_server.url, **{"last-event-id": cursor}))
        assert json.loads(first["data"])["data"]["station"] == "HILL-2"


def test_the_search_finds_stations(program):
    assert "HILL-1" in [each["title"] for each in program.get("/search?q=HILL-1").json()["items"]]
