"""Cells of CSV files that people open in a spreadsheet."""

from typing import Final

_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")


def neutral(text: str) -> str:
    """Text that a spreadsheet would run as a formula gets an apostrophe in front; numbers stay numbers."""
    if text.lstrip(" ").startswith(_STARTS_A_FORMULA) and not _is_number(text):
        return f"'{text}"
    return text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.strip() == text
