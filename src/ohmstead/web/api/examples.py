"""Examples for every request and answer, made from their schemas with words of one little network."""

from typing import Any, Final

_WORDS: Final[dict[str, Any]] = {
    "action": "Heartbeat",
    "address": "Market Square 1",
    "city": "Hilltop",
    "cursor": "WyJISUxMLTEiXQ",
    "detail": "There is nothing at this address.",
    "dialect": "ocpp2.0.1",
    "email": "ada@hill.example",
    "energy_wh": "12345.000",
    "end_register_wh": "57400.000",
    "error": "",
    "identity": "HILL-1",
    "firmware": "4.2.1",
    "kind": "StartSession",
    "label": "Ada's card",
    "model": "Duo 22",
    "name": "Market, left",
    "next": None,
    "operation": "start_session",
    "power_w": 11000.0,
    "protocol": "ocpp2.0.1",
    "prefix": "ohm_4f7Q",
    "register_wh": "45055.000",
    "serial": "VM-00017",
    "slug": "hill",
    "standard": "IEC_62196_T2_COMBO",
    "format": "CABLE",
    "start_register_wh": "45055.000",
    "state": "available",
    "station": "HILL-1",
    "status": 200,
    "time_zone": "Europe/Berlin",
    "title": "Not found",
    "token_uid": "04AABBCC",
    "transaction_id": "4711",
    "type": "session.ended",
    "uid": "04AABBCC",
    "url": "https://crm.example/hooks/ohmstead",
    "vendor": "Voltmark",
    "latitude": 48.137,
    "longitude": 11.575,
}
_FORMATS: Final[dict[str, Any]] = {
    "uuid": "019a3c5e-7f10-7c3e-9d2a-5b6f0a1c2d3e",
    "date-time": "2026-05-04T08:15:00Z",
    "date": "2026-05-04",
    "binary": "(the file)",
    "uri": "https://crm.example/hooks/ohmstead",
}
_PYTHON: Final[dict[str, type]] = {"string": str, "number": float, "integer": int, "boolean": bool}
_TYPES: Final[dict[str, Any]] = {"boolean": True, "integer": 1, "number": 1.0, "string": "", "null": None}


def example_of(schema: dict[str, Any], schemas: dict[str, Any], name: str = "", depth: int = 0) -> Any:
    """A value the schema allows; fields that say an example of their own keep it."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, name, depth + 1)
    if schema.get("examples"):
        return schema["examples"][0]
    for word in ("const", "default"):
        if schema.get(word) not in (None, "", [], {}):
            return schema[word]
    if "enum" in schema:
        return _WORDS[name] if _WORDS.get(name) in schema["enum"] else schema["enum"][0]
    if several := schema.get("anyOf") or schema.get("oneOf") or schema.get("allOf"):
        return _of_several(several, schemas, name, depth)
    return _plain(schema, schemas, name, depth)


def _of_several(several: list[dict[str, Any]], schemas: dict[str, Any], name: str, depth: int) -> Any:
    known = [each for each in several if each.get("type") != "null"]
    if depth > 8 or not known:
        return None
    return example_of(known[0], schemas, name, depth + 1)


def _plain(schema: dict[str, Any], schemas: dict[str, Any], name: str, depth: int) -> Any:
    kind = schema.get("type")
    if kind == "object":
        return {
            key: example_of(value, schemas, key, depth + 1)
            for key, value in schema.get("properties", {}).items()
            if key in schema.get("required", ()) or depth <= 4
        }
    if kind == "array":
        items = schema.get("items", {})
        return [example_of(items, schemas, name.removesuffix("s"), depth + 1)] if items and depth <= 7 else []
    if schema.get("format") in _FORMATS:
        return _FORMATS[schema["format"]]
    word = _WORDS.get(name)
    if _fits(word, schema):
        return word
    return _bounded(schema, kind)


def _fits(word: Any, schema: dict[str, Any]) -> bool:
    if type(word) is not _PYTHON.get(schema.get("type", "")) or "pattern" in schema:
        return isinstance(word, str) and _is_decimal(schema) and word[0].isdigit()
    if isinstance(word, str):
        return len(word) <= schema.get("maxLength", 10_000)
    return bool(schema.get("minimum", word) <= word <= schema.get("maximum", word))


def _is_decimal(schema: dict[str, Any]) -> bool:
    """By the pattern with which pydantic describes how one is written."""
    return str(schema.get("pattern", "")).startswith("^(?!^[-+.]*$)")


def _bounded(schema: dict[str, Any], kind: Any) -> Any:
    if kind in ("integer", "number"):
        return max(schema.get("minimum", 0), min(_TYPES[kind], schema.get("maximum", 1)))
    if kind == "string":
        if _is_decimal(schema):
            return "12.5"
        return "text"[: schema.get("maxLength", 4)].ljust(schema.get("minLength", 0), "x")
    return _TYPES.get(kind) if isinstance(kind, str) else None
