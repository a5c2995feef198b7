"""The OpenAPI document: what ninja makes of the endpoints, with scopes, problems, headers and examples."""

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from ohmstead.access.rights import Right
from ohmstead.integration.events import KINDS, schema_of
from ohmstead.station.commands.operations import OPERATIONS
from ohmstead.web.api import command_bodies
from ohmstead.web.api.examples import example_of
from ohmstead.web.api.problem_types import PROBLEM_TYPES
from ohmstead.web.api.problems import CONTENT_TYPE, Problem
from ohmstead.web.api.words import SCOPES, TAGS
from ohmstead.web.command_rights import right_of

_ASK: Final = "/api/v1/stations/{identity}/commands/{operation}"
_WRITES: Final = frozenset({"post", "put", "patch", "delete"})
_ALWAYS: Final = (400, 401, 403, 404, 405, 409, 413, 422, 429, 500, 503)
_TEXT: Final = {"type": "string"}
_NUMBER: Final = {"type": "integer"}
_HEADERS: Final[dict[str, dict[str, Any]]] = {
    "ETag": {"description": "The version of the thing.", "schema": _TEXT},
    "Location": {"description": "Where the thing that was made is.", "schema": _TEXT},
    "RateLimit-Limit": {"description": "Requests you may make in a minute.", "schema": _NUMBER},
    "RateLimit-Remaining": {"description": "Requests left of this minute.", "schema": _NUMBER},
    "RateLimit-Reset": {"description": "Seconds until the next minute begins.", "schema": _NUMBER},
    "Retry-After": {"description": "Seconds to wait.", "schema": _NUMBER},
}
_SHARE: Final = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")


def finished(document: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = _renamed(json.loads(json.dumps(document)))
    components = found["components"]
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = Problem.model_json_schema(mode="serialization")
    components["headers"] = _HEADERS
    components["responses"] = {f"Problem{status}": _problem(status) for status in (*_ALWAYS, 412)}
    components["securitySchemes"] = _security_schemes()
    found["tags"] = [{"name": name, "description": words} for name, words in TAGS.items()]
    found["servers"] = [{"url": "/", "description": "This installation"}]
    _spell_out_commands(found)
    for method, path, operation in operations(found):
        _complete(method, path, operation, schemas)
    found["webhooks"] = {kind: {"post": webhook_of(kind)} for kind in KINDS}
    _drop_unused(schemas, found)
    for schema in schemas.values():
        _without_impossible_defaults(schema)
    return found


def _spell_out_commands(document: dict[str, Any]) -> None:
    """Each operation of stations has an address and a body of its own."""
    paths = document["paths"]
    generic = paths.pop(_ASK)["post"]
    bodies, parts = command_bodies.schemas()
    document["components"]["schemas"] |= parts
    for name, known in OPERATIONS.items():
        operation = json.loads(json.dumps(generic))
        operation |= {"operationId": f"ask_{name}", "summary": known.sentence.rstrip(".")}
        operation["x-scope"] = right_of(known).value
        operation["parameters"] = [each for each in operation["parameters"] if each["name"] != "operation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": bodies[name]}}}
        paths[_ASK.replace("{operation}", name)] = {"post": operation}


def _without_impossible_defaults(schema: dict[str, Any]) -> None:
    """A field that may be left out and is never null has no default; only its type in our code has one."""
    for field in schema.get("properties", {}).values():
        if field.get("default", "") is None and {"type": "null"} not in field.get("anyOf", ()):
            del field["default"]


def webhook_of(kind: str) -> dict[str, Any]:
    """What a webhook is told of a kind of event."""
    body = {
        "type": "object",
        "properties": {
            "type": {"const": kind},
            "timestamp": {"type": "string", "format": "date-time"},
            "id": {"type": "string", "format": "uuid"},
            "version": {"const": KINDS[kind].version},
            "data": schema_of(kind),
        },
        "required": ["type", "timestamp", "id", "version", "data"],
    }
    example = example_of(body, {})
    return {
        "operationId": f"told_{kind.replace('.', '_')}",
        "summary": (KINDS[kind].__doc__ or "").split(".")[0],
        "requestBody": {"content": {"application/json": {"schema": body, "example": example}}},
        "responses": {"2XX": {"description": "It arrived; anything else, and it is sent again."}},
    }


