"""A page and its live stream say the same: what is pushed is what a reload would show."""

import asyncio
import json
import re
from datetime import UTC, datetime

import pytest

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus
from tests.web.little_network import session, station
from tests.web.test_station_page import say


@pytest.fixture
def watch(viewer):
    from django.http import QueryDict

    from ohmstead.web.live.watches import watch_for

    def of(page, key="", query="", position=""):
        return watch_for(viewer, page, key, QueryDict(query), position)

    return of


def partials(html):
    return dict(re.findall(r'<hx-partial hx-target="#([^"]+)"[^>]*>(.*?)</hx-partial>', html, re.S))


def squeezed(html):
    return re.sub(r"\s+", " ", html).strip()


PAGES = {
    "overview": ("/console/", "overview", {"tiles", "states", "curve", "attention", "sites", "deviations", "system"}),
    "stations": ("/console/stations", "stations", {"state-chips"}),
    "sessions": ("/console/sessions", "sessions", set()),
    "inbox": ("/console/inbox", "inbox", {"refusals"}),
}


@pytest.mark.parametrize("name", PAGES)
def test_what_is_pushed_is_what_a_reload_shows(operator, network, watch, name):
    from django.core.cache import cache

    address, page, expected = PAGES[name]
    cache.clear()
    session(network.busy)
    pushed = partials(watch(page).everything())
    assert expected <= set(pushed)
    reloaded = squeezed(operator.get(address).text)
    for target, html in pushed.items():
        if target != "inbox-news":
            assert squeezed(html) in reloaded, target


def test_a_stations_page_is_pushed_as_a_reload_shows_it(operator, network, watch, database):
    running = session(network.busy, soc_percent=40.0)
    network.busy.deviations.create(
        code="x", action="MeterValues", sentence="kWh was read as Wh.", count=2,
        first_at=datetime.now(UTC), last_at=datetime.now(UTC),
    )  # fmt: skip
    say(database, network.busy)
    pushed = partials(watch("station", str(network.busy.pk)).everything())
    assert set(pushed) == {"station-head", "plugs", "mends", "timeline", "log"}
    reloaded = squeezed(operator.get("/console/stations/HILL-2").text)
    for target, html in pushed.items():
        assert squeezed(html) in reloaded, target
    pushed = partials(watch("session", str(running.pk)).everything())
    assert squeezed(pushed["session-body"]) in squeezed(operator.get(f"/console/sessions/{running.pk}").text)


def test_the_health_page_is_pushed_as_a_reload_shows_it(operator, network, watch):
    pushed = partials(watch("health").everything())
    without_size = re.compile(r"Database.*?PostgreSQL")
    reloaded = without_size.sub("", squeezed(operator.get("/console/health").text))
    assert without_size.sub("", squeezed(pushed["health-body"])) in reloaded


def test_a_change_pushes_only_the_rows_it_concerns(network, watch):
    from ohmstead.web.live.hub import Changes

    looking = watch("stations")
    network.free.evses.update(state="charging")
    pushed = partials(looking.after(Changes(stations={network.free.pk})))
    assert set(pushed) == {"state-chips", f"station-{network.free.pk}"}
    assert "Charging" in pushed[f"station-{network.free.pk}"]
    assert looking.after(Changes(sessions={network.free.pk})) == ""


def test_a_neighbours_change_pushes_nothing(network, watch):
    from ohmstead.web.live.hub import Changes

    pushed = watch("stations").after(Changes(stations={network.foreign.pk}))
    assert "VALE-1" not in pushed


def test_rows_of_other_pages_are_not_pushed(network, watch):
    from ohmstead.web.live.hub import Changes

    looking = watch("stations", query="state=faulted")
    assert set(partials(looking.after(Changes(stations={network.free.pk})))) == {"state-chips"}


def test_messages_that_the_page_has_are_not_pushed_again(network, watch, database):
    from ohmstead.web.console.station import log_lines

    say(database, network.busy, action="Old")
    seen = log_lines(network.busy)[0].position
    looking = watch("station", str(network.busy.pk), position=seen)
    assert "log" not in partials(looking.everything())
    say(database, network.busy, action="New")
    html = looking.everything()
    assert "New" in partials(html)["log"]
    assert "Old" not in partials(html)["log"]
    assert 'hx-swap="afterbegin"' in html
    assert "log" not in partials(looking.everything())


