"""Rows of a repeated part, added and removed by a button that posts the form: it works without a script."""

from ohmstead.web.console.asking.fields import MOST_ROWS, Typed, rows_of

type Values = dict[str, list[str]]


def changed(typed: Typed) -> Values | None:
    """The form with the row added or removed that its button names; None when neither was pressed."""
    values: Values = {name: list(each) for name, each in typed.items()}
    added, removed = values.pop("add", None), values.pop("remove", None)
    if added:
        return _with_row(values, added[0])
    if removed:
        return _without_row(values, removed[0])
    return None


def _with_row(values: Values, path: str) -> Values:
    count = rows_of(values, path) or 0
    return values | {f"{path}.rows": [str(min(count + 1, MOST_ROWS))]}


def _without_row(values: Values, row_path: str) -> Values:
    path, _, number = row_path.rpartition(".")
    count = rows_of(values, path) or 0
    if not (number.isascii() and number.isdecimal() and int(number) < count):
        return values
    gone = int(number)
    kept: Values = {}
    for name, each in values.items():
        row, inside = _row_of(name, path)
        if row is None or row < gone:
            kept[name] = each
        elif row > gone:
            kept[f"{path}.{row - 1}.{inside}"] = each
    return kept | {f"{path}.rows": [str(count - 1)]}


def _row_of(name: str, path: str) -> tuple[int | None, str]:
    """(row, field within it) of an input of the repeated part; (None, "") of any other."""
    if not name.startswith(f"{path}."):
        return None, ""
    number, _, inside = name[len(path) + 1 :].partition(".")
    return (int(number), inside) if inside and number.isascii() and number.isdecimal() else (None, "")
