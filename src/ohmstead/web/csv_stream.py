"""A long list as a CSV file, read and sent piece by piece: of any length, in little memory, in no open transaction."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Final

from django.db import connections
from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from ohmstead.access.row_security import bound
from ohmstead.network.rules.sheet import written
from ohmstead.web.keyset import beyond, values_at
from ohmstead.web.scope import Viewer

PIECE: Final = 2_000

type Cells = Callable[[Any], Sequence[object]]


def csv_of(
    viewer: Viewer,
    found: QuerySet[Any],
    order: Sequence[str],
    columns: Sequence[str],
    cells: Cells,
    name: str,
    *,
    piece: int = PIECE,
) -> StreamingHttpResponse:
    """`order` as in `keyset`: what appears meanwhile shifts nothing."""
    # Where the comma is the decimal mark, a spreadsheet parts cells at the semicolon.
    delimiter = ";" if (get_language() or "").startswith("de") else ","

    def read(last: Any) -> list[Any]:
        rest = found.order_by(*order)
        if last is not None:
            rest = rest.filter(beyond(found, order, values_at(last, order)))
        return list(rest[:piece])

    async def pieces() -> AsyncIterator[bytes]:
        rows = await asyncio.to_thread(_bound, viewer, read, None)
        yield "".join(written([columns, *map(cells, rows)], delimiter)).encode()
        while len(rows) == piece:
            rows = await asyncio.to_thread(_bound, viewer, read, rows[-1])
            yield "".join(written(map(cells, rows), delimiter)).removeprefix("\N{BYTE ORDER MARK}").encode()

    response = StreamingHttpResponse(pieces(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{timezone.now():%Y-%m-%d}.csv"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _bound(viewer: Viewer, read: Callable[[Any], list[Any]], last: Any) -> list[Any]:
    try:
        with bound(viewer.organisation.pk):
            return read(last)
    finally:
        connections.close_all()
