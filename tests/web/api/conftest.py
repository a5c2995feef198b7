"""Programs with keys."""

import json

import pytest


class Program:
    """A client that sends its key, and JSON."""

    def __init__(self, client, secret):
        self.client, self.secret = client, secret

    def __call__(self, method, path, body=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {} if body is None else {"data": json.dumps(body), "content_type": "application/json"}
        sent.setdefault("authorization", f"Bearer {self.secret}")
        return self.client.generic(method, f"/api/v1{path}", headers=sent, **content)

    def get(self, path, **headers):
        return self("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self("POST", path, {} if body is None else body, **headers)


@pytest.fixture
def program_of(network):
    """`program_of("view", "operate")` is a program of Hill Energy with these scopes."""
    from django.test import Client

    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.api_keys import create_api_key
    from ohmstead.access.rights import Right

    def made(*scopes, organisation=None):
        wanted = [Right(scope) for scope in scopes] or list(Right)
        organisation = organisation or network.hill
        _, secret = create_api_key(organisation, "CRM", wanted, allowed=frozenset(Right), by=SYSTEM)
        return Program(Client(headers={"host": "localhost"}, raise_request_exception=False), secret)

    return made


@pytest.fixture
def program(program_of):
    return program_of()
