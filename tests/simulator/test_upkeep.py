"""Firmware and logs travel for real, on this machine only."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ohmstead.simulator.upkeep import is_loopback, version_in
from tests.simulator.scripted_csms import Csms
from tests.simulator.simulated import fleet_at


class FileServer(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.got: dict[str, bytes] = {}
        self.refuse_put = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: FileServer

    def do_GET(self) -> None:
        self.send_response(200 if self.path.startswith("/firmware") else 404)
        self.end_headers()
        self.wfile.write(b"firmware")

    def do_PUT(self) -> None:
        self._take("PUT", 405 if self.server.refuse_put else 201)

    def do_POST(self) -> None:
        self._take("POST", 200)

    def _take(self, method: str, status: int) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if status < 300:
            self.server.got[f"{method} {self.path}"] = body
        self.send_response(status)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture
def files() -> Iterator[FileServer]:
    server = FileServer()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def statuses(csms: Csms, action: str, station: str) -> list[str]:
    return [said["status"] for said in csms.calls(action, station)]


def get_log(url: str) -> dict[str, Any]:
    return {"logType": "DiagnosticsLog", "requestId": 8, "log": {"remoteLocation": url}}


async def test_a_log_is_uploaded_to_this_machine(csms: Csms, files: FileServer) -> None:
    async with fleet_at(csms, speed=600.0) as fleet:
        fleet.stations["S201"].note("something happened")
        await csms.ask("S201", "GetLog", get_log(f"{files.url}/logs/"))
        await csms.until(lambda: "Uploaded" in statuses(csms, "LogStatusNotification", "S201"))
    assert statuses(csms, "LogStatusNotification", "S201") == ["Uploading", "Uploaded"]
    assert b"something happened" in files.got["PUT /logs/diagnosticslog-S201.log"]


async def test_a_server_that_takes_only_post_gets_the_diagnostics_too(csms: Csms, files: FileServer) -> None:
    files.refuse_put = True
    async with fleet_at(csms, speed=600.0):
        await csms.ask("S16", "GetDiagnostics", {"location": f"{files.url}/in"})
        await csms.until(lambda: "Uploaded" in statuses(csms, "DiagnosticsStatusNotification", "S16"))
    assert list(files.got) == ["POST /in"]


async def test_nothing_leaves_this_machine(csms: Csms) -> None:
    async with fleet_at(csms, speed=600.0):
        await csms.ask("S21", "GetLog", get_log("https://logs.example/in"))
        await csms.until(lambda: "UploadFailure" in statuses(csms, "LogStatusNotification", "S21"))


@pytest.mark.parametrize("identity", ["S16", "S201"])
async def test_an_update_ends_with_the_new_version_in_the_boot(csms: Csms, files: FileServer, identity: str) -> None:
    location = f"{files.url}/firmware-9.8.7.bin"
    async with fleet_at(csms, speed=600.0):
        if identity == "S16":
            await csms.ask(identity, "UpdateFirmware", {"location": location, "retrieveDate": "2020-01-01T00:00:00Z"})
        else:
            firmware = {"location": location, "retrieveDateTime": "2020-01-01T00:00:00Z"}
            await csms.ask(identity, "UpdateFirmware", {"requestId": 3, "firmware": firmware})
        await csms.until(lambda: "Installed" in statuses(csms, "FirmwareStatusNotification", identity))
    said = statuses(csms, "FirmwareStatusNotification", identity)
    assert said == ["Downloading", "Downloaded", "Installing", "Installed"]
    boot = csms.calls("BootNotification", identity)[-1]
    assert (boot if identity == "S16" else boot["chargingStation"])["firmwareVersion"] == "9.8.7"


async def test_a_missing_file_fails_the_download(csms: Csms, files: FileServer) -> None:
    async with fleet_at(csms, speed=600.0):
        wish = {"location": f"{files.url}/nothing", "retrieveDate": "2020-01-01T00:00:00Z"}
        await csms.ask("S16", "UpdateFirmware", wish)
        await csms.until(lambda: "DownloadFailed" in statuses(csms, "FirmwareStatusNotification", "S16"))


@pytest.mark.parametrize(
    ("url", "here"),
    [
        ("http://127.0.0.1:8310/up", True),
        ("http://localhost/up", True),
        ("https://[::1]/up", True),
        ("http://192.168.1.4/up", False),
        ("http://localhost.example.org/up", False),
        ("ftp://127.0.0.1/up", False),
        ("file:///etc/passwd", False),
        ("nonsense", False),
    ],
)
def test_which_addresses_are_this_machine(url: str, here: bool) -> None:
    assert is_loopback(url) is here


@pytest.mark.parametrize(
    ("url", "version"),
    [("http://a/brightline-3.5.0.bin", "3.5.0"), ("http://a/fw-v2.1.zip?x=1", "2.1"), ("http://a/latest.bin", None)],
)
def test_the_version_in_a_file_name(url: str, version: str | None) -> None:
    assert version_in(url) == version
