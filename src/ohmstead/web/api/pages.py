"""Lists in pages: each page ends with a cursor, and what appears meanwhile does not shift the following ones."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Final

from django.db.models import Q, QuerySet
from ninja import Schema
from ninja.errors import HttpError
from pydantic import Field, create_model

from ohmstead.web.api.cursors import from_cursor, to_cursor
from ohmstead.web.keyset import NotOurs, beyond, read_values, values_at

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
    found: QuerySet[Any], query: PageQuery, out: Callable[[Any], Schema], order: Sequence[str] = ("-pk",)
) -> dict[str, Any]:
    """`order` names columns that are never null, - for downwards, the last one unique."""
    if query.cursor:
        found = found.filter(_after(found, order, query.cursor))
    rows = list(found.order_by(*order)[: query.limit + 1])
    more = len(rows) > query.limit
    rows = rows[: query.limit]
    following = to_cursor(*values_at(rows[-1], order)) if more else None
    return {"items": [out(row) for row in rows], "next": following}


def _after(found: QuerySet[Any], order: Sequence[str], cursor: str) -> Q:
    try:
        return beyond(found, order, read_values(found, order, from_cursor(cursor, len(order))))
    except NotOurs:
        raise HttpError(422, _NOT_OURS) from None
