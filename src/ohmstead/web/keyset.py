"""Where a page of a long list goes on: beyond the values of the row it ended with, never by counting rows."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Field, Q, QuerySet


class NotOurs(ValueError):
    """Values that no row of this list can have."""


def values_at(row: Any, order: Sequence[str]) -> list[Any]:
    """The row's place in that order; columns of a related row that is missing are None, as they sort."""
    return [_value_at(row, name.removeprefix("-")) for name in order]


def _value_at(row: Any, path: str) -> Any:
    for name in path.split("__"):
        row = None if row is None else getattr(row, name)
    return row


def read_values(found: QuerySet[Any], order: Sequence[str], texts: Sequence[Any]) -> list[Any]:
    """`texts` come from outside. Raises NotOurs."""
    if len(texts) != len(order):
        raise NotOurs
    return [_read(*_column(found, name), text) for name, text in zip(order, texts, strict=True)]


def _read(field: "Field[Any, Any]", nullable: bool, text: Any) -> Any:
    if text is None and nullable:
        return None
    if not isinstance(text, str) or "\0" in text:
        raise NotOurs
    try:
        value = field.to_python(text)
    except (ValidationError, ValueError):
        raise NotOurs from None
    if value is None:
        raise NotOurs
    return value


def beyond(found: QuerySet[Any], order: Sequence[str], values: Sequence[Any]) -> Q:
    """Rows after the one with these values, when sorted by `order`, whose last column is unique.

    PostgreSQL sorts NULL above everything. The bound on the first column says nothing new, but an index is entered by
    it: without it, 500,000 rows before the place were read and thrown away.
    """
    wanted, same = Q(), Q()
    for name, value in zip(order, values, strict=True):
        wanted |= same & _further(found, name, value)
        path = name.removeprefix("-")
        same &= Q(**{f"{path}__isnull": True}) if value is None else Q(**{path: value})
    first, value = order[0], values[0]
    if value is not None and not _column(found, first)[1]:
        wanted &= Q(**{f"{first.removeprefix('-')}__{'lte' if first.startswith('-') else 'gte'}": value})
    return wanted


def _further(found: QuerySet[Any], name: str, value: Any) -> Q:
    path, down, nullable = name.removeprefix("-"), name.startswith("-"), _column(found, name)[1]
    if value is None:
        return Q(**{f"{path}__isnull": False}) if down else Q(pk__in=[])
    if down:
        return Q(**{f"{path}__lt": value})
    return Q(**{f"{path}__gt": value}) | (Q(**{f"{path}__isnull": True}) if nullable else Q())


def turned(order: Sequence[str]) -> list[str]:
    """The same order from its end."""
    return [name[1:] if name.startswith("-") else f"-{name}" for name in order]


def _column(found: QuerySet[Any], name: str) -> "tuple[Field[Any, Any], bool]":
    """The field at the end of the path, and whether it can be NULL."""
    meta, nullable = found.model._meta, False
    *relations, last = name.removeprefix("-").split("__")
    for relation in relations:
        step: Any = meta.get_field(relation)
        nullable = nullable or step.null
        meta = step.related_model._meta
    field: Any = meta.pk if last == "pk" else meta.get_field(last)
    return field, nullable or field.null
