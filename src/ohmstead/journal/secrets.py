"""Passwords in stored frames, hidden before a person sees them."""

import re
from typing import Any, Final

import msgspec

HIDDEN: Final = "[hidden]"
UNREADABLE: Final = b"[hidden: it may hold a password and cannot be read]"
_SUSPECT: Final = re.compile(rb"password|passphrase|authorizationkey|secret|simpin|\"vpn\"|://|\\u", re.IGNORECASE)
_NAME: Final = re.compile(r"password|passphrase|authorizationkey|secret|simpin", re.IGNORECASE)
_USER_IN_URL: Final = re.compile(r"(?<=://)[^/@\s]+@")
_VALUES: Final = ("value", "attributeValue")


def without_secrets(frame: bytes) -> bytes:
    """The frame as it may be shown: values of password settings and fields, and users in addresses, are hidden."""
    if not _SUSPECT.search(frame):
        return frame
    try:
        message = msgspec.json.decode(frame)
        shown = _shown(message)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return UNREADABLE if _NAME.search(frame.decode("utf-8", "replace")) else frame
    return frame if shown == message else msgspec.json.encode(shown)


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return _USER_IN_URL.sub(f"{HIDDEN}@", value)
    if isinstance(value, list):
        return [_shown(each) for each in value]
    if not isinstance(value, dict):
        return value
    named = _is_setting_of_a_secret(value)
    return {name: _shown_field(name, each, hide=named and name in _VALUES, named=named) for name, each in value.items()}


def _shown_field(name: str, value: Any, *, hide: bool, named: bool) -> Any:
    if value is not None and (hide or (_NAME.search(name) and not isinstance(value, dict | list))):
        return HIDDEN
    if named and name == "variableAttribute" and isinstance(value, list):
        return [_without(each, "value") for each in value]
    if name == "vpn":
        return _shown(_without(value, "key"))
    return _shown(value)


def _is_setting_of_a_secret(value: dict[str, Any]) -> bool:
    """OCPP 1.6 names a setting by `key`, 2.x by `variable`."""
    variable = value.get("variable")
    name = variable.get("name") if isinstance(variable, dict) else value.get("key")
    return isinstance(name, str) and bool(_NAME.search(name))


def _without(value: Any, name: str) -> Any:
    return {**value, name: HIDDEN} if isinstance(value, dict) and name in value else value
