"""Server-side request forgery: addresses that people give, which we or their stations will call."""

import ast
import json
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src" / "ohmstead"
CALLERS = {"urllib.request", "urllib3", "httpx", "requests", "http.client", "aiohttp", "ftplib"}
MAY_CALL = {
    "kit/http.py": "the guarded client",
    "simulator/upkeep.py": "plays a station, which fetches what it is told",
}

NO_ADDRESS = [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "gopher://10.0.0.1:70/1",
    "data:text/plain,x",
    "//files.example/x",
    "files.example/x",
    "http:///x",
    "http://files.example:0/x",
    "http://files.example:99999/x",
    "http://files.example/a b",
    "http://files.example/\r\nHost: evil",
    "http://fil\u0435s.example/",
    "",
]
OPERATIONS = {
    "update_firmware": ("url", {"retrieve_at": "2026-05-04T08:15:00Z"}),
    "publish_firmware": ("url", {"md5": "0" * 32}),
    "get_log": ("url", {}),
    "set_network_profile": ("url", {"slot": 1, "security_profile": 1}),
}


def asked(program, operation, url):
    field, more = OPERATIONS[operation]
    return program.post(f"/stations/HILL-3/commands/{operation}", {field: url, **more})


@pytest.fixture
def program(network):
    from django.test import Client

    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.api_keys import create_api_key
    from ohmstead.access.rights import Right
    from tests.web.api.conftest import Program

    _, secret = create_api_key(network.hill, "CRM", list(Right), allowed=frozenset(Right), by=SYSTEM)
    return Program(Client(headers={"host": "localhost"}, raise_request_exception=False), secret)


def test_only_the_guarded_client_calls_anybody():
    found = {}
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if CALLERS & set(names):
                found[path.relative_to(SOURCE).as_posix()] = names
    assert found.keys() == MAY_CALL.keys()


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("url", NO_ADDRESS)
def test_no_station_is_sent_to_what_is_no_address(program, network, operation, url):
    answer = asked(program, operation, url)
    assert (answer.status_code, answer.json()["type"]) == (422, "/api/v1/problems/invalid"), answer.content
    assert not network.broken.commands.exists()


@pytest.mark.parametrize(
    ("operation", "url"),
    [
        ("update_firmware", "ftp://files.example/4.2.bin"),
        ("update_firmware", "https://files.example:8443/4.2.bin?x=1"),
        ("get_log", "sftp://files.example/logs/"),
        ("get_log", "http://10.1.2.3/logs/"),  # the station's own network is the operator's
        ("set_network_profile", "wss://ocpp.example/ocpp/hill"),
    ],
)
def test_what_ocpp_knows_is_passed_on(program, network, operation, url):
    assert asked(program, operation, url).status_code == 201
    assert network.broken.commands.get().command["url"] == url


@pytest.mark.parametrize("url", ["https://files.example/x", "ws://files.example:0/"])
def test_a_station_connects_to_servers_of_websockets_only(program, network, url):
    assert asked(program, "set_network_profile", url).status_code == 422


@pytest.mark.parametrize(
    ("action", "payload"),
    [
        ("UpdateFirmware", {"requestId": 1, "firmware": {"location": "file:///x", "retrieveDateTime": "x"}}),
        ("GetLog", {"logType": "SecurityLog", "requestId": 1, "log": {"remoteLocation": "javascript:x"}}),
        ("SetNetworkProfile", {"configurationSlot": 1, "connectionData": {"ocppCsmsUrl": "http://x.example"}}),
    ],
)
def test_neither_by_a_raw_message(program, network, action, payload):
    answer = program.post("/stations/HILL-3/commands/raw_command", {"action": action, "payload": payload})
    assert answer.status_code == 422
    assert "station may be sent" in answer.json()["detail"]


def test_neither_many_at_once(program, network):
    from ohmstead.network.models import Bulk

    body = {"operation": "get_log", "fields": {"url": "file:///x"}, "stations": {"identities": ["HILL-3"]}}
    assert program.post("/bulks", body).status_code == 422
    assert not Bulk.objects.exists()


def test_neither_by_a_form_of_the_console(operator, network):
    answer = operator.post("/console/stations/HILL-3/ask/get_log", {"url": "file:///etc/passwd", "confirm": "HILL-3"})
    assert answer.status_code == 422
    assert "is no address that a station may be sent to" in answer.text
    assert not network.broken.commands.exists()


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "http://crm.example/", "https://a:b@crm.example/", "gopher://x/"]
)
def test_no_webhook_is_made_of_what_is_no_https_address(program, operator, network, url):
    from ohmstead.integration.models import Webhook

    assert program.post("/webhooks", {"url": url}).status_code == 422
    made = program.post("/webhooks", {"url": "https://crm.example/"}).json()
    assert program("PATCH", f"/webhooks/{made['id']}", {"url": url}).status_code == 422
    assert list(Webhook.objects.values_list("url", flat=True)) == ["https://crm.example/"]


@pytest.mark.parametrize(
    "url",
    ["https://127.0.0.1/", "https://[::1]/", "https://169.254.169.254/latest/meta-data", "https://localhost:5432/"],
)
def test_a_webhook_to_an_address_of_ours_is_never_called(program, network, url):
    """Whatever the name leads to is looked at when it is called; tests/kit/test_http.py has the rest."""
    from django.test import override_settings
    from django.utils import timezone

    from ohmstead.integration import deliveries
    from ohmstead.integration.models import Attempt, Delivery

    made = program.post("/webhooks", {"url": url}).json()
    program.post(f"/webhooks/{made['id']}/test")
    with override_settings(OHMSTEAD_ALLOW_PRIVATE_ADDRESSES=False):
        deliveries.attempt(Delivery.objects.get().pk, timezone.now())
    attempt = Attempt.objects.get()
    assert attempt.status is None
    assert "private address" in attempt.error


def test_what_a_station_is_told_to_upload_to_is_ours_and_cannot_be_guessed(program, network):
    from ohmstead.network.models import StationFile

    assert program.post("/stations/HILL-3/logs", {}).status_code == 201
    command = network.broken.commands.get().command
    secret = command["url"].partition("/station-files/")[2].strip("/")
    assert len(secret) >= 43 or "kept secret" in json.dumps(command)
    assert secret not in json.dumps(list(StationFile.objects.values()), default=str)
