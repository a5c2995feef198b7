"""Passwords of stations: made, checked and kept as a keyed hash."""

import secrets
from typing import Final

from django.conf import settings

from ohmstead.network import commands
from ohmstead.network.errors import BadPassword, PasswordUnderWay
from ohmstead.network.models import Command, Station
from ohmstead.station.commands import ChangePassword
from ohmstead.station.passwords import password_hash

LENGTHS: Final = range(16, 41)  # OCPP 2.0.1 A00.FR.205; hashed fast, so it must be hard to guess


def hashed(password: str) -> str:
    return password_hash(settings.SECRET_KEY, password)


def none_under_way(station: Station) -> None:
    """Two at a time would leave us guessing which one the station has."""
    open_ones = Command.objects.filter(station=station, kind=ChangePassword.__name__, state__in=commands.OPEN)
    if open_ones.exists():
        raise PasswordUnderWay(f"A new password is on its way to {station.identity}. Try again when it has answered.")


def hexadecimal() -> str:
    """40 digits, as the security whitepaper of OCPP 1.6 wants them.

    Some 1.6 stations send them as they are, some as the 20 bytes they stand for: the byte ff is never UTF-8, so the
    gateway sees which it is.
    """
    return "ff" + secrets.token_hex(19)


def checked(password: str) -> str:
    if len(password) not in LENGTHS or not password.isascii() or not password.isprintable():
        raise BadPassword("A station password has 16 to 40 characters, plain ones that any keyboard has.")
    return password
