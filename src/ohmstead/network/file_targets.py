"""Addresses at which stations send and fetch files: a secret each, that is known to nobody else and ends."""

import secrets
import socket
from hashlib import sha256
from ipaddress import ip_address

from django.conf import settings

from ohmstead.network.models import Station

PREFIX = "/station-files/"


def new_token() -> tuple[str, str]:
    """The secret and what is kept of it."""
    token = secrets.token_urlsafe(32)
    return token, token_hash(token)


def token_hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def address(station: Station, token: str, name: str = "") -> str:
    """As the station reaches it. Without a name it ends in a slash: stations put their own file name there."""
    return f"{base_url(station)}{PREFIX}{token}/{name}"


def base_url(station: Station) -> str:
    """The deployment's word, or this machine's address on the way to the station."""
    if settings.OHMSTEAD_STATION_FILES_URL:
        return str(settings.OHMSTEAD_STATION_FILES_URL).rstrip("/")
    host = settings.OHMSTEAD_HOST
    if host in ("0.0.0.0", "::", ""):
        host = _own_address_towards(station.remote_address)
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.OHMSTEAD_WEB_PORT}"


def _own_address_towards(remote: str) -> str:
    """The address that this machine would send from; no packet leaves."""
    try:
        family = socket.AF_INET6 if ip_address(remote).version == 6 else socket.AF_INET
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((remote, 9))
            return str(probe.getsockname()[0])
    except (OSError, ValueError):
        return socket.gethostname()
