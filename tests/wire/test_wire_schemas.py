"""The structs are the schemas: the same fields, limits and words, and every valid instance survives them."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import inspect

from ohmstead import wire
from ohmstead.wire.registry import MESSAGES
from ohmstead.wire.tolerant import type_of
from tests.conftest import shared
from tests.wire.ocpp_schemas import FOLDERS, SCHEMAS, Schema, instances

every_schema = pytest.mark.parametrize("schema", [pytest.param(s, id=s.id) for s in SCHEMAS])


def struct_of(schema: Schema) -> type[msgspec.Struct]:
    message = MESSAGES[schema.dialect][schema.action]
    struct = message.response if schema.response else message.request
    assert struct is not None
    return struct


def test_the_generated_messages_are_current():
    tool = Path(__file__).parents[2] / "tools" / "generate_wire.py"
    run = subprocess.run([sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")


def test_every_deviation_that_can_be_recorded_is_explained():
    root = Path(__file__).parents[2]
    page = (root / "docs" / "reference" / "wire.md").read_text()
    sources = "".join(path.read_text() for path in (root / "src" / "ohmstead" / "wire").rglob("*.py"))
    codes = set(re.findall(r'(?:\bmend\(|Fault\.[A-Z]+,|error\.fault,)\s*"([a-z_]+)"', sources))
    assert len(codes) > 30
    assert {code for code in codes if f"`{code}`" not in page} == set()


def test_every_message_of_every_version_is_there():
    counts = {dialect.subprotocol: len(messages) for dialect, messages in MESSAGES.items()}
    assert counts == {"ocpp1.6": 39, "ocpp2.0.1": 64, "ocpp2.1": 91}
    assert len(SCHEMAS) == 78 + 128 + 181


def test_the_schemas_are_the_official_ones():
    folder = shared("vectors/ocpp-schemas")
    official = {
        (dialect, path.name): json.loads(path.read_text(encoding="utf-8-sig"))
        for dialect, name in zip(FOLDERS, ("1.6", "2.0.1", "2.1"), strict=True)
        for path in (folder / name).glob("*.json")
    }
    ours = [schema.root for schema in SCHEMAS]
    assert len(official) == len(ours)
    assert all(root in ours for root in official.values())


@every_schema
def test_fields_limits_and_words_equal_the_schema(schema: Schema):
    compare(schema, schema.root, type_of(struct_of(schema)), schema.id)


def compare(schema: Schema, node: dict[str, Any], info: inspect.Type, where: str) -> None:
    if "$ref" in node and node["$ref"].endswith("/CustomDataType"):
        assert isinstance(info, inspect.DictType), where
        return
    node = schema.resolved(node)
    if isinstance(info, inspect.Metadata):
        assert info.extra_json_schema == {"format": "date-time"}, where
        assert node.get("format") == "date-time", where
        info = info.type
    if "enum" in node:
        assert isinstance(info, inspect.LiteralType), where
        assert sorted(info.values) == sorted(set(node["enum"])), where
        return
    COMPARISONS[node.get("type")](schema, node, info, where)


def compare_object(schema: Schema, node: dict[str, Any], info: inspect.Type, where: str) -> None:
    assert isinstance(info, inspect.StructType), where
    assert info.forbid_unknown_fields, where
    fields = {field.encode_name: field for field in info.fields}
    assert set(fields) == set(node.get("properties", {})), where
    assert {name for name, field in fields.items() if field.required} == set(node.get("required", [])), where
    for name, child in node.get("properties", {}).items():
        inner = fields[name].type
        if not fields[name].required:
            inner = without_null(inner)
        compare(schema, child, inner, f"{where}.{name}")


def without_null(info: inspect.Type) -> inspect.Type:
    if isinstance(info, inspect.AnyType):
        return info
    assert isinstance(info, inspect.UnionType)
    (inner,) = [each for each in info.types if not isinstance(each, inspect.NoneType)]
    return inner


def compare_array(schema: Schema, node: dict[str, Any], info: inspect.Type, where: str) -> None:
    assert isinstance(info, inspect.ListType), where
    assert (info.min_length, info.max_length) == (node.get("minItems"), node.get("maxItems")), where
    compare(schema, node["items"], info.item_type, f"{where}[]")


def compare_string(schema: Schema, node: dict[str, Any], info: inspect.Type, where: str) -> None:
    assert isinstance(info, inspect.StrType), where
    assert (info.min_length, info.max_length) == (node.get("minLength"), node.get("maxLength")), where


def compare_number(schema: Schema, node: dict[str, Any], info: inspect.Type, where: str) -> None:
    kind = inspect.IntType if node["type"] == "integer" else inspect.FloatType
    assert isinstance(info, kind), where
    assert (info.ge, info.le) == (node.get("minimum"), node.get("maximum")), where


def compare_boolean(schema: Schema, node: dict[str, Any], info: inspect.Type, where: str) -> None:
    assert isinstance(info, inspect.BoolType), where


def compare_open(schema: Schema, node: dict[str, Any], info: inspect.Type, where: str) -> None:
    assert isinstance(info, inspect.AnyType), where


COMPARISONS = {
    "object": compare_object,
    "array": compare_array,
    "string": compare_string,
    "integer": compare_number,
    "number": compare_number,
    "boolean": compare_boolean,
    None: compare_open,
}


@every_schema
def test_every_valid_instance_survives_decoding_and_encoding(schema: Schema):
    decode = wire.decode_response if schema.response else wire.decode_request
    for instance in instances(schema):
        schema.validator.validate(instance)  # the instance itself is right
        decoded = decode(schema.dialect, schema.action, msgspec.json.encode(instance))
        again = json.loads(msgspec.json.encode(decoded))
        schema.validator.validate(again)
        assert again == instance
