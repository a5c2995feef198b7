"""Lists in pages: each page ends with a cursor, and what appears meanwhile does not shift the following ones."""

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from ninja import Schema
from ninja.errors import HttpError
from pydantic import Field, create_model

from ohmstead.web.api.cursors import from_cursor, to_cursor

_NEXT: Final = "Hand it back as `cursor` for the next page; null: this was the last."
_NOT_OURS: Final = "The cursor is not one this list gave out."


class PageQuery(Schema):
    limit: int = Field(50, ge=1, le=200, description="Most items of a page, 1 to 200.")
    cursor: str = Field("", description="Where the page before ended.")


@cache
def page_of(item: type[Schema]) -> Any:
    """The schema of a page of such items."""
    name = item.__name__.removesuffix("Out") + "Page"
    items: Any = list[item]  # type: ignore[valid-type]
    return create_model(
        name, __base__=Schema, items=(items, Field(...)), next=(str | None, Field(None, description=_NEXT))
    )


def page(
    found: QuerySet[Any], query: PageQuery, out: Callable[[Any], Schema], order: Iterable[str] = ("-pk",)
) -> dict[str, Any]:
    """`order` names columns that are never null, all upwards or all downwards (-), the last one unique."""
    names = [name.removeprefix("-") for name in order]
    downwards = next(iter(order)).startswith("-")
    if query.cursor:
        found = found.filter(_after(found, names, downwards, query.cursor))
    rows = list(found.order_by(*order)[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    following = to_cursor(*(getattr(rows[-1], name) for name in names)) if more else None
    return {"items": [out(row) for row in rows], "next": following}


def _after(found: QuerySet[Any], names: list[str], downwards: bool, cursor: str) -> Q:
    values = [_value(found, name, text) for name, text in zip(names, from_cursor(cursor, len(names)), strict=True)]
    way = "lt" if downwards else "gt"
    wanted, same = Q(), Q()
    for name, value in zip(names, values, strict=True):
        wanted |= same & Q(**{f"{name}__{way}": value})
        same &= Q(**{name: value})
    return wanted


def _value(found: QuerySet[Any], name: str, text: str) -> Any:
    meta = found.model._meta
    try:
        value = (meta.pk if name == "pk" else meta.get_field(name)).to_python(text)
    except ValidationError:
        raise HttpError(422, _NOT_OURS) from None
    if isinstance(value, str) and "\0" in value:
        raise HttpError(422, _NOT_OURS)
    return value
