"""Firmware updates and log uploads: the statuses a real station sends, in its own time."""

import asyncio
import http.client
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ohmstead.simulator.outbox import CallFailed
from ohmstead.simulator.voice import Said

if TYPE_CHECKING:
    from ohmstead.simulator.station import Station

DOWNLOAD_S = 40.0
INSTALL_S = 60.0
COLLECT_S = 10.0
HTTP_TIMEOUT_S = 10.0
MOST_FIRMWARE_BYTES = 64 * 1024 * 1024


def is_loopback(url: str) -> bool:
    """Only this machine's own servers are ever contacted; the simulated world has no other network."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        return False
    if parts.hostname == "localhost":
        return True
    try:
        return ip_address(parts.hostname).is_loopback
    except ValueError:
        return False


async def update_firmware(
    station: "Station", url: str, request_id: int | None, *, wait_s: float = 0.0, signed: bool = False
) -> None:
    """Download, install, restart with the new version; a broken download ends in DownloadFailed."""
    await asyncio.sleep(wait_s)
    await tell_firmware(station, "Downloading", request_id)
    await station.pace.wait(DOWNLOAD_S)
    spoilt = station.manners.spoils("firmware")
    if spoilt or (is_loopback(url) and not await asyncio.to_thread(_downloads, url)):
        await tell_firmware(station, "DownloadFailed", request_id)
        return
    await tell_firmware(station, "Downloaded", request_id)
    if signed:
        await tell_firmware(station, "SignatureVerified", request_id)
    await tell_firmware(station, "Installing", request_id)
    await station.pace.wait(INSTALL_S)
    station.firmware = version_in(url) or _next_version(station.firmware)
    station.when_booted = lambda: station.spawn(tell_firmware(station, "Installed", request_id))
    station.when_idle_do(lambda: station.reboot("FirmwareUpdate"))


async def upload_log(station: "Station", url: str, file_name: str, request_id: int | None) -> None:
    """Collect and send the log; hosts other than this machine get nothing and the station says so."""
    await tell_log(station, "Uploading", request_id)
    await station.pace.wait(COLLECT_S)
    text = "\n".join(f"{station.identity} {line}" for line in station.journal) + "\n"
    spoilt = station.manners.spoils("log")
    done = not spoilt and is_loopback(url) and await asyncio.to_thread(_uploads, url, file_name, text.encode())
    await tell_log(station, "Uploaded" if done else "UploadFailure", request_id)


async def tell_firmware(station: "Station", status: str, request_id: int | None) -> None:
    station.firmware_status = status
    await _tell(station, station.voice.firmware_status(status, request_id))


async def tell_log(station: "Station", status: str, request_id: int | None) -> None:
    station.log_status = status
    await _tell(station, station.voice.log_status(status, request_id))


def version_in(url: str) -> str | None:
    """The version a file name carries: "brightline-3.5.0.bin" is 3.5.0."""
    name = urlsplit(url).path.rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0] if name.rsplit(".", 1)[-1].isalpha() else name
    version = stem.rsplit("-", 1)[-1].lstrip("v")
    return version if version.replace(".", "").isdecimal() and "." in version else None


def _next_version(version: str) -> str:
    head, _, last = version.rpartition(".")
    return f"{head}.{int(last) + 1}" if last.isdecimal() and head else f"{version}.1"


async def _tell(station: "Station", said: Said) -> None:
    try:
        await station.ask(said)
    except CallFailed:
        pass  # a status is about this moment; nobody waits for an old one


def _downloads(url: str) -> bool:
    try:
        connection, path = _connection(url)
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status == 200 and bool(response.read(MOST_FIRMWARE_BYTES))
    except (OSError, http.client.HTTPException):
        return False


def _uploads(url: str, file_name: str, body: bytes) -> bool:
    """PUT to a folder address or a file address; a server that knows only POST gets that."""
    try:
        for method in ("PUT", "POST"):
            connection, path = _connection(url)
            target = path + file_name if path.endswith("/") else path
            connection.request(method, target, body, {"Content-Type": "text/plain; charset=utf-8"})
            status = connection.getresponse().status
            if 200 <= status < 300:
                return True
            if status not in (405, 501):
                return False
    except (OSError, http.client.HTTPException):
        return False
    return False


def _connection(url: str) -> tuple[http.client.HTTPConnection, str]:
    parts = urlsplit(url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return kind(parts.hostname or "", parts.port, timeout=HTTP_TIMEOUT_S), path