def _drop_unused(schemas: dict[str, Any], document: dict[str, Any]) -> None:
    """Such as those of query strings, whose fields stand with the parameters."""
    text = json.dumps(document)
    for name in [name for name in schemas if f'schemas/{name}"' not in text]:
        del schemas[name]


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of the document, in its order."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def _renamed(document: Any) -> Any:
    """`StationOut` is `Station` to a caller, `StationIn` is `StationInput`."""
    text = json.dumps(document)
    names = set(document["components"].get("schemas", {}))
    for name in sorted(names, key=len, reverse=True):
        new = re.sub(r"In$", "Input", re.sub(r"Out$", "", name))
        if new != name:
            text = text.replace(f'schemas/{name}"', f'schemas/{new}"').replace(f'"{name}": {{', f'"{new}": {{')
            text = text.replace(f'"title": "{name}"', f'"title": "{new}"')
    return json.loads(text)


def _problem(status: int) -> dict[str, Any]:
    slug = next(slug for slug, kind in PROBLEM_TYPES.items() if kind.status == status)
    kind = PROBLEM_TYPES[slug]
    body = {"type": f"/api/v1/problems/{slug}", "title": kind.title, "status": status, "detail": kind.words}
    found: dict[str, Any] = {
        "description": f"{kind.title}. {kind.words}",
        "content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": body}},
    }
    if status == 429:
        found["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
    return found


def _security_schemes() -> dict[str, Any]:
    return {
        "key": {
            "type": "http",
            "scheme": "bearer",
            "description": "An API key of the organisation: `Authorization: Bearer ohm_...`. Its scopes: "
            + " ".join(f"`{right.value}` {SCOPES[right]}." for right in Right),
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "The console's own session; writes need its CSRF token in the header X-CSRFToken.",
        },
    }


def _complete(method: str, path: str, operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    scope = operation.pop("x-scope", Right.VIEW.value)
    operation.pop("x-most-bytes", None)
    operation["security"] = [{"key": [scope]}, {"session": []}]
    operation["x-scope"] = scope
    _add_parameters(method, path, operation)
    for media in operation.get("requestBody", {}).get("content", {}).values():
        media.setdefault("example", example_of(media["schema"], schemas))
    for status, answer in operation["responses"].items():
        _complete_answer(method, int(status), answer, schemas)
    for status in _problems(method, path, operation):
        operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})


def _problems(method: str, path: str, operation: dict[str, Any]) -> Iterator[int]:
    for status in _ALWAYS:
        if status == 409 and method not in _WRITES:
            continue
        yield status
    if method in _WRITES:
        yield 412


def _add_parameters(method: str, path: str, operation: dict[str, Any]) -> None:
    found = operation.setdefault("parameters", [])
    for parameter in found:
        schema = parameter["schema"]
        parameter.pop("examples", None)
        if parameter["in"] == "path":
            parameter["example"] = example_of(schema, {}, parameter["name"])
        elif schema.get("examples"):
            parameter["example"] = schema["examples"][0]
    if method in _WRITES:
        found.append(
            _header("Idempotency-Key", "Sent again with the same key within 24 hours, the write happens once.", 200)
        )
    if method in ("patch", "put", "delete"):
        found.append(_header("If-Match", "Only if the thing is still this version (its ETag); 412 otherwise.", 200))
    if method == "get":
        found.append(_header("If-None-Match", "An ETag you have; 304 when nothing changed.", 200))


def _header(name: str, words: str, length: int) -> dict[str, Any]:
    schema = {"type": "string", "minLength": 1, "maxLength": length}
    return {"in": "header", "name": name, "required": False, "description": words, "schema": schema}


def _complete_answer(method: str, status: int, answer: dict[str, Any], schemas: dict[str, Any]) -> None:
    for media in answer.get("content", {}).values():
        media.setdefault("example", example_of(media["schema"], schemas))
    names = [*_SHARE]
    if method == "get" and status == 200 and "text/event-stream" not in answer.get("content", {}):
        names.append("ETag")
    answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}
