"""What an operator may say about charging at a site, checked; and what its stations do while they cannot ask. Pure."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from ohmstead.network.rules.problems import Problem, Unusable
from ohmstead.network.rules.sheet import with_point

OFFLINE: Final = ("listed", "everyone", "nobody")
MAY_RESERVE: Final = ("nobody", "members", "drivers")
# field: least, most; minutes, but for the last
_NUMBERS: Final = {
    "reserve_ahead_minutes": (0, 60 * 24 * 60),
    "reserve_longest_minutes": (5, 60 * 24),
    "reserve_grace_minutes": (1, 60 * 4),
    "reservations_per_driver": (1, 20),
}
_MONEY: Final = ("reservation_fee", "no_show_fee")
_MOST_MONEY: Final = Decimal(1000)
FIELDS: Final = ("free_vend", "offline", "may_reserve", *_NUMBERS, *_MONEY, "currency")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")  # ISO 4217


def checked_rules(values: Mapping[str, object]) -> tuple[dict[str, Any], dict[str, Problem]]:
    """What was said, as typed values, and what is wrong with the rest, by field. What is left out stays out."""
    found: dict[str, Any] = {}
    problems: dict[str, Problem] = {}
    for name in FIELDS:
        if name not in values:
            continue
        try:
            found[name] = _value(name, values[name])
        except Unusable as unusable:
            problems[name] = unusable.problem
    return found, problems


def _value(name: str, value: object) -> Any:
    """Raises Unusable."""
    if name == "free_vend":
        return value in (True, "on", "true", "1")
    if name in _NUMBERS:
        return _number(value, *_NUMBERS[name])
    if name in _MONEY:
        return _money(value)
    text = str(value).strip()
    if name == "currency":
        if not _CURRENCY.fullmatch(text.upper()):
            raise Unusable("This is a currency of three letters such as EUR.")
        return text.upper()
    if text not in (OFFLINE if name == "offline" else MAY_RESERVE):
        raise Unusable("This is not one of the choices.")
    return text


def _number(value: object, least: int, most: int) -> int:
    text = str(value).strip()
    if not text.isascii() or not text.isdigit() or len(text) > 9 or not least <= int(text) <= most:
        raise Unusable("This is a whole number from %(least)d to %(most)d.", least=least, most=most)
    return int(text)


def _money(value: object) -> Decimal:
    try:
        amount = Decimal(with_point(str(value).strip() or "0"))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount <= _MOST_MONEY or amount != round(amount, 2):
        raise Unusable("This is an amount from 0 to %(most)d with at most two decimals.", most=int(_MOST_MONEY))
    return amount


def offline_settings(policy: str, dialect: str) -> dict[str, str]:
    """The station's own settings that make it so (OCPP 1.6, 9.1 and 9.2; OCPP 2.0.1, AuthCtrlr)."""
    local, unknown = {"listed": ("true", "false"), "everyone": ("true", "true"), "nobody": ("false", "false")}[policy]
    if dialect.startswith("ocpp2"):
        return {"AuthCtrlr.LocalAuthorizeOffline": local, "AuthCtrlr.OfflineTxForUnknownIdEnabled": unknown}
    return {"LocalAuthorizeOffline": local, "AllowOfflineTxForUnknownId": unknown}
