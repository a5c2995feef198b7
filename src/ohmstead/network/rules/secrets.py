"""Commands that carry the station's password under another name."""

from typing import Final

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
