"""What an answer must not do with a text that somebody else chose."""

import csv
import re

from tests.web.streamed import text_of

MARKUP = "=1\"'><u x>"  # leaves an attribute, opens an element, and is a formula
SCRIPT_ADDRESS = "javascript:alert(1)"
ESCAPED = "&lt;u x&gt;"
_RUNS = re.compile(r"""(?:href|src|action|formaction|data-href)\s*=\s*["']?\s*javascript:""", re.IGNORECASE)
_HARMLESS = ("application/json", "application/problem+json", "application/geo+json")


def why_unsafe(answer, text=None):
    """A sentence, empty when the text is only ever text."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    text = text_of(answer) if text is None else text
    if kind == "text/html":
        return markup(text)
    if kind == "text/csv":
        return _table(text)
    if "<u x>" not in text:
        return ""
    if answer.headers.get("X-Content-Type-Options") != "nosniff":
        return f"{kind} may be taken for a page"
    if kind in _HARMLESS or answer.headers.get("Content-Disposition", "").startswith("attachment"):
        return ""
    return f"{kind} is shown as it is"


def markup(text):
    if "<u x>" in text:
        return f"opens an element: {text[max(0, text.index('<u x>') - 80) :][:120]!r}"
    return "runs a script address" if _RUNS.search(text) else ""


def _table(text):
    """Whatever mark the reader's spreadsheet parts cells at."""
    for delimiter in ",;\t":
        for row in csv.reader(text.splitlines(), delimiter=delimiter):
            if found := [cell for cell in row if cell.lstrip(" \"'") and _is_formula(cell)]:
                return f"parted at {delimiter!r} a cell is a formula: {found[0][:60]!r}"
    return ""


def _is_formula(cell):
    return cell.lstrip(' "').startswith(("=", "+", "-", "@")) and not re.fullmatch(r"[+-]?[\d.,]+", cell)
