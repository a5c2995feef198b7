"""Addresses that a person gives and a station will call: of a kind that OCPP knows, and nothing but an address."""

from typing import Any, Final
from urllib.parse import urlsplit

from ohmstead.network.errors import CommandRefused
from ohmstead.station.commands import AnyCommand, GetLog, PublishFirmware, RawCommand, SetNetworkProfile, UpdateFirmware

_FILES: Final = ("https", "http", "sftp", "ftps", "ftp")
_SERVERS: Final = ("wss", "ws")
_MOST_CHARS: Final = 2_000  # OCPP 2.1; the versions before take 512 and say so themselves
_RAW: Final = {
    "location": _FILES,
    "remoteLocation": _FILES,
    "ocppCsmsUrl": _SERVERS,
}


def check_addresses(command: AnyCommand) -> None:
    """Raises CommandRefused."""
    match command:
        case UpdateFirmware() | PublishFirmware() | GetLog():
            _check(command.url, _FILES)
        case SetNetworkProfile():
            _check(command.url, _SERVERS)
        case RawCommand():
            _check_raw(command.payload)


def _check_raw(payload: Any) -> None:
    parts = payload if isinstance(payload, list) else [payload]
    for part in parts:
        if not isinstance(part, dict):
            continue
        for name, value in part.items():
            if name in _RAW and isinstance(value, str):
                _check(value, _RAW[name])
            else:
                _check_raw(value)


def _check(url: str, schemes: tuple[str, ...]) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or len(url) > _MOST_CHARS or not url.isascii() or not url.isprintable() or " " in url:
        kinds = ", ".join(f"{scheme}://" for scheme in schemes)
        raise CommandRefused(f"{url[:80]!r} is no address that a station may be sent to; it begins with {kinds}.")
