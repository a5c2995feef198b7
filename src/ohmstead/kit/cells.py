"""Cells of CSV files that people open in a spreadsheet: none of them is run as a formula."""

import re
from typing import Final

STARTS_A_FORMULA: Final = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"  # with their full-width forms
_NUMBER: Final = re.compile(r"[+-]?\d+([.,]\d+)?(e[+-]?\d+)?", re.IGNORECASE)
_SEPARATOR: Final = re.compile(r"([;,\t\r\n])")
_BEFORE: Final = " \"'"


def neutral(text: str) -> str:
    """Text that would be run gets an apostrophe in front; numbers stay numbers.

    The same behind each mark that could part cells: a spreadsheet of another country parts them elsewhere than we do.
    """
    if not any(mark in text for mark in STARTS_A_FORMULA):
        return text
    first = "'" if text.startswith(("\t", "\r", "\n")) else ""
    return first + "".join(map(_piece, _SEPARATOR.split(text)))


def _piece(text: str) -> str:
    inner = text.lstrip(_BEFORE)
    if not inner.startswith(("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")) or _NUMBER.fullmatch(inner):
        return text
    return text[: len(text) - len(inner)] + "'" + inner


def meant(text: str) -> str:
    """What `neutral` was given, as a file of ours that was opened, changed and saved brings it back."""
    return "".join(_taken_back(each) for each in _SEPARATOR.split(text))


def _taken_back(text: str) -> str:
    inner = text.lstrip(_BEFORE)
    before = text[: len(text) - len(inner)]
    return before[:-1] + inner if before.endswith("'") and inner[:1] and inner[0] in STARTS_A_FORMULA else text
