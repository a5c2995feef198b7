"""The table of everything we ask of stations, from which forms, the API and the reference page are made."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any, Final

import msgspec
from msgspec import inspect

from ohmstead.station.commands import (
    base,
    certificates,
    control,
    display,
    grid,
    monitoring,
    power,
    sessions,
    settings,
    tariffs,
    tokens,
    upkeep,
)
from ohmstead.station.commands.base import Command


@dataclass(frozen=True)
class Field:
    """One field of a command or of a part of it.

    `kind`: text, whole_number, decimal, yes_no, choice, moment, date, part, object, anything. `part` names a part,
    `parts` are its fields. The `choices` of a text are suggestions. A `repeated` field takes a list. A `filled` one
    gets a value from us when nobody gives one, a `secret` one is not shown once it was sent.
    """

    name: str
    kind: str
    required: bool
    repeated: bool = False
    choices: tuple[str, ...] = ()
    part: str = ""
    parts: tuple["Field", ...] = ()
    default: Any = None
    filled: bool = False
    secret: bool = False


@dataclass(frozen=True)
class Operation:
    """`dangerous` work can cut off a station or its drivers: who asks for it confirms it."""

    name: str
    group: str
    kind: type[Command]
    dangerous: bool

    @property
    def sentence(self) -> str:
        """What it does, for the person who asks for it."""
        return re.split(r"\s*OCPP: ", " ".join((self.kind.__doc__ or "").split()))[0]

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return _fields(self.kind)

    def schema(self) -> dict[str, Any]:
        """JSON schema of the command's fields."""
        return msgspec.json.schema(self.kind)


def _fields(struct: type[msgspec.Struct]) -> tuple[Field, ...]:
    info = inspect.type_info(struct)
    assert isinstance(info, inspect.StructType)
    return tuple(_field(field) for field in info.fields)


def _field(field: inspect.Field) -> Field:
    extra, found = _opened(field.type)
    repeated = isinstance(found, inspect.VarTupleType)
    if isinstance(found, inspect.VarTupleType):
        _, found = _opened(found.item_type)
    kind, choices = _kind(found)
    return Field(
        name=field.name,
        kind=kind,
        required=field.required and "filled" not in extra and field.name != "remote_start_id",
        repeated=repeated,
        choices=extra.get("suggested", choices),
        part=found.cls.__name__ if isinstance(found, inspect.StructType) else "",
        parts=_fields(found.cls) if isinstance(found, inspect.StructType) else (),
        default=None if field.default is msgspec.NODEFAULT or field.default == () else field.default,
        filled="filled" in extra or field.name == "remote_start_id",
        secret="secret" in extra,
    )


def _opened(info: inspect.Type) -> tuple[dict[str, Any], inspect.Type]:
    """Without the wrappers for None and for remarks; the remarks come first."""
    extra: dict[str, Any] = {}
    while isinstance(info, inspect.Metadata | inspect.UnionType):
        if isinstance(info, inspect.Metadata):
            extra |= info.extra or {}
            info = info.type
        else:
            (info,) = [each for each in info.types if not isinstance(each, inspect.NoneType)]
    return extra, info


_KINDS: Final[dict[type[inspect.Type], str]] = {
    inspect.AnyType: "anything",
    inspect.BoolType: "yes_no",
    inspect.DateTimeType: "moment",
    inspect.DateType: "date",
    inspect.DecimalType: "decimal",
    inspect.DictType: "object",
    inspect.IntType: "whole_number",
    inspect.StrType: "text",
    inspect.StructType: "part",
}


def _kind(info: inspect.Type) -> tuple[str, tuple[str, ...]]:
    if isinstance(info, inspect.LiteralType):
        return "choice", tuple(str(value) for value in info.values)
    if isinstance(info, inspect.EnumType):
        return "choice", tuple(each.value for each in info.cls)
    return _KINDS[type(info)], ()


_GROUPS: Final = {
    "sessions": sessions,
    "control": control,
    "settings": settings,
    "tokens": tokens,
    "power": power,
    "upkeep": upkeep,
    "certificates": certificates,
    "monitoring": monitoring,
    "display": display,
    "tariffs": tariffs,
    "grid": grid,
    "raw": base,
}
_DANGEROUS: Final[frozenset[type[Command]]] = frozenset(
    {
        base.RawCommand,
        certificates.DeleteCertificate,
        certificates.InstallCertificate,
        control.ChangeAvailability,
        control.ResetStation,
        control.UnlockConnector,
        grid.ClearGridControls,
        grid.SetGridControl,
        power.ClearChargingProfiles,
        power.SetChargingProfile,
        settings.ChangePassword,
        settings.SetNetworkProfile,
        settings.SetSetting,
        settings.WriteVariables,
        tokens.GetCustomerInformation,
        tokens.SendTokenList,
        upkeep.UpdateFirmware,
    }
)


def _commands(module: ModuleType) -> Iterator[type[Command]]:
    for kind in vars(module).values():
        known = isinstance(kind, type) and issubclass(kind, Command) and kind.__module__ == module.__name__
        if known and kind is not Command:
            yield kind


def _operations() -> Iterator[Operation]:
    for group, module in _GROUPS.items():
        for kind in _commands(module):
            name = re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()
            yield Operation(name, group, kind, kind in _DANGEROUS)


OPERATIONS: Final = {operation.name: operation for operation in _operations()}
BY_KIND: Final = {operation.kind: operation for operation in OPERATIONS.values()}


def masked(command: Command, mask: str = "kept secret") -> dict[str, Any]:
    """The command as plain values, fit to be shown, `mask` where a secret text stood and without secret numbers."""
    return _masked(msgspec.to_builtins(command), BY_KIND[type(command)].fields, mask)


def _masked(values: dict[str, Any], fields: tuple[Field, ...], mask: str) -> dict[str, Any]:
    shown = dict(values)
    for field in fields:
        value = values.get(field.name)
        if value is None:
            continue
        if field.secret:
            shown[field.name] = mask if isinstance(value, str) else None
        elif field.parts:
            each = value if field.repeated else [value]
            parts = [_masked(part, field.parts, mask) for part in each]
            shown[field.name] = parts if field.repeated else parts[0]
    return shown
