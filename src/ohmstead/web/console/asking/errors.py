"""What a command's type says of wrong values, under the path of the field and in words."""

import re
from typing import Final

from django.utils.translation import gettext as _

_AT: Final = re.compile(r"^(.*?)(?: - at `\$(.*)`)?$", re.DOTALL)
_MISSING: Final = re.compile(r"missing required field `([^`]+)`")
_BOUND: Final = re.compile(r"Expected `\w+` (>=|<=|>|<) (-?[\d.]+)")
_LENGTH: Final = re.compile(r"Expected `\w+` of length (>=|<=) (\d+)")


def explained(error: str) -> tuple[str, str]:
    """(path, sentence) of the text of a msgspec.ValidationError; the path is empty for the form as a whole."""
    found = _AT.match(error)
    said, where = (found.group(1), found.group(2) or "") if found else (error, "")
    path = where.replace("[", ".").replace("]", "").strip(".")
    if missing := _MISSING.search(said):
        return ".".join(part for part in (path, missing.group(1)) if part), _("This is needed.")
    return path, _sentence(said)


def _sentence(said: str) -> str:
    if bound := _BOUND.search(said):
        word, limit = bound.groups()
        if word.startswith(">"):
            return _("This must be %(limit)s or more.") % {"limit": limit}
        return _("This must be %(limit)s or less.") % {"limit": limit}
    if length := _LENGTH.search(said):
        word, limit = length.groups()
        if word == ">=":
            return _("At least %(limit)s is needed.") % {"limit": limit}
        return _("At most %(limit)s fit.") % {"limit": limit}
    if "Invalid enum value" in said:
        return _("This is none of the choices.")
    return _("This does not fit: %(reason)s.") % {"reason": said.rstrip(".")}
