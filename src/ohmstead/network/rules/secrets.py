"""Passwords and keys under their many names: in what we ask, and in what stations report."""

from typing import Any, Final

import msgspec

from ohmstead.network.errors import CommandRefused
from ohmstead.station.commands import AnyCommand, ChangePassword, RawCommand, SetSetting, WriteVariables

_NAMES: Final = ("authorizationkey", "basicauthpassword")  # OCPP 1.6 security whitepaper; OCPP 2.x SecurityCtrlr


def password_command(command: AnyCommand) -> AnyCommand:
    """The same wish, as the command that we keep the password of. Raises CommandRefused where it cannot be read."""
    if isinstance(command, SetSetting) and _names_the_password(command.name):
        return ChangePassword(password=command.value)
    if isinstance(command, WriteVariables):
        among_others = any(_names_the_password(value.name) for value in command.values)
    elif isinstance(command, RawCommand) and command.action in ("ChangeConfiguration", "SetVariables"):
        among_others = _names_the_password(msgspec.json.encode(command.payload).decode())
    else:
        among_others = False
    if among_others:
        raise CommandRefused("Set a station's password with its own command, so that both sides know it.")
    return command


def _names_the_password(text: str) -> bool:
    return any(name in text.lower() for name in _NAMES)


# Compared without case and punctuation; OCPP 1.6 keys, OCPP 2.x variables, and what vendors call theirs.
_SECRET_WORDS: Final = ("authorizationkey", "password", "passphrase", "secret", "privatekey", "simpin", "presharedkey")
KEPT_SECRET: Final = "kept secret"
_NAMED_BY: Final = ("key", "variable")
_HELD_IN: Final = ("value", "attributeValue", "actualValue", "variableAttribute")


def is_secret(name: str) -> bool:
    plain = "".join(each for each in name.lower() if each.isalnum())
    return any(word in plain for word in _SECRET_WORDS)


def without_secrets(payload: Any) -> Any:
    """The same payload with a mask where the value of a secret key or variable stood."""
    if isinstance(payload, list):
        return [without_secrets(each) for each in payload]
    if not isinstance(payload, dict):
        return payload
    secret = any(is_secret(_name(payload.get(field))) for field in _NAMED_BY)
    return {
        field: _masked(value) if secret and field in _HELD_IN else without_secrets(value)
        for field, value in payload.items()
    }


def _name(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("name")
    return value if isinstance(value, str) else ""


def _masked(value: Any) -> Any:
    """Attributes of a variable keep everything but what they hold."""
    if isinstance(value, list):
        return [_masked(each) for each in value]
    if isinstance(value, dict):
        return {field: KEPT_SECRET if field == "value" else each for field, each in value.items()}
    return KEPT_SECRET if isinstance(value, str) and value else value
