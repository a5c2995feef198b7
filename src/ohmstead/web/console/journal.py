"""The journal's own reading functions on the connection Django holds."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import connection


@contextmanager
def journal_connection() -> Iterator[psycopg.Connection]:
    """Django hands out client-side cursors; the journal reads binary, which needs the plain ones."""
    connection.ensure_connection()
    raw: psycopg.Connection = connection.connection
    before, raw.cursor_factory = raw.cursor_factory, psycopg.Cursor
    try:
        yield raw
    finally:
        raw.cursor_factory = before
