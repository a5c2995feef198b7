"""Pages of long lists: nothing is counted and nothing skipped, so the last page costs as much as the first."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

from ohmstead.web.keyset import NotOurs, beyond, read_values, turned, values_at

PAGE_SIZE = 50
_MOST_ROWS = 10**9


@dataclass(frozen=True, slots=True)
class Page:
    """`before` and `after`: texts for the address of the page before and after this one; empty when there is none."""

    rows: list[Any]
    first: int = 1  # number of the first row, as counted on the way here
    before: str = ""
    after: str = ""

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def page_of(rows: QuerySet[Any], query: QueryDict, *, whole: QuerySet[Any] | None = None) -> Page:
    """`rows` are sorted, the last column being unique. A place that no page gave out means the first page.

    With `whole`, rows are only sorted by, and those of the page are read from there: wide rows take longer to sort.
    """
    if whole is not None:
        names = [str(name).removeprefix("-") for name in rows.query.order_by]
        rows = rows.select_related(*_related(names)).prefetch_related(None).only("pk", *names)
        bare = page_of(rows, query)
        found = whole.in_bulk([row.pk for row in bare.rows])
        return replace(bare, rows=[found[row.pk] for row in bare.rows if row.pk in found])
    order = [str(name) for name in rows.query.order_by]
    page: Page | None = None
    if place := _read(rows, order, query.get("after", "")):
        page = _following(rows, order, *place)
    elif place := _read(rows, order, query.get("before", "")):
        page = _preceding(rows, order, *place)
    return page or _page(list(rows[: PAGE_SIZE + 1]), order, first=1)


def _related(names: Sequence[str]) -> list[str]:
    return [name.rpartition("__")[0] for name in names if "__" in name]


def _following(rows: QuerySet[Any], order: list[str], number: int, values: list[Any]) -> Page | None:
    found = list(rows.filter(beyond(rows, order, values))[: PAGE_SIZE + 1])
    return _page(found, order, first=number + 1) if found else None


def _preceding(rows: QuerySet[Any], order: list[str], number: int, values: list[Any]) -> Page | None:
    """None when nothing comes before it: then it is the first page."""
    upwards = turned(order)
    found = list(rows.filter(beyond(rows, upwards, values)).order_by(*upwards)[: PAGE_SIZE + 1])
    if len(found) <= PAGE_SIZE:
        return None
    first = max(number - PAGE_SIZE, 2)
    shown = found[:PAGE_SIZE][::-1]
    return Page(shown, first, place_of(shown[0], order, first), place_of(shown[-1], order, first + PAGE_SIZE - 1))


def _page(found: list[Any], order: list[str], *, first: int) -> Page:
    shown = found[:PAGE_SIZE]
    before = place_of(shown[0], order, first) if first > 1 else ""
    after = place_of(shown[-1], order, first + PAGE_SIZE - 1) if len(found) > PAGE_SIZE else ""
    return Page(shown, first, before, after)


def place_of(row: Any, order: Sequence[str], number: int) -> str:
    values = [_plain(value) for value in values_at(row, order)]
    return base64.urlsafe_b64encode(json.dumps([number, *values]).encode()).decode().rstrip("=")


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _read(rows: QuerySet[Any], order: Sequence[str], text: str) -> tuple[int, list[Any]] | None:
    """The number of the row and its values; None for a text that is not one of ours."""
    if not text or len(text) > 2_000:
        return None
    try:
        number, *texts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if type(number) is not int or not 1 <= number < _MOST_ROWS:
            return None
        return number, read_values(rows, order, texts)
    except (ValueError, TypeError, binascii.Error, NotOurs, RecursionError):
        return None
