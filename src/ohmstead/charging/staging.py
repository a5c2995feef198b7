"""Many rows into a table in two statements: COPY into a temporary table, then one INSERT ... ON CONFLICT."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import psycopg
from django.db import IntegrityError, connection, transaction

NULL: Final = "\\N"
_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r", "\x00": ""})


class Staged:
    """`merge` is the part after ON CONFLICT (key)."""

    def __init__(self, table: str, columns: Sequence[str], key: Sequence[str], merge: str) -> None:
        names = ", ".join(columns)
        self._create = (
            f"CREATE TEMP TABLE IF NOT EXISTS staged_{table} ON COMMIT DELETE ROWS AS "
            f"SELECT {names} FROM {table} WITH NO DATA"
        )
        self._copy = f"COPY staged_{table} ({names}) FROM STDIN"
        self._insert = (
            f"INSERT INTO {table} ({names}) SELECT {names} FROM staged_{table} "
            f"ORDER BY {', '.join(key)} ON CONFLICT ({', '.join(key)}) {merge}"
        )
        self._clear = f"DELETE FROM staged_{table}"
        self._copy_new = f"COPY {table} ({names}) FROM STDIN"

    def write(self, lines: Iterable[str]) -> None:
        """`lines` are rows in COPY's text form, without their line ends; no key twice."""
        with connection.cursor() as cursor:
            cursor.execute(self._create)
            cursor.execute(self._clear)
            with cursor.copy(self._copy) as copy:
                copy.write("\n".join(lines) + "\n")
            cursor.execute(self._insert)

    def write_new(self, lines: Sequence[str]) -> bool:
        """Straight into the table, as long as no key stands there; else as `write` does, and False."""
        try:
            with transaction.atomic(), connection.cursor() as cursor, cursor.copy(self._copy_new) as copy:
                copy.write("\n".join(lines) + "\n")
        except (IntegrityError, psycopg.errors.UniqueViolation):
            self.write(lines)
            return False
        return True


def text(value: str | None) -> str:
    return NULL if value is None else value.translate(_ESCAPES)


def plain(value: object) -> str:
    """Numbers, ids and booleans."""
    return NULL if value is None else str(value)


def moment(value: datetime | None) -> str:
    return NULL if value is None else value.isoformat()


def array(values: Sequence[str] | None) -> str:
    """A PostgreSQL array of texts."""
    if values is None:
        return NULL
    quoted = ('"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"' for value in values)
    return text("{" + ",".join(quoted) + "}")


def rows(statement: str, parameters: Sequence[Any] | Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


type Question = tuple[str, Sequence[Any]]  # statement and parameters


def answers(questions: Sequence[Question]) -> list[list[tuple[Any, ...]]]:
    """The rows of each, on one way to the database and back, planned once per connection.

    What is waited for is the way and the plans, not the statements: of 1.7 ms for those of a card 1.3 were plans. Plans
    are kept where `plan_cache_mode` says so, as the desk does.
    """
    connection.ensure_connection()
    connection.connection.prepare_threshold = 0  # Django switches it off, and its own cursors never prepare
    with connection.wrap_database_errors, connection.connection.pipeline():
        cursors = [psycopg.Cursor(connection.connection) for _ in questions]
        for cursor, (statement, parameters) in zip(cursors, questions, strict=True):
            cursor.execute(statement, parameters)
        return [cursor.fetchall() for cursor in cursors]
