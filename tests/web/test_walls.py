"""Every address there is, walked by somebody it does not belong to."""

import pytest

from tests.web import one_of_each
from tests.web.one_of_each import MARK
from tests.web.streamed import text_of
from tests.web.walked import OTHER, asked, methods_of, names_in, routes


@pytest.fixture
def twin(network):
    """One of everything, owned by the neighbour, each with a mark in its words."""
    network.vale.name = f"{MARK} Power"
    network.vale.save()
    made = one_of_each.build(network.vale, network.people["neighbour"])
    for model in ("network.station", "network.site"):
        type(made.of(model)).objects.filter(pk=made.of(model).pk).update(name=MARK)
    return made


def test_a_neighbours_things_are_nowhere(browser_of, network, twin):
    """404, or refused before anybody looked; never the thing, never a redirect to it, never a word of it."""
    owner = browser_of("owner")
    values = OTHER | twin.address | {"key": twin.station.pk}
    wrong = []
    for route in routes():
        own = bool(set(names_in(route)) & (set(twin.address) | {"key"}))
        for method in methods_of(route) if own else ("get",):
            answer = asked(owner, route, values, method)
            refused = answer.status_code in (400, 403, 404, 405, 411, 413, 415, 422, 428)
            if (
                (own and not refused)
                or answer.status_code >= 500
                or MARK in text_of(answer).replace(twin.station.identity, "")
            ):
                wrong.append(f"{method} {route}: {answer.status_code}")
    assert wrong == []


def test_a_neighbours_things_are_as_they_were(browser_of, network, twin):
    from django.apps import apps

    def rows():
        found = {}
        for label in {*one_of_each.THINGS.values(), "network.station"}:
            model = apps.get_model(label)
            found[label] = list(model._base_manager.filter(pk=twin.of(label).pk).values())
        return found

    before, owner = rows(), browser_of("owner")
    values = OTHER | twin.address | {"key": twin.station.pk}
    for route in routes():
        if set(names_in(route)) & set(twin.address):
            for method in methods_of(route)[1:]:
                asked(owner, route, values, method)
    assert rows() == before


# Their own membership, a preview that writes nothing, and filters of their own.
# What anybody may do for themselves as a driver.
DRIVERS_MAY = {"api/v1/driver/guests", "api/v1/driver/tokens"}
READERS_MAY = {"console/organisation/leave", "console/import/<str:kind>", "console/filters/save"} | DRIVERS_MAY


@pytest.mark.parametrize("role", ["reader"])
def test_roles_that_only_look_change_nothing_anywhere(browser_of, network, role):
    """Every address that takes a POST says 403, 404 or 405; a form shown again is no change."""
    from ohmstead.access.models import AuditEntry

    mine = one_of_each.build(network.hill, network.people["owner"])
    browser = browser_of(role)
    values = OTHER | mine.address | {"key": mine.station.pk}
    open_doors, on_record = [], []
    for route in routes():
        for method in methods_of(route)[1:]:
            before = AuditEntry.objects.count()
            answer = asked(browser, route, values, method)
            if AuditEntry.objects.count() != before and route not in DRIVERS_MAY:
                on_record.append(f"{method} {route}")
            if answer.status_code not in (403, 404, 405, 415, 422) and route not in READERS_MAY:
                open_doors.append(f"{method} {route}: {answer.status_code}")
    looked_at = [each for each in open_doors if each.endswith(": 200")]
    assert [each for each in open_doors if each not in looked_at] == []
    assert on_record == []


@pytest.mark.parametrize("method", ["post", "delete"])
def test_a_write_without_the_forms_token_is_refused(network, method):
    """CSRF: a page elsewhere can send the cookie, but not the token."""
    from django.test import Client

    browser = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
    browser.force_login(network.people["owner"])
    mine = one_of_each.build(network.hill, network.people["owner"])
    values = OTHER | mine.address | {"key": mine.station.pk}
    through = []
    for route in routes():
        if route.startswith("api/") or method == "post":
            answer = asked(browser, route, values, method)
            if answer.status_code not in (403, 404, 405):
                through.append(f"{method} {route}: {answer.status_code}")
    assert through == []