def test_a_newcomer_is_announced_above_the_inbox(network, watch):
    looking = watch("inbox")
    assert "The inbox has changed." not in looking.everything()
    station(network.hill, "NEW-1", None, [], admission="pending")
    assert "The inbox has changed." in looking.everything()


async def test_ids_of_one_thing_add_up_to_one_change():
    from uuid import uuid4

    from ohmstead.web.live.hub import Listener

    listener, one = Listener(uuid4()), uuid4()
    for _ in range(100):
        listener.hear("stations", (one,))
    changes = await listener.changes(1.0)
    assert changes.stations == {one}
    assert await listener.changes(0.01) is None


async def test_a_listener_that_falls_behind_is_told_to_reload():
    from uuid import uuid4

    from ohmstead.web.live.hub import Listener

    listener = Listener(uuid4())
    for _ in range(51):
        listener.hear("sessions", tuple(uuid4() for _ in range(100)))
    changes = await listener.changes(1.0)
    assert changes.overflowed
    assert len(changes) < 5_000


async def test_one_person_cannot_open_streams_without_end(nats_server):
    from contextlib import ExitStack
    from uuid import uuid4

    from ohmstead.web.live.hub import MOST_PER_USER, TooManyStreams, hub

    live, organisation, person = hub(nats_server.url), uuid4(), uuid4()
    with ExitStack() as open_pages:
        for _ in range(MOST_PER_USER):
            open_pages.enter_context(live.listening(organisation, person))
        with pytest.raises(TooManyStreams):
            open_pages.enter_context(live.listening(organisation, person))
        open_pages.enter_context(live.listening(organisation, uuid4()))
    with live.listening(organisation, person):
        pass
    await live.close()


async def test_a_change_on_the_bus_reaches_the_browser(network, nats_server):
    from asgiref.sync import sync_to_async
    from django.test import AsyncClient, override_settings

    client = AsyncClient()
    await client.aforce_login(network.people["operator"])
    with override_settings(OHMSTEAD_NATS_URL=nats_server.url, ALLOWED_HOSTS=["*"]):
        from ohmstead.web.live.hub import hub

        answer = await client.get("/console/live/stations")
        assert answer.headers["Content-Type"] == "text/event-stream"
        stream = aiter(answer)
        first = await asyncio.wait_for(anext(stream), 10)
        assert b"HILL-1" in first
        await hub(nats_server.url).connected()
        await sync_to_async(network.free.evses.update)(state="faulted")
        bus = await Bus("test").connect(nats_server.url)
        subject = subjects.live(network.hill.pk, "stations")
        await bus.publish(subject, json.dumps({"ids": [str(network.free.pk)]}).encode())
        second = await asyncio.wait_for(anext(stream), 10)
        assert b"Faulted" in second
        assert second.startswith(b"data: <hx-partial")
        assert second.endswith(b"\n\n")
        await bus.close()
        await stream.aclose()
        await hub(nats_server.url).close()


async def test_live_updates_speak_the_language_of_the_page(network, nats_server):
    from django.test import AsyncClient, override_settings

    client = AsyncClient()
    await client.aforce_login(network.people["operator"])
    client.cookies["django_language"] = "de"
    with override_settings(OHMSTEAD_NATS_URL=nats_server.url, ALLOWED_HOSTS=["*"]):
        from ohmstead.web.live.hub import hub

        answer = await client.get("/console/live/stations")
        stream = aiter(answer)
        assert "Gestört" in (await asyncio.wait_for(anext(stream), 10)).decode()
        await stream.aclose()
        await hub(nats_server.url).close()


async def test_too_many_open_pages_are_told_so(network, nats_server):
    from contextlib import ExitStack

    from django.test import AsyncClient, override_settings

    from ohmstead.web.live.hub import MOST_PER_USER, hub

    client, person = AsyncClient(), network.people["operator"]
    await client.aforce_login(person)
    live = hub(nats_server.url)
    with override_settings(OHMSTEAD_NATS_URL=nats_server.url, ALLOWED_HOSTS=["*"]), ExitStack() as open_pages:
        for _ in range(MOST_PER_USER):
            open_pages.enter_context(live.listening(network.hill.pk, person.pk))
        assert (await client.get("/console/live/stations")).status_code == 429
    await live.close()
