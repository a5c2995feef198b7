"""OCPP 1.6: configuration keys."""

from typing import Final

from ohmstead.station import commands as c
from ohmstead.wire.saying import Sayings, said
from ohmstead.wire.v16 import messages as m


def password(command: c.ChangePassword) -> m.Message:
    """The security whitepaper wants hexadecimal digits; stations that follow it to the letter need such a password."""
    return m.ChangeConfigurationRequest(key="AuthorizationKey", value=command.password)


def setting(command: c.SetSetting) -> m.Message:
    return m.ChangeConfigurationRequest(key=command.name, value=command.value)


def settings(command: c.GetSettings) -> m.Message:
    return m.GetConfigurationRequest(key=list(command.names) or None)


SAYINGS: Final[Sayings] = {
    c.ChangePassword: said(password, "ChangeConfiguration"),
    c.SetSetting: said(setting, "ChangeConfiguration"),
    c.GetSettings: said(settings, "GetConfiguration"),
}
