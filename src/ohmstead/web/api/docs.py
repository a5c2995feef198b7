"""The API's reference as pages of the console, one a chapter: made from the OpenAPI document, without a script."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from ohmstead.access.rights import Right
from ohmstead.web.api.openapi import operations
from ohmstead.web.api.problem_types import PROBLEM_TYPES
from ohmstead.web.api.problems import problem
from ohmstead.web.api.words import SCOPES, TAGS
from ohmstead.web.scope import viewer_of_request


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    required: bool
    words: str


@dataclass(frozen=True, slots=True)
class Operation:
    key: str
    method: str
    path: str
    summary: str
    words: str
    scope: str
    parameters: list[Field]
    sends: list[Field]
    request: str
    status: str
    answers: list[Field]
    answer: str

    @property
    def tone(self) -> str:
        return {"GET": "available", "DELETE": "faulted"}.get(self.method, "charging")


@dataclass(frozen=True, slots=True)
class Chapter:
    name: str
    words: str
    operations: list[Operation]

    @property
    def key(self) -> str:
        return self.name.lower().replace(" ", "-")


class PlainDocs(DocsBase):
    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        if found := viewer_of_request(request):
            request.viewer = found  # type: ignore[attr-defined]
        every = chapters(api.get_openapi_schema(path_params=kwargs))
        wanted = request.GET.get("chapter", "")
        chapter = next((each for each in every if each.key == wanted), None)
        if wanted and chapter is None:
            return problem("not-found", "The API has no such chapter.")
        context = {
            "here": "api-docs",
            "chapters": every,
            "chapter": chapter,
            "scopes": {right.value: SCOPES[right] for right in Right},
            "problems": PROBLEM_TYPES,
            "root": request.build_absolute_uri("/api/v1"),
            "openapi_url": self.get_openapi_url(api, kwargs),
            "frame": "console/frame.html" if hasattr(request, "viewer") else "base.html",
        }
        return render(request, "api/docs.html", context)


def problem_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Where the `type` of a problem leads."""
    if slug not in PROBLEM_TYPES:
        return problem("not-found", "There is no such kind of problem.")
    return redirect(f"/api/v1/docs#problem-{slug}")


def chapters(document: dict[str, Any]) -> list[Chapter]:
    schemas = document["components"]["schemas"]
    found: dict[str, list[Operation]] = {}
    for method, path, spec in operations(document):
        found.setdefault(spec["tags"][0], []).append(_operation(method, path, spec, schemas))
    return [Chapter(name, words, found[name]) for name, words in TAGS.items() if name in found]


def _operation(method: str, path: str, spec: dict[str, Any], schemas: dict[str, Any]) -> Operation:
    sent = _media(spec.get("requestBody", {}))
    status, answer = next(iter(spec["responses"].items()))
    given = _media(answer)
    return Operation(
        key=spec["operationId"],
        method=method.upper(),
        path=path,
        summary=spec.get("summary", ""),
        words=spec.get("description", ""),
        scope=spec["x-scope"],
        parameters=[_parameter(each) for each in spec["parameters"] if each["in"] != "header"],
        sends=_fields(sent.get("schema", {}), schemas),
        request=_shown(sent.get("example")),
        status=str(status),
        answers=_fields(given.get("schema", {}), schemas),
        answer=_shown(given.get("example")),
    )


def _media(part: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = next(iter(part.get("content", {}).values()), {})
    return found


def _shown(example: Any) -> str:
    if example is None or isinstance(example, str):
        return example or ""
    return json.dumps(example, indent=2, ensure_ascii=False)


def _fields(schema: dict[str, Any], schemas: dict[str, Any]) -> list[Field]:
    """The fields of what is sent or answered; of a list, those of its items."""
    found = schemas.get(schema.get("$ref", "").rsplit("/", 1)[-1], schema)
    items = found.get("properties", {}).get("items", {}).get("items", {})
    if "$ref" in items:
        return _fields(items, schemas)
    required = set(found.get("required", ()))
    return [
        Field(key, kind_of(value), key in required, value.get("description", ""))
        for key, value in found.get("properties", {}).items()
    ]


def _parameter(spec: dict[str, Any]) -> Field:
    return Field(spec["name"], kind_of(spec["schema"]), spec.get("required", False), spec.get("description", ""))


def kind_of(schema: dict[str, Any]) -> str:
    if several := schema.get("anyOf") or schema.get("allOf"):
        return " or ".join(dict.fromkeys(kind_of(each) for each in several))
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1])
    if schema.get("type") == "array":
        return f"[{kind_of(schema.get('items', {}))}]"
    if "enum" in schema:
        return ", ".join(str(each) or "(empty)" for each in schema["enum"][:8])
    return str(schema.get("format") or schema.get("type") or "any")
