"""The HTTP request that becomes a WebSocket: read by hand, bounded, and refused in words an installer understands."""

import base64
import binascii
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import unquote

from ohmstead.station.identity import InvalidIdentity, station_identity
from ohmstead.station.passwords import password_hash
from ohmstead.wire.dialect import SUBPROTOCOLS, Dialect

MOST_HEAD_BYTES: Final = 8 * 1024
END_OF_HEAD: Final = b"\r\n\r\n"
_OURS: Final = ", ".join(SUBPROTOCOLS.values())


class UpgradeRefused(Exception):
    """`code` for counting, `sentence` for the installer, `status` for the station."""

    def __init__(self, status: int, code: str, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.code, self.sentence = status, code, sentence


@dataclass(frozen=True, slots=True)
class Upgrade:
    identity: str
    organisation: str | None
    dialect: Dialect
    websocket_key: str
    password: str | None
    headers: dict[str, str]


@dataclass(frozen=True, slots=True)
class Head:
    method: str
    path: str
    headers: dict[str, str]  # names in lower case; repeated ones joined with commas


def read_head(data: bytes) -> Head:
    """Raises UpgradeRefused for anything but an HTTP request head."""
    first, _, rest = data.decode("latin-1").partition("\r\n")
    words = first.split(" ")
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise UpgradeRefused(400, "not_http", "This is not an HTTP request.")
    headers: dict[str, str] = {}
    for line in rest.split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon:
            continue
        name, value = name.strip().lower(), value.strip()
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return Head(words[0], words[1], headers)


def read_address(path: str) -> tuple[str | None, str]:
    """(organisation or None, identity) of /ocpp/<identity> or /ocpp/<organisation>/<identity>."""
    parts = [unquote(part) for part in path.partition("?")[0].split("/") if part]
    if len(parts) not in (2, 3) or parts[0] != "ocpp":
        raise UpgradeRefused(
            404,
            "wrong_address",
            "Point the station at /ocpp/<its identity> or /ocpp/<organisation>/<its identity> of this server.",
        )
    try:
        return (parts[1] if len(parts) == 3 else None), station_identity(parts[-1])
    except InvalidIdentity as error:
        raise UpgradeRefused(404, "identity_invalid", str(error)) from None


def read_upgrade(head: Head, organisation: str | None, identity: str) -> Upgrade:
    """Raises UpgradeRefused with the first thing that is wrong."""
    headers = head.headers
    if head.method != "GET" or headers.get("upgrade", "").lower() != "websocket":
        raise UpgradeRefused(426, "not_a_websocket", "This address is for charging stations: connect by WebSocket.")
    key = headers.get("sec-websocket-key", "")
    if not key:
        raise UpgradeRefused(400, "key_missing", "The header Sec-WebSocket-Key is missing.")
    if headers.get("sec-websocket-version") != "13":
        raise UpgradeRefused(426, "version", "Only version 13 of the WebSocket protocol is spoken here.")
    return Upgrade(
        identity=identity,
        organisation=organisation,
        dialect=best_dialect(headers.get("sec-websocket-protocol", "")),
        websocket_key=key,
        password=read_password(headers.get("authorization"), identity),
        headers=headers,
    )


def best_dialect(offered: str) -> Dialect:
    """The best dialect both sides speak; `offered` is the header's value."""
    names = {name.strip().lower() for name in offered.split(",") if name.strip()}
    for dialect, name in SUBPROTOCOLS.items():
        if name in names:
            return dialect
    told = f"The station offered {', '.join(sorted(names))[:100]}" if names else "The station offered no subprotocol"
    raise UpgradeRefused(400, "no_common_subprotocol", f"{told}; this server speaks {_OURS}.")


def read_password(authorization: str | None, identity: str) -> str | None:
    """The password of HTTP basic auth, None without one. The user must be the identity (OCPP 2.0.1 A00.FR.204)."""
    if not authorization:
        return None
    scheme, _, encoded = authorization.partition(" ")
    try:
        if scheme.lower() != "basic":
            raise ValueError(scheme)
        user, colon, password = base64.b64decode(encoded.strip(), validate=True).partition(b":")
        if not colon:
            raise ValueError("no colon")
    except (ValueError, binascii.Error):
        raise UpgradeRefused(401, "authorization_unreadable", "The Authorization header is not basic auth.") from None
    if user != identity.encode():
        name = user.decode("utf-8", "replace")[:60]
        raise UpgradeRefused(
            401,
            "user_is_not_the_identity",
            f"The user of the password must be the identity {identity!r}, but is {name!r}.",
        )
    try:
        return password.decode()
    except UnicodeDecodeError:  # 1.6 stations turn a hexadecimal AuthorizationKey into raw bytes
        return password.hex()


def hashed(upgrade: Upgrade, secret_key: str) -> str | None:
    return None if upgrade.password is None else password_hash(secret_key, upgrade.password)


def refusal_response(status: int, sentence: str) -> bytes:
    """A whole HTTP answer; the body is the sentence."""
    body = f"{sentence}\n".encode()
    lines = [
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}",
        "Content-Type: text/plain; charset=utf-8",
        f"Content-Length: {len(body)}",
        "Connection: close",
    ]
    if status == 401:
        lines.append('WWW-Authenticate: Basic realm="ohmstead"')
    if status in (429, 503):
        lines.append("Retry-After: 5")
    if status == 426:
        lines += ["Upgrade: websocket", "Sec-WebSocket-Version: 13"]
    return "\r\n".join(lines).encode() + END_OF_HEAD + body


def minimal_request(websocket_key: str) -> bytes:
    """What picows needs to see; the rest of the request head would stay in memory as long as the connection."""
    return (
        "GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {websocket_key}\r\n\r\n"
    ).encode("latin-1")
