"""Stored cross-site scripting: every text of every table holds markup, and every address is walked for it.

What stations say comes in over real sockets in tests/line/test_hostile_stations.py.
"""

import pytest

from tests.web import one_of_each
from tests.web.unsafe import ESCAPED, MARKUP, SCRIPT_ADDRESS, markup, why_unsafe
from tests.web.walked import OTHER, asked, routes

PAGES_OF_THINGS = ("session", "command", "bulk", "commission", "station-messages")


@pytest.fixture
def hostile(database):
    """`hostile(mark)`: an organisation of which everything is called so, and its owner."""
    from ohmstead.access.models import Membership, Organisation, Role, User

    def built(mark):
        organisation = Organisation.objects.create(slug="hostile", name=mark)
        owner = User.objects.create(email="owner@hostile.example", name=mark)
        Membership.objects.create(organisation=organisation, user=owner, role=Role.OWNER)
        made = one_of_each.build(organisation, owner, mark, every_text=True)
        station = made.of("network.station")
        type(station).objects.filter(pk=station.pk).update(admission="accepted", removed_at=None)
        wish = {"type": "SendVendorData", "vendor": mark, "message": mark, "data": mark}
        for label in ("network.command", "network.bulk"):
            row = made.of(label)
            type(row).objects.filter(pk=row.pk).update(command=wish, kind=wish["type"])
        type(made.of("network.site")).objects.update(time_zone="Europe/Berlin")
        table = f"""identity,name\n"=1""'><u x>",{mark.replace('"', "")}\n""".encode()
        type(made.of("network.importdraft")).objects.update(kind="stations", content=table)
        made.of("access.auditentry")
        made.owner = owner
        return made

    return built


def browser_of(user, language):
    from django.test import Client

    client = Client(headers={"host": "localhost", "accept-language": language}, raise_request_exception=False)
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("mark", [MARKUP, SCRIPT_ADDRESS], ids=["markup", "script address"])
def test_no_address_shows_a_stored_text_as_anything_but_text(hostile, mark, language):
    made = hostile(mark)
    browser = browser_of(made.owner, language)
    values = OTHER | made.address | {"key": made.station.pk}
    wrong, shown = [], set()
    for route in routes():
        answer = asked(browser, route, values, "get")
        if why := why_unsafe(answer):
            wrong.append(f"{route}: {why}")
        if answer.status_code >= 500:
            wrong.append(f"{route}: {answer.status_code}")
        if not answer.streaming and any(each in answer.text for each in (ESCAPED, mark, "<u x>")):
            shown.add(route)
    assert wrong == []
    assert {"console/", "console/stations", "console/sites", "console/audit", "api/v1/sessions"} <= shown


@pytest.mark.parametrize("language", ["en", "de"])
def test_no_live_partial_shows_a_stored_text_as_anything_but_text(hostile, language):
    from django.http import QueryDict
    from django.utils import translation

    from ohmstead.web.live.watches import _PAGES, _THINGS, watch_for
    from ohmstead.web.scope import viewer_of

    made = hostile(MARKUP)
    viewer = viewer_of(made.owner)
    keys = {
        "session": made.of("charging.session"),
        "command": made.of("network.command"),
        "bulk": made.of("network.bulk"),
    }
    wrong, shown = [], 0
    for page in [*_PAGES, *_THINGS]:
        key = "" if page in _PAGES else str(keys.get(page, made.station).pk)
        watch = watch_for(viewer, page, key, QueryDict(""))
        assert watch is not None, page
        with translation.override(language):
            text = watch.everything()
        shown += ESCAPED in text
        if why := markup(text):
            wrong.append(f"{page}: {why}")
    assert wrong == []
    assert shown > len(_PAGES)


def test_a_page_that_shows_it_raw_would_be_found(database):
    from django.http import HttpResponse

    assert why_unsafe(HttpResponse(f'<p title="{MARKUP}">'))
    assert why_unsafe(HttpResponse('<a href="javascript:alert(1)">'))
    assert why_unsafe(HttpResponse(f'a,"x;{MARKUP}"\r\n', content_type="text/csv"))
    assert why_unsafe(HttpResponse(MARKUP, content_type="text/plain"))
