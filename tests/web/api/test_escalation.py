"""Privilege escalation: every operation needs the scope it names, and nobody hands on more than they have."""

import json

import pytest

from tests.web import one_of_each
from tests.web.walked import OTHER

NOTHING = "00000000-0000-7000-8000-000000000000"


class Values(dict):
    def __missing__(self, name):
        return NOTHING


def operations():
    from ohmstead.web.api.api import api
    from ohmstead.web.api.openapi import operations

    return list(operations(api.get_openapi_schema()))


@pytest.fixture
def many(database):
    from django.test import override_settings

    with override_settings(OHMSTEAD_API_REQUESTS_PER_MINUTE=10**9):
        yield


def test_a_key_with_every_scope_but_the_one_it_needs_is_refused_everywhere(program_of, network, many):
    from ohmstead.access.models import AuditEntry
    from ohmstead.access.rights import Right

    mine = one_of_each.build(network.hill, network.people["owner"])
    values = Values(OTHER | mine.address | {"identity": "HILL-1"})
    programs = {right.value: program_of(*(set(Right) - {right})) for right in Right}
    before = AuditEntry.objects.count()
    open_doors = []
    for method, path, operation in operations():
        body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("example")
        scope = operation["x-scope"]
        where = path.format_map(values).removeprefix("/api/v1")
        answer = programs[scope](method.upper(), where, body)
        if answer.status_code != 403 or scope not in answer.json()["detail"]:
            open_doors.append(f"{method} {path}: {answer.status_code}")
    assert open_doors == []
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("role", ["operator", "technician", "support", "finance", "reader"])
def test_a_person_may_over_the_api_what_the_role_says_and_no_more(browser_of, network, many, role):
    from ohmstead.access.rights import rights_of

    browser = browser_of(role)
    browser.raise_request_exception = False
    mine = one_of_each.build(network.hill, network.people["owner"])
    values = Values(OTHER | mine.address | {"identity": "HILL-1"})
    allowed = {right.value for right in rights_of(role)}
    wrong = []
    for method, path, operation in operations():
        if operation["x-scope"] not in allowed:
            where = path.format_map(values)
            answer = browser.generic(method.upper(), where, "{}", content_type="application/json")
            if answer.status_code != 403:
                wrong.append(f"{method} {path}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("scope", ["people", "operate", "audit"])
def test_a_key_makes_no_key_that_may_more_than_itself(program_of, network, scope):
    answer = program_of("view", "integrate").post("/api-keys", {"name": "More", "scopes": ["view", scope]})
    assert answer.status_code == 422, answer.content
    assert "does not have" in answer.json()["detail"]


def test_a_scope_for_people_makes_nobody_an_owner(program_of, network):
    from ohmstead.access.models import Invitation, Membership

    program = program_of("view", "people")
    reader = Membership.objects.get(user=network.people["reader"])
    invited = program.post("/invitations", {"email": "eve@evil.example", "role": "owner"})
    raised = program("PATCH", f"/members/{reader.pk}", {"role": "owner"})
    assert (invited.status_code, raised.status_code) == (403, 403)
    reader.refresh_from_db()
    assert (reader.role, Invitation.objects.count()) == ("reader", 0)


@pytest.mark.parametrize("role", ["operator", "technician", "support", "finance", "reader"])
def test_nobody_raises_themselves(browser_of, network, role):
    from ohmstead.access.models import Membership

    me = Membership.objects.get(user=network.people[role])
    browser = browser_of(role)
    body = json.dumps({"role": "owner"})
    assert browser.patch(f"/api/v1/members/{me.pk}", body, content_type="application/json").status_code == 403
    assert browser.post(f"/console/organisation/members/{me.pk}/role", {"role": "owner"}).status_code in (403, 404)
    me.refresh_from_db()
    assert me.role == role
