"""The API's documentation as a page of the console: made from the OpenAPI document, without a script."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.openapi.docs import DocsBase

from ohmstead.web.scope import viewer_of


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
    parameters: list[Field]
    answer: str
    fields: list[Field]


class PlainDocs(DocsBase):
    def render_page(self, request: HttpRequest, api: NinjaAPI, **kwargs: Any) -> HttpResponse:
        document = api.get_openapi_schema(path_params=kwargs)
        user: Any = request.user
        if user.is_authenticated and (found := viewer_of(user)):
            request.viewer = found  # type: ignore[attr-defined]
        context = {
            "here": "api-docs",
            "api": api,
            "operations": list(_operations(document)),
            "openapi_url": self.get_openapi_url(api, kwargs),
            "frame": "console/frame.html" if hasattr(request, "viewer") else "base.html",
        }
        return render(request, "api/docs.html", context)


def _operations(document: dict[str, Any]) -> list[Operation]:
    schemas = document["components"]["schemas"]
    return [
        _operation(method, path, spec, schemas)
        for path, methods in document["paths"].items()
        for method, spec in methods.items()
    ]


def _operation(method: str, path: str, spec: dict[str, Any], schemas: dict[str, Any]) -> Operation:
    content = spec["responses"][200].get("content", {})
    name, fields = _answer(content.get("application/json", {}).get("schema", {}), schemas)
    return Operation(
        key=spec["operationId"],
        method=method.upper(),
        path=path,
        summary=spec.get("summary", ""),
        words=spec.get("description", ""),
        parameters=[_parameter(each) for each in spec.get("parameters", ())],
        answer=name,
        fields=fields,
    )


def _answer(schema: dict[str, Any], schemas: dict[str, Any]) -> tuple[str, list[Field]]:
    """The fields of the answer; of a list, those of its items."""
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    found = schemas.get(name, {})
    items = found.get("properties", {}).get("items", {}).get("items", {})
    if "$ref" in items:
        inner, fields = _answer(items, schemas)
        return f"{{items: [{inner}], next}}", fields
    required = set(found.get("required", ()))
    fields = [
        Field(key, _kind(value), key in required, value.get("description", ""))
        for key, value in found.get("properties", {}).items()
    ]
    return name.removesuffix("Out"), fields


def _parameter(spec: dict[str, Any]) -> Field:
    schema = spec.get("schema", {})
    return Field(spec["name"], _kind(schema), spec.get("required", False), schema.get("description", ""))


def _kind(schema: dict[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(each) for each in schema["anyOf"]))
    if "$ref" in schema:
        return str(schema["$ref"].rsplit("/", 1)[-1].removesuffix("Out"))
    if schema.get("type") == "array":
        return f"[{_kind(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "any")
