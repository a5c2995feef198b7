"""A page and its live stream say the same: what is pushed is what a reload would show."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest

from ohmstead.bus import subjects
from ohmstead.bus.client import Bus
from ohmstead.journal.entry import EntryKind
from tests.web.little_network import command, session, station
from tests.web.test_station_messages import say


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
    from django.core.cache import caches

    address, page, expected = PAGES[name]
    caches["process"].clear()
    session(network.busy)
    pushed = partials(watch(page).everything())
    assert expected <= set(pushed)
    reloaded = squeezed(operator.get(address).text)
    for target, html in pushed.items():
        if target != "inbox-news":
            assert squeezed(html) in reloaded, target


STATION_TABS = {
    "station": ("", {"station-head", "plugs", "lately", "mends"}),
    "station-sessions": ("/sessions", {"station-head"}),
    "station-messages": ("/messages", {"station-head", "log"}),
    "station-commands": ("/commands", {"station-head"}),
    "station-configuration": ("/configuration", {"station-head", "drift", "values"}),
    "station-firmware": ("/firmware", {"station-head", "running", "updates", "files"}),
    "station-certificates": ("/certificates", {"station-head", "certificates", "trusted"}),
    "station-timeline": ("/timeline", {"station-head", "moments"}),
}


@pytest.mark.parametrize("tab", STATION_TABS)
def test_a_tab_of_a_station_is_pushed_as_a_reload_shows_it(operator, network, watch, database, tab):
    address, expected = STATION_TABS[tab]
    running = session(network.busy, soc_percent=40.0)
    asked = command(network.busy, "UnlockConnector", {"evse": 1}, state="rejected", reason="UnlockFailed")
    network.busy.deviations.create(
        code="x", action="MeterValues", sentence="kWh was read as Wh.", count=2,
        first_at=datetime.now(UTC), last_at=datetime.now(UTC),
    )  # fmt: skip
    say(database, network.busy)
    pushed = partials(watch(tab, str(network.busy.pk)).everything())
    rows = {"station-sessions": {f"session-{running.pk}"}, "station-commands": {f"command-{asked.pk}"}}
    assert set(pushed) == expected | rows.get(tab, set())
    reloaded = squeezed(operator.get(f"/console/stations/HILL-2{address}").text)
    for target, html in pushed.items():
        assert squeezed(html) in reloaded, target


def test_a_session_and_a_command_are_pushed_as_a_reload_shows_them(operator, network, watch):
    running = session(network.busy, soc_percent=40.0)
    pushed = partials(watch("session", str(running.pk)).everything())
    assert squeezed(pushed["session-body"]) in squeezed(operator.get(f"/console/sessions/{running.pk}").text)
    asked = command(network.busy, "UnlockConnector", {"evse": 1}, state="rejected", reason="UnlockFailed")
    pushed = partials(watch("command", str(asked.pk)).everything())
    assert squeezed(pushed["command-body"]) in squeezed(operator.get(f"/console/commands/{asked.pk}").text)
    pushed = partials(watch("commands").everything())
    assert squeezed(pushed[f"command-{asked.pk}"]) in squeezed(operator.get("/console/commands").text)


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
    from ohmstead.web.console.message_log import MessageFilter, read

    say(database, network.busy, action="Old")
    seen = read(network.busy, MessageFilter()).lines[0].position
    looking = watch("station-messages", str(network.busy.pk), position=seen)
    assert "log" not in partials(looking.everything())
    say(database, network.busy, action="New")
    html = looking.everything()
    assert "New" in partials(html)["log"]
    assert "Old" not in partials(html)["log"]
    assert 'hx-swap="afterbegin"' in html
    assert "log" not in partials(looking.everything())


def test_the_answer_takes_the_place_of_the_request_that_waited_for_it(network, watch, database):
    call = b'[2,"c-1","Reset",{"type":"Soft"}]'
    looking = watch("station-messages", str(network.busy.pk))
    looking.everything()
    say(database, network.busy, kind=EntryKind.SENT, action="Reset", frame=call, reply=None)
    assert "waits for the answer" in partials(looking.everything())["log"]
    say(database, network.busy, kind=EntryKind.ANSWERED, action="Reset", frame=b'[3,"c-1",{}]', reply=call)
    pushed = partials(looking.everything())
    assert set(pushed) == {"station-head", "line-call-c-1"}
    assert "waits for the answer" not in pushed["line-call-c-1"]


def test_a_paused_log_only_tells_how_many_came(network, watch, database):
    say(database, network.busy, action="Old", at=datetime.now(UTC) - timedelta(minutes=1))
    seen = quote((datetime.now(UTC) - timedelta(seconds=30)).isoformat())
    looking = watch("station-messages", str(network.busy.pk), query=f"paused=1&seen={seen}")
    assert "new message" not in looking.everything()
    say(database, network.busy, action="New")
    pushed = partials(looking.everything())
    assert "1 new message" in pushed["log-news"]
    assert "log" not in pushed


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


async def test_what_is_said_within_a_beat_is_told_to_everybody_at_once(nats_server):
    from uuid import uuid4

    from ohmstead.web.live.hub import hub

    live, organisation, said = hub(nats_server.url), uuid4(), [uuid4() for _ in range(3)]
    bus = await Bus("test").connect(nats_server.url)
    try:
        with live.listening(organisation, uuid4()) as one, live.listening(organisation, uuid4()) as other:
            await live.connected()
            for number, each in enumerate(said):
                await bus.publish(subjects.live(organisation, "stations"), json.dumps({"ids": [str(each)]}).encode())
                if not number:
                    first = await one.changes(10.0)
            rest = await one.changes(10.0)
            all_of_it = await other.changes(10.0)
        assert (first.stations, rest.stations, all_of_it.stations) == ({said[0]}, set(said[1:]), set(said))
        assert first.turn < rest.turn == all_of_it.turn
    finally:
        await bus.close()
        await live.close()


def test_chips_that_say_the_same_are_not_pushed_again(network, watch):
    from ohmstead.web.live.hub import Changes

    looking = watch("stations")
    assert "state-chips" in partials(looking.after(Changes(stations={network.free.pk})))
    assert set(partials(looking.after(Changes(stations={network.free.pk})))) == {f"station-{network.free.pk}"}
    network.free.evses.update(state="faulted")
    assert "state-chips" in partials(looking.after(Changes(stations={network.free.pk})))


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
