"""The slow, forgiving reader: takes what the strict decoder refuses, and names what it forgave.

The same walk finds the error code of the protocol when nothing is to be forgiven (`strict`).
"""

import re
from typing import Any, Final

import msgspec
from msgspec import inspect

from ohmstead.wire.forgiven import DECISIVE, DISPENSABLE, FRACTIONAL
from ohmstead.wire.mends import Mends, record
from ohmstead.wire.refusals import Fault

_MAX_DEPTH: Final = 32  # of what the schemas leave open
_MAX_FORGIVEN: Final = 50_000  # deviations in one message; a stop with a day of odd values has some ten thousand
_WHOLE_NUMBER: Final = re.compile(r"\s*[+-]?\d{1,19}(\.0*)?\s*")
_NUMBER: Final = re.compile(r"\s*[+-]?\d{1,19}(\.\d{1,19})?\s*")
_TRUTHS: Final = {"true": True, "1": True, "false": False, "0": False}
_ABSENT: Final = object()


class Unreadable(Exception):
    """`fault` is the protocol's kind of error, `text` says where."""

    def __init__(self, fault: Fault, text: str) -> None:
        super().__init__(text)
        self.fault = fault
        self.text = text


class Reader:
    """Turns decoded JSON into a struct, by the struct's own type information."""

    def __init__(self, *, strict: bool) -> None:
        self.strict = strict
        self.mends: Mends = {}
        self.forgiven = 0

    def forgive(self, fault: Fault, code: str, sentence: str, raw: object) -> None:
        """Record a tolerance; raises Unreadable when nothing is to be forgiven."""
        if self.strict:
            raise Unreadable(fault, sentence)
        self.forgiven += 1
        if self.forgiven > _MAX_FORGIVEN:
            raise Unreadable(fault, "Too much of it deviates from the standard.")
        record(self.mends, code, sentence, raw)

    def struct(self, info: inspect.StructType, value: Any, path: str) -> Any:
        if not isinstance(value, dict):
            raise Unreadable(Fault.TYPE if path else Fault.FORMAT, f"{path or 'The payload'} must be an object.")
        given = self._given(info, value, path)
        fields = {}
        for field in info.fields:
            where = f"{path}.{field.encode_name}" if path else field.encode_name
            item = given.get(field.encode_name, _ABSENT)
            if item is _ABSENT or item is None:
                if field.required:
                    fields[field.name] = self._missing(info, field, where)
                continue
            try:
                fields[field.name] = self.value(field.type, item, where, (info.cls.__name__, field.name))
            except Unreadable as error:
                if field.required or self.strict:
                    raise
                self.forgive(error.fault, "field_unreadable", f"{error.text} It was left out.", item)
        return info.cls(**fields)

    def _given(self, info: inspect.StructType, value: dict[str, Any], path: str) -> dict[str, Any]:
        """The known fields under their right names."""
        names = {field.encode_name for field in info.fields}
        if value.keys() <= names:
            return value
        folded = {name.lower(): name for name in names}
        given = {}
        for key, item in value.items():
            name = key if key in names else folded.get(key.lower(), "")
            if name in names and name != key and name not in value:
                self.forgive(Fault.FORMAT, "field_spelling", f"{path or 'The payload'} has {name} misspelt.", key)
            elif name != key:
                self.forgive(Fault.FORMAT, "field_unknown", f"{path or 'The payload'} has an unknown field.", key)
                continue
            given[name] = item
        return given

    def _missing(self, info: inspect.StructType, field: inspect.Field, where: str) -> Any:
        key = (info.cls.__name__, field.name)
        if key not in DISPENSABLE:
            raise Unreadable(Fault.OCCURRENCE, f"{where} is required.")
        self.forgive(Fault.OCCURRENCE, "field_missing", f"{where} is missing.", "")
        return DISPENSABLE[key]

    def value(self, info: inspect.Type, value: Any, path: str, key: tuple[str, str]) -> Any:
        match info:
            case inspect.Metadata():
                return self.value(info.type, value, path, key)
            case inspect.UnionType():  # always "or null", which was handled as absent
                inner = next(t for t in info.types if not isinstance(t, inspect.NoneType))
                return self.value(inner, value, path, key)
            case inspect.StructType():
                return self.struct(info, value, path)
            case inspect.ListType():
                return self.list(info, value, path, key)
            case inspect.LiteralType():
                return self.word(info, value, path, key)
            case inspect.StrType():
                return self.text(info, value, path)
            case inspect.IntType() | inspect.FloatType():
                return self.number(info, value, path, key)
            case inspect.BoolType():
                return self.truth(value, path)
            case inspect.DictType() if not isinstance(value, dict):
                raise Unreadable(Fault.TYPE, f"{path} must be an object.")
        return self.open(value, path)

    def list(self, info: inspect.ListType, value: Any, path: str, key: tuple[str, str]) -> list[Any]:
        if isinstance(value, dict):
            self.forgive(Fault.TYPE, "list_expected", f"{path} must be a list.", value)
            value = [value]
        if not isinstance(value, list):
            raise Unreadable(Fault.TYPE, f"{path} must be a list.")
        if len(value) < (info.min_length or 0):
            self.forgive(Fault.OCCURRENCE, "list_too_short", f"{path} has too few items.", len(value))
        if info.max_length is not None and len(value) > info.max_length:
            self.forgive(Fault.OCCURRENCE, "list_too_long", f"{path} has too many items.", len(value))
        items = []
        for item in value:
            try:
                items.append(self.value(info.item_type, item, path, key))
            except Unreadable as error:
                if self.strict:
                    raise
                self.forgive(error.fault, "item_unreadable", f"{error.text} It was left out.", item)
        return items

    def word(self, info: inspect.LiteralType, value: Any, path: str, key: tuple[str, str]) -> str:
        if not isinstance(value, str):
            raise Unreadable(Fault.TYPE, f"{path} must be a text.")
        if value in info.values:
            return value
        for word in info.values:
            if str(word).lower() == value.strip().lower():
                self.forgive(Fault.PROPERTY, "word_spelling", f"{path} is not spelt as the standard spells it.", value)
                return str(word)
        if key in DECISIVE:
            raise Unreadable(Fault.PROPERTY, f"{path} has none of the words of the standard.")
        self.forgive(Fault.PROPERTY, "word_unknown", f"{path} has none of the words of the standard.", value)
        return self.without_nul(value, path)

    def text(self, info: inspect.StrType, value: Any, path: str) -> str:
        if not isinstance(value, str):
            if isinstance(value, (dict, list)):
                raise Unreadable(Fault.TYPE, f"{path} must be a text.")
            self.forgive(Fault.TYPE, "text_expected", f"{path} must be a text.", value)
            value = str(value).lower() if isinstance(value, bool) else str(value)
        if info.max_length is not None and len(value) > info.max_length:
            self.forgive(Fault.PROPERTY, "text_too_long", f"{path} is longer than {info.max_length}.", value)
        return self.without_nul(value, path)

    def number(
        self, info: inspect.IntType | inspect.FloatType, value: Any, path: str, key: tuple[str, str]
    ) -> int | float:
        whole = isinstance(info, inspect.IntType)
        if isinstance(value, str) and (_WHOLE_NUMBER if whole else _NUMBER).fullmatch(value):
            self.forgive(Fault.TYPE, "number_expected", f"{path} must be a number.", value)
            value = int(value.partition(".")[0]) if whole else float(value)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise Unreadable(Fault.TYPE, f"{path} must be a number.")
        if whole and isinstance(value, float):
            if not value.is_integer() and key not in FRACTIONAL:
                raise Unreadable(Fault.TYPE, f"{path} must be a whole number.")
            self.forgive(Fault.TYPE, "whole_number_expected", f"{path} must be a whole number.", value)
            value = int(value) if value.is_integer() else value
        if (info.ge is not None and value < info.ge) or (info.le is not None and value > info.le):
            self.forgive(Fault.PROPERTY, "number_out_of_range", f"{path} is out of range.", value)
        return value if whole else float(value)

    def truth(self, value: Any, path: str) -> bool:
        if isinstance(value, bool):
            return value
        known = _TRUTHS.get(str(value).strip().lower()) if isinstance(value, (str, int)) else None
        if known is None:
            raise Unreadable(Fault.TYPE, f"{path} must be true or false.")
        self.forgive(Fault.TYPE, "truth_expected", f"{path} must be true or false.", value)
        return known

    def open(self, value: Any, path: str, depth: int = 0) -> Any:
        """What the schema leaves open, without NUL characters and without bottomless nesting."""
        if depth > _MAX_DEPTH:
            raise Unreadable(Fault.FORMAT, f"{path} is nested too deeply.")
        if isinstance(value, str):
            return self.without_nul(value, path)
        if isinstance(value, list):
            return [self.open(item, path, depth + 1) for item in value]
        if isinstance(value, dict):
            return {self.without_nul(key, path): self.open(item, path, depth + 1) for key, item in value.items()}
        return value

    def without_nul(self, text: str, path: str) -> str:
        """PostgreSQL keeps every character but this one."""
        if "\x00" not in text:
            return text
        self.forgive(Fault.PROPERTY, "nul_character", f"{path} has a NUL character.", text.replace("\x00", "\\0"))
        return text.replace("\x00", "")


_types: dict[type[msgspec.Struct], inspect.StructType] = {}


def type_of(struct: type[msgspec.Struct]) -> inspect.StructType:
    if struct not in _types:
        info = inspect.type_info(struct)
        assert isinstance(info, inspect.StructType)
        _types[struct] = info
    return _types[struct]
