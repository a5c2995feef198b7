"""The OpenAPI document and the reference made from it."""

import re

import jsonschema
import pytest

METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def document(database_url):
    from ohmstead.web.api.api import api

    return api.get_openapi_schema()


def operations(document):
    from ohmstead.web.api.openapi import operations

    return list(operations(document))


def media_of(operation):
    yield from operation.get("requestBody", {}).get("content", {}).items()
    for answer in operation["responses"].values():
        yield from answer.get("content", {}).items()


def test_every_operation_has_a_name_of_its_own_a_summary_a_tag_and_a_scope(document):
    from ohmstead.access.rights import Right
    from ohmstead.web.api.words import TAGS

    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(set(names)) == len(names)
    for method, path, operation in operations(document):
        assert method in METHODS, path
        assert operation["summary"], path
        assert operation["tags"][0] in TAGS, path
        assert operation["security"][0]["key"] == [Right(operation["x-scope"]).value]
        assert method == "get" or operation["x-scope"] != "view", f"{method} {path} changes something for readers"


def test_every_example_is_what_its_schema_says(document):
    components = {"components": document["components"]}
    for method, path, operation in operations(document):
        for kind, media in media_of(operation):
            assert media.get("example") is not None, f"{method} {path} has no example"
            if kind.endswith("json"):
                jsonschema.validate(media["example"], media["schema"] | components)


def test_every_write_takes_an_idempotency_key(document):
    for method, path, operation in operations(document):
        headers = {each["name"] for each in operation["parameters"] if each["in"] == "header"}
        assert ("Idempotency-Key" in headers) == (method != "get"), path


def test_every_error_is_a_problem(document):
    for _, path, operation in operations(document):
        errors = {status for status in operation["responses"] if int(status) >= 400}
        assert {"401", "403", "422", "429"} <= errors, path


@pytest.mark.parametrize("signed_in", [True, False])
def test_the_reference_shows_every_operation_and_needs_nothing_from_elsewhere(browser_of, network, document, signed_in):
    from django.test import Client

    client = browser_of("operator") if signed_in else Client(headers={"host": "localhost"})
    page = client.get("/api/v1/docs").text
    chapters = {
        key: client.get(f"/api/v1/docs?chapter={key}").text
        for key in re.findall(r'<section class="card" id="([\w-]+)"', page)
    }
    for _, path, operation in operations(document):
        chapter = chapters[operation["tags"][0].lower().replace(" ", "-")]
        assert f'id="{operation["operationId"]}"' in chapter
        assert f'#{operation["operationId"]}"' in page
        assert path in page
        assert path in chapter
    for each in (page, *chapters.values()):
        assert not re.search(r'(?:src|href)="(?:https?:)?//', each)
        assert "<script" not in each or signed_in


def test_a_chapter_that_is_not_there_is_not_found(browser_of):
    assert browser_of("operator").get("/api/v1/docs?chapter=nonsense").status_code == 404
