"""A table as spreadsheets write it: read with a sentence for each fault, written so that no cell is a formula. Pure."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ohmstead.kit.cells import meant, neutral
from ohmstead.network.rules.problems import Problem, Unusable

ROWS_MAX: Final = 20_000
BYTES_MAX: Final = 10_000_000
_CELL_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Row:
    """`line` counts as a spreadsheet does, the header is 1; cells without text are left out."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    line: int
    column: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Change:
    """`before` is None for something new; else it and `after` hold what differs."""

    line: int
    label: str
    before: dict[str, Any] | None
    after: dict[str, Any]


@dataclass(slots=True)
class Plan:
    """What a table would do. With a fault it does nothing at all."""

    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def created(self) -> int:
        return sum(change.before is None for change in self.changes)

    @property
    def changed(self) -> int:
        return len(self.changes) - self.created

    def fault(self, line: int, column: str, problem: Problem) -> None:
        self.faults.append(Fault(line, column, problem))


def read_sheet(content: bytes, columns: Sequence[str], needed: Sequence[str]) -> list[Row]:
    """Raises Unusable for a file that is no such table at all."""
    text = _decoded(content)
    first_line = text.partition("\n")[0]
    delimiter = max(";,\t", key=first_line.count)
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        header = [name.strip().lower().replace(" ", "_") for name in next(lines, [])]
        _check_header(header, columns, needed)
        return _rows(lines, header)
    except csv.Error as error:
        raise Unusable(
            "Line %(line)d cannot be read as a table: %(why)s.", line=lines.line_num, why=str(error)[:80]
        ) from None


def _decoded(content: bytes) -> str:
    """UTF-8, else what spreadsheets of Windows write."""
    if len(content) > BYTES_MAX:
        raise Unusable("The file is larger than %(most)d MB.", most=BYTES_MAX // 1_000_000)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = content.decode("utf-16", "replace")
    else:
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
    if "\x00" in text or "\N{REPLACEMENT CHARACTER}" in text:
        raise Unusable("The file is no text table. Save it as CSV, best in UTF-8.")
    if not text.strip():
        raise Unusable("The file is empty.")
    return text


def _check_header(header: list[str], columns: Sequence[str], needed: Sequence[str]) -> None:
    known = ", ".join(columns)
    for name in header:
        if name not in columns:
            raise Unusable("There is no column named %(name)s; there are: %(known)s.", name=name[:40], known=known)
    for name in needed:
        if name not in header:
            raise Unusable("The column %(name)s is missing in the first line.", name=name)
    if len(set(header)) < len(header):
        raise Unusable("A column stands twice in the first line.")


def _rows(lines: Iterable[list[str]], header: list[str]) -> list[Row]:
    rows: list[Row] = []
    for line, cells in enumerate(lines, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(rows) == ROWS_MAX:
            raise Unusable("The table has more than %(most)d rows. Split it.", most=ROWS_MAX)
        if len(cells) > len(header) and any(cells[len(header) :]):
            raise Unusable("Line %(line)d has more cells than the first line has names.", line=line)
        named = zip(header, cells, strict=False)
        rows.append(Row(line, {name: text for name, cell in named if (text := _plain(cell))}))
    if not rows:
        raise Unusable("The table has a first line but no rows.")
    return rows


def _plain(cell: str) -> str:
    """Without the apostrophes that keep a cell from being a formula."""
    return meant(cell.strip()[:_CELL_MAX])


def written(rows: Iterable[Sequence[object]], delimiter: str = ",") -> Iterable[str]:
    """Lines of a file, the first with the mark that makes spreadsheets read UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=delimiter, lineterminator="\r\n")
    buffer.write("\N{BYTE ORDER MARK}")
    for row in rows:
        writer.writerow([safe_cell(value) for value in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def safe_cell(value: object) -> str:
    return "" if value is None else neutral(str(value))


def with_point(text: str) -> str:
    """52,5 as 52.5, as people of many countries write it."""
    text = text.strip()
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text
