"""Filters kept under a name, columns hidden by the URL, and newcomers counted instead of pushed in."""

import pytest


def save(client, name, query, **more):
    return client.post("/console/filters/save", {"name": name, "query": query} | more, follow=True)


def names(client):
    import re

    page = client.get("/console/stations").text
    return re.findall(r'<span class="saved"><a class="chip" href="([^"]*)">.*?</svg>([^<]+)', page)


def test_a_filter_is_kept_and_is_a_link(operator, network):
    answer = save(operator, "Broken", "state=faulted&q=hill&page=7&evil=1")
    assert answer.redirect_chain[-1][0] == "/console/stations?q=hill&state=faulted"
    assert names(operator) == [("/console/stations?q=hill&amp;state=faulted", "Broken")]
    save(operator, "Broken", "state=offline")
    assert names(operator) == [("/console/stations?state=offline", "Broken")]


def test_ones_own_filter_is_nobody_elses(operator, browser_of, network):
    save(operator, "Mine", "state=faulted")
    save(operator, "Ours", "state=offline", shared="1")
    assert [name for _, name in names(operator)] == ["Mine", "Ours"]
    assert [name for _, name in names(browser_of("owner"))] == ["Ours"]
    assert names(browser_of("neighbour")) == []


def test_who_may_not_change_the_network_keeps_filters_but_does_not_share_or_remove_shared_ones(
    operator, browser_of, network
):
    from ohmstead.web.models import SavedFilter

    save(operator, "Ours", "state=offline", shared="1")
    reader = browser_of("reader")
    save(reader, "Mine", "state=faulted", shared="1")
    assert SavedFilter.objects.get(name="Mine").user == network.people["reader"]
    shared = SavedFilter.objects.get(name="Ours")
    assert reader.post(f"/console/filters/{shared.pk}/remove").status_code == 404
    assert browser_of("neighbour").post(f"/console/filters/{shared.pk}/remove").status_code == 404
    assert "is removed." in operator.post(f"/console/filters/{shared.pk}/remove", follow=True).text


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\x00b"])
def test_a_filter_needs_a_name(operator, network, name):
    assert "A filter needs a name of at most 60 characters." in save(operator, name, "state=faulted").text
    assert names(operator) == []


def test_columns_are_hidden_by_the_url(operator, network):
    page = operator.get("/console/stations?hide=site&hide=seen&hide=nonsense").text
    assert '<table class="stacks hide-site hide-seen">' in page


def test_a_newcomer_is_counted_and_does_not_push_itself_in(viewer, network):
    from django.http import QueryDict

    from ohmstead.web.live.hub import Changes
    from ohmstead.web.live.watches.stations import StationsWatch

    watch = StationsWatch(viewer, QueryDict("state=faulted"))
    network.free.evses.update(state="faulted")
    said = watch.after(Changes(stations={network.free.pk}))
    assert "1 new" in said
    assert f'hx-target="#station-{network.free.pk}"' not in said
    network.free.evses.update(state="available")
    gone = watch.after(Changes(stations={network.free.pk}))
    assert 'hx-target="#fresh"' in gone
    assert "new<" not in gone


NUMBERS = {
    "running": "/console/sessions?state=running",
    "free": "/console/stations?state=available",
    "faulted": "/console/stations?state=faulted",
    "offline": "/console/stations?state=offline",
}


def test_every_number_of_the_overview_has_its_list(operator, network):
    import re

    from tests.web.little_network import session

    session(network.busy)
    page = operator.get("/console/").text
    for address in NUMBERS.values():
        assert f'href="{address}"' in page
        assert operator.get(address).status_code == 200
    chips = re.findall(r'href="/console/stations\?state=(\w+)">.*?<b>(\d+)</b>', page)
    for state, number in chips:
        rows = re.findall(r'<tr id="station-', operator.get(f"/console/stations?state={state}").text)
        assert (state, len(rows)) == (state, int(number))
