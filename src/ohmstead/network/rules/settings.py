"""Values of settings compared: what a station writes differently may still be the same."""

from decimal import Decimal, InvalidOperation
from hashlib import sha256

_KEPT: int = 120


def comparable(value: str | None) -> str:
    """Two values are the same when these texts are: without case and spaces, numbers by what they are worth.

    Lists keep their order, which may matter to the station. A long text is shortened to a digest.
    """
    text = ",".join(part.strip() for part in (value or "").strip().casefold().split(","))
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = None
    if number is not None and number.is_finite() and abs(number.adjusted()) < 40:
        text = f"{number.normalize():f}"
    return text if len(text) <= _KEPT else f"{text[:_KEPT]} {sha256(text.encode()).hexdigest()}"
