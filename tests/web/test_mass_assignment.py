"""Mass assignment: what a caller may not set is refused or ignored, at every write of API and console."""

import copy
import json

import pytest

from tests.web import one_of_each
from tests.web.forms_of import Forms
from tests.web.little_network import session, token
from tests.web.walked import OTHER, address, routes

# Columns of our tables that no caller may ever write.
FOREIGN = {
    "id": "00000000-0000-7000-8000-000000000000",
    "pk": 1,
    "organisation": "vale",
    "organisation_id": "00000000-0000-7000-8000-000000000000",
    "is_staff": True,
    "is_superuser": True,
    "is_active": False,
    "role": "owner",
    "rights": ["people"],
    "scopes": ["people"],
    "admission": "accepted",
    "created_at": "2001-01-01T00:00:00Z",
    "password_hash": "x",
    "secret_hash": "x",
    "user_id": 1,
}


def json_writes(document):
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            body = operation.get("requestBody", {}).get("content", {}).get("application/json")
            if method != "get" and body is not None:
                yield method, path, body["schema"], body["example"]


def with_each_foreign_field(schema, example, components):
    """(field, body): in the body itself, and in every object within it."""
    known = _properties(schema, components)
    for name, value in FOREIGN.items():
        if isinstance(example, dict) and known is not None and name not in known:
            yield name, {**example, name: value}
    for key, part in example.items() if isinstance(example, dict) else ():
        inner = (known or {}).get(key, {})
        deeper = part[0] if isinstance(part, list) and part else part
        if isinstance(deeper, dict) and inner:
            for name, changed in with_each_foreign_field(_item(inner, components), deeper, components):
                body = copy.deepcopy(example)
                body[key] = [changed] if isinstance(part, list) else changed
                yield f"{key}.{name}", body


def _resolved(schema, components):
    if "$ref" in schema:
        return _resolved(components[schema["$ref"].rsplit("/", 1)[-1]], components)
    if several := schema.get("anyOf") or schema.get("allOf"):
        return _resolved(next(each for each in several if each.get("type") != "null"), components)
    return schema


def _item(schema, components):
    found = _resolved(schema, components)
    return _resolved(found["items"], components) if found.get("type") == "array" and "items" in found else found


def _properties(schema, components):
    """None of an object whose fields are free."""
    found = _resolved(schema, components)
    return found.get("properties")


def test_every_write_of_the_api_refuses_a_field_it_does_not_name(browser_of, network):
    from django.test import Client, override_settings

    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.api_keys import create_api_key
    from ohmstead.access.rights import Right
    from ohmstead.web.api.api import api

    _, secret = create_api_key(network.hill, "CRM", list(Right), allowed=frozenset(Right), by=SYSTEM)
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {secret}"}, raise_request_exception=False)
    mine = one_of_each.build(network.hill, network.people["owner"])
    document = api.get_openapi_schema()
    before, taken, asked = _rows(), [], 0
    with override_settings(OHMSTEAD_API_REQUESTS_PER_MINUTE=10**9):
        for method, path, schema, example in json_writes(document):
            where = path.format_map(_Values(OTHER | mine.address | {"identity": "HILL-1"}))
            for name, body in with_each_foreign_field(schema, example, document["components"]["schemas"]):
                asked += 1
                answer = client.generic(method.upper(), where, json.dumps(body), content_type="application/json")
                if answer.status_code != 422:
                    taken.append(f"{method} {path} took {name}: {answer.status_code}")
    assert taken == []
    assert asked > 1000
    assert _rows() == before


class _Values(dict):
    def __missing__(self, name):
        return FOREIGN["id"]


def test_no_form_of_the_console_writes_what_it_does_not_ask(browser_of, network):
    """Each form found on any page is sent as a browser would, with fields it does not have."""
    owner = browser_of("owner")
    mine = one_of_each.build(network.hill, network.people["owner"])
    session(network.foreign)
    token(network.vale, "04FF", "Neighbour's")
    foreign = {
        **{name: value for name, value in FOREIGN.items() if isinstance(value, str)},
        "organisation": str(network.vale.pk),
        "organisation_id": str(network.vale.pk),
        "is_staff": "on",
        "is_superuser": "on",
    }
    before, neighbour = _owners(), _rows(network.vale.pk)
    values = OTHER | mine.address | {"identity": "HILL-1", "key": network.free.pk}
    forms = {}
    for route in routes():
        if route.startswith(("console/", "account")):
            answer = owner.get(address(route, values))
            if answer.status_code == 200 and not answer.streaming and answer["Content-Type"].startswith("text/html"):
                for action, fields in Forms(answer.text).found:
                    forms.setdefault(action or answer.wsgi_request.path, fields)
    sent = 0
    for where, fields in forms.items():
        if "sign-out" not in where:
            answer = owner.post(where, foreign | fields)
            sent += answer.status_code in (200, 302)
            assert answer.status_code < 500, where
    assert sent > 40
    after = _owners()
    moved = {row: (owner, after[row]) for row, owner in before.items() if row in after and after[row] != owner}
    assert moved == {}
    assert _rows(network.vale.pk) == neighbour
    _nobody_rose(network)


def _nobody_rose(network):
    from ohmstead.access.models import Membership, User

    assert not User.objects.filter(is_superuser=True).exists()
    assert not any(getattr(user, "is_staff", False) for user in User.objects.all())
    roles = Membership.objects.values_list("user__email", "role")
    assert {email: role for email, role in roles if email == "reader@hill.example"} in (
        {},
        {"reader@hill.example": "reader"},
    )


def _tables():
    from django.apps import apps

    for model in apps.get_models():
        fields = {field.name for field in model._meta.concrete_fields}
        if (
            model._meta.app_label in ("access", "network", "drivers", "charging", "integration")
            and "organisation" in fields
        ):
            yield model


def _owners():
    """(table, key) -> whose row it is."""
    return {
        (model._meta.label, pk): organisation
        for model in _tables()
        for pk, organisation in model._base_manager.values_list("pk", "organisation_id")
    }


def _rows(organisation=None):
    """All that is there, but for what is noted of the asking itself."""
    noted = {"last_used_at", "last_seen_at"}
    found = {}
    for model in _tables():
        rows = model._base_manager.filter(organisation=organisation) if organisation else model._base_manager
        for values in rows.values():
            found[model._meta.label, values[model._meta.pk.attname]] = {
                k: v for k, v in values.items() if k not in noted
            }
    return found


@pytest.mark.parametrize("name", ["organisation", "role", "is_staff"])
def test_a_body_that_is_all_free_is_not_read_as_columns(browser_of, network, name):
    """The raw payload of a command is for the station; nothing of it is ours."""
    owner = browser_of("owner")
    body = {"action": "DataTransfer", "payload": {"vendorId": "us", name: "vale"}}
    owner.post("/api/v1/stations/HILL-1/commands/raw_command", json.dumps(body), content_type="application/json")
    _nobody_rose(network)
    assert network.free.commands.count() <= 1
