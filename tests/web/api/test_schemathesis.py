"""Whatever the OpenAPI document allows, and what it does not: never a failure of ours, and answers as it says.

Inputs are made anew from the document, the same ones at every run. A program that may do everything sends them.
"""

import hypothesis
import pytest
import schemathesis
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
EXAMPLES_OF_EACH = 3
ENDLESS = "GET /api/v1/events/stream"  # read to its end it lasts half an hour; test_events.py reads its beginning


@pytest.fixture
def settled(program_of, network):
    """A key with every scope, a network that has something of everything, and no bound on requests."""
    from django.test import override_settings

    from tests.web.little_network import session

    session(network.busy)
    with override_settings(OHMSTEAD_API_REQUESTS_PER_MINUTE=10**9, OHMSTEAD_ALLOW_PRIVATE_ADDRESSES=False):
        yield program_of()


def test_nothing_the_document_allows_makes_us_fail(settled):
    from django.core.handlers.wsgi import WSGIHandler

    from ohmstead.web.api.api import api

    schema = schemathesis.openapi.from_dict(api.get_openapi_schema())
    schema.app = WSGIHandler()
    schema.config.output.sanitization.update(enabled=False)
    wrong: list[str] = []
    succeeded: set[str] = set()
    every = [found.ok() for found in schema.get_all_operations()]
    every = [each for each in every if each.label != ENDLESS]
    for operation in sorted(every, key=lambda each: "revoke" in each.label):  # these take the key away
        _try(operation, settled.secret, wrong, succeeded)
    assert not wrong, "\n\n".join(wrong[:10])
    assert {"GET /api/v1/stations", "POST /api/v1/sites"} <= succeeded, "the inputs reach nothing"


def _try(operation, secret, wrong, succeeded):
    @hypothesis.seed(20260504)
    @hypothesis.settings(
        max_examples=EXAMPLES_OF_EACH,
        deadline=None,
        database=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(case=operation.as_strategy())
    def sent(case):
        headers = {"Authorization": f"Bearer {secret}", "Host": "localhost"}
        case.headers = {**(case.headers or {}), "If-Match": "*"} if case.method != "GET" else case.headers
        response = case.call(headers=headers)
        case.validate_response(response, checks=CHECKS)
        if response.status_code < 300:
            succeeded.add(operation.label)

    try:
        sent()
    except AssertionError as failure:
        wrong.append(f"{operation.label}: {failure}")
    except Exception as failure:  # a group of failed checks
        wrong.append(f"{operation.label}: {failure!r} {getattr(failure, 'exceptions', '')}")
