"""Commands that carry the station's password under another name."""

from typing import Final

import msgspec

from ohmstead.network.errors import CommandRefused
from ohmstead.station.commands import AnyCommand, ChangePassword, RawCommand, SetSetting

# OCPP 1.6 security whitepaper; OCPP 2.x SecurityCtrlr
_SETTINGS: Final = frozenset({"authorizationkey", "securityctrlr.basicauthpassword"})
_IN_RAW: Final = (b"authorizationkey", b"basicauthpassword")


def password_command(command: AnyCommand) -> AnyCommand:
    """The same wish, as the command that we keep the password of. Raises CommandRefused where it cannot be read."""
    if isinstance(command, SetSetting) and command.name.lower() in _SETTINGS:
        return ChangePassword(password=command.value)
    if isinstance(command, RawCommand) and command.action in ("ChangeConfiguration", "SetVariables"):
        payload = msgspec.json.encode(command.payload).lower()
        if any(name in payload for name in _IN_RAW):
            raise CommandRefused("Set a station's password with its own command, so that both sides know it.")
    return command
