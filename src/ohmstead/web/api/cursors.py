"""Where a page of a list ended, as a text the caller hands back unread."""

import base64
import binascii
import json
from datetime import datetime

from ninja.errors import HttpError


def to_cursor(*parts: object) -> str:
    plain = [part.isoformat() if isinstance(part, datetime) else str(part) for part in parts]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def from_cursor(cursor: str, parts: int) -> list[str]:
    """Answers 422 for a text that is not one of ours."""
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error, UnicodeDecodeError):
        found = None
    if not isinstance(found, list) or len(found) != parts or not all(isinstance(part, str) for part in found):
        raise HttpError(422, "The cursor is not one this list gave out.")
    return found


def moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise HttpError(422, "The cursor is not one this list gave out.") from None
