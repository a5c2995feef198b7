"""The map and its list, what it is drawn from, and the tiles under it."""

import gzip
import json
import re

import pytest

from tests.web.little_network import station


@pytest.fixture
def placed(network):
    network.market.latitude, network.market.longitude = 52.5, 13.4
    network.market.save()
    network.silent.latitude, network.silent.longitude = 53.5, 9.9
    network.silent.save()
    return network


def data(client, query=""):
    rows = client.get(f"/console/map/data.json?{query}").json()["places"]
    return {row[1]: row[2:] for row in rows}


def test_places_have_their_plugs_counted_and_one_state(operator, placed):
    assert data(operator) == {
        "HILL-4": [9.9, 53.5, 1, 0, 0, 0, 1, "offline"],
        "Market": [13.4, 52.5, 5, 3, 1, 1, 0, "faulted"],
    }


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=charging", {"Market": [13.4, 52.5, 2, 1, 1, 0, 0, "available"]}),
        ("state=offline", {"HILL-4": [9.9, 53.5, 1, 0, 0, 0, 1, "offline"]}),
        ("q=hill-3", {"Market": [13.4, 52.5, 1, 0, 0, 1, 0, "faulted"]}),
        ("q=nowhere", {}),
    ],
)
def test_map_and_list_share_one_filter(operator, placed, query, expected):
    assert data(operator, query) == expected
    page = operator.get(f"/console/map?{query}").text
    assert set(re.findall(r'<span class="what"><b>([^<]+)', page)) == set(expected)


def test_a_place_without_a_position_is_in_the_list_and_says_so(operator, placed):
    station(placed.hill, "QUAY-1", placed.quay, ["available"])
    page = operator.get("/console/map").text
    assert "position not known" in page
    assert "1 not on the map" in page
    assert "Quay" not in data(operator)


def test_a_neighbours_places_are_not_there(operator, placed):
    placed.foreign.latitude, placed.foreign.longitude = 50.0, 8.0
    placed.foreign.save()
    assert "VALE-1" not in data(operator)
    assert "VALE-1" not in operator.get("/console/map").text


def test_the_data_costs_the_same_however_many_stations(operator, placed, queries_of):
    from ohmstead.network.models import Site

    few = queries_of(lambda: operator.get("/console/map/data.json"))
    for number in range(20):
        site = Site.objects.create(organisation=placed.hill, name=f"S{number}", latitude=50 + number / 10, longitude=9)
        station(placed.hill, f"MORE-{number}", site, ["available"])
    assert queries_of(lambda: operator.get("/console/map/data.json")) == few


def test_a_change_reaches_list_and_script(viewer, placed):
    from django.http import QueryDict

    from ohmstead.web.live.hub import Changes
    from ohmstead.web.live.watches.network_map import MapWatch

    watch = MapWatch(viewer, QueryDict(""))
    placed.broken.evses.update(state="available")
    said = watch.after(Changes(stations={placed.broken.pk}))
    assert f'hx-target="#place-{placed.market.pk}"' in said
    rows = json.loads(re.search(r'data-places="([^"]*)"', said)[1].replace("&quot;", '"'))
    assert rows == [[str(placed.market.pk), "Market", 13.4, 52.5, 5, 4, 1, 0, 0, "available"]]
    assert watch.after(Changes(sessions={placed.broken.pk})) == ""


def test_what_a_place_is_called_is_text(operator, placed):
    placed.market.name = '"><script>alert(1)</script>'
    placed.market.save()
    assert "<script>alert(1)" not in operator.get("/console/map").text


def test_the_world_is_drawn_from_one_file(client_without_sign_in):
    tile = client_without_sign_in.get("/tiles/2/2/1")
    assert tile.headers["Content-Encoding"] == "gzip"
    assert b"land" in gzip.decompress(tile.content)
    assert "max-age" in tile.headers["Cache-Control"]


@pytest.mark.parametrize("address", ["/tiles/6/10/31", "/tiles/7/1/1", "/tiles/0/5/5", "/tiles/99/1/1"])
def test_where_there_is_nothing_the_answer_is_empty(client_without_sign_in, address):
    assert client_without_sign_in.get(address).status_code == 204


@pytest.fixture
def client_without_sign_in(database):
    from django.test import Client

    return Client(headers={"host": "localhost"})
