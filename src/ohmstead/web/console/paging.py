"""Pages of long lists: no total is counted where a list may be long."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Any]
    number: int
    more: bool

    @property
    def first(self) -> int:
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


def page_number(query: QueryDict) -> int:
    text = query.get("page", "1")
    return min(max(int(text), 1), 10_000) if text.isascii() and text.isdecimal() and len(text) < 8 else 1


def page_of(rows: QuerySet[Any], query: QueryDict) -> Page:
    number = page_number(query)
    start = (number - 1) * PAGE_SIZE
    found = list(rows[start : start + PAGE_SIZE + 1])
    return Page(found[:PAGE_SIZE], number, len(found) > PAGE_SIZE)
