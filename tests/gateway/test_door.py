"""The handshake: who comes in, who does not, and what the installer reads."""

import asyncio
import logging

import pytest
from websockets.exceptions import InvalidStatus

from ohmstead.gateway.settings import Limits
from ohmstead.station.answers import Admission
from tests.gateway.station import BOOT_2X, BOOT_16, Station, until

PASSWORD = "a-password-of-32-characters-here"


async def refused(station: Station) -> tuple[int, str]:
    """Status and sentence of the refusal."""
    with pytest.raises(InvalidStatus) as refusal:
        await station.connect()
    response = refusal.value.response
    return response.status_code, (response.body or b"").decode().strip()


@pytest.mark.parametrize(
    ("offered", "chosen", "boot"),
    [
        pytest.param(("ocpp1.6",), "ocpp1.6", BOOT_16, id="1.6 only"),
        pytest.param(("ocpp1.6", "ocpp2.0.1"), "ocpp2.0.1", BOOT_2X, id="the better of two, whatever the order"),
        pytest.param(("ocpp2.0.1", "ocpp2.1", "ocpp1.6"), "ocpp2.1", BOOT_2X, id="the best of three"),
        pytest.param(("ocpp1.5", "ocpp1.6"), "ocpp1.6", BOOT_16, id="an unknown one is passed over"),
    ],
)
async def test_the_best_common_subprotocol_is_chosen(gateway, desk, offered, chosen, boot):
    desk.knows("CP1")
    async with Station(gateway.port, "CP1", protocols=offered) as station:
        assert station.socket.subprotocol == chosen
        assert (await station.call("BootNotification", boot))["status"] == "Accepted"
    assert desk.admits[0].subprotocol == chosen


@pytest.mark.parametrize("offered", [("ocpp1.5",), ("soap", "mqtt"), ()])
async def test_no_common_subprotocol_is_refused_with_a_reason_that_is_seen(gateway, desk, caplog, offered):
    desk.knows("CP1")
    with caplog.at_level(logging.WARNING):
        status, sentence = await refused(Station(gateway.port, "CP1", protocols=offered))
    assert status == 400
    assert "this server speaks ocpp2.1, ocpp2.0.1, ocpp1.6" in sentence
    assert sentence in caplog.text
    await until(lambda: desk.refusals)
    assert (desk.refusals[0].identity, desk.refusals[0].code) == ("CP1", "no_common_subprotocol")


async def test_c7_an_unknown_station_is_refused_and_harms_nobody(gateway, desk):
    desk.knows("KNOWN")
    async with Station(gateway.port, "KNOWN") as known:
        for number in range(20):
            assert (await refused(Station(gateway.port, f"NOBODY{number}")))[0] == 404
        assert "currentTime" in await known.call("Heartbeat", {})
    assert gateway.counts.refused == 20


async def test_a_password_opens_the_door_and_never_travels_in_the_clear(gateway, desk):
    desk.knows("CP1", password=PASSWORD)
    async with Station(gateway.port, "CP1", password=PASSWORD) as station:
        await station.call("Heartbeat", {})
    request = desk.admits[0]
    assert request.security_profile == 1
    assert PASSWORD not in str(request)


async def test_a_wrong_or_missing_password_is_401(gateway, desk):
    desk.knows("CP1", password=PASSWORD)
    assert await refused(Station(gateway.port, "CP1", password="wrong")) == (401, "The password is wrong.")
    assert (await refused(Station(gateway.port, "CP1")))[0] == 401
    assert desk.admits[1].security_profile == 0


@pytest.mark.parametrize(
    ("user", "says"),
    [("", "must be the identity 'CP1', but is ''"), ("OTHER", "but is 'OTHER'"), ("cp1", "but is 'cp1'")],
)
async def test_a_user_that_is_not_the_identity_is_told_so(gateway, desk, user, says):
    desk.knows("CP1", password=PASSWORD)
    status, sentence = await refused(Station(gateway.port, "CP1", user=user, password=PASSWORD))
    assert status == 401
    assert says in sentence
    assert desk.admits == []


@pytest.mark.parametrize("header", ["Bearer abc", "Basic ???", "Basic bm9jb2xvbg==", "Basic"])
async def test_an_authorization_header_that_is_no_basic_auth_is_401(gateway, desk, header):
    desk.knows("CP1")
    station = Station(gateway.port, "CP1")
    station.headers["Authorization"] = header
    assert (await refused(station))[0] == 401


async def test_guessing_passwords_is_stopped(start_gateway, desk):
    gateway = await start_gateway(limits=Limits(wrong_passwords=3))
    desk.knows("CP1", password=PASSWORD)
    statuses = [(await refused(Station(gateway.port, "CP1", password=f"guess{n}")))[0] for n in range(5)]
    assert statuses == [401, 401, 401, 429, 429]
    assert len(desk.admits) == 3


async def test_guessing_at_one_organisation_locks_out_no_other(start_gateway, desk):
    """Identities repeat: every network has a CP1."""
    gateway = await start_gateway(limits=Limits(wrong_passwords=3))
    desk.knows("CP1", password=PASSWORD)
    for number in range(4):
        await refused(Station(gateway.port, "CP1", path="/ocpp/vale/CP1", password=f"guess{number}"))
    async with Station(gateway.port, "CP1", path="/ocpp/hill/CP1", password=PASSWORD) as station:
        assert (await station.call("BootNotification", BOOT_16))["status"] == "Accepted"


@pytest.mark.parametrize(
    ("path", "status", "organisation"),
    [
        pytest.param("/ocpp/CP1", None, None, id="default organisation"),
        pytest.param("/ocpp/town/CP1", None, "town", id="named organisation"),
        pytest.param("//ocpp//CP1/", None, None, id="stray slashes"),
        pytest.param("/ocpp/CP1?token=x", None, None, id="query ignored"),
        pytest.param("/CP1", 404, None, id="no /ocpp"),
        pytest.param("/ocpp/", 404, None, id="no identity"),
        pytest.param("/ocpp/a/b/CP1", 404, None, id="too deep"),
        pytest.param("/ocpp/CP%201", 404, None, id="a space in the identity"),
        pytest.param("/ocpp/" + "X" * 49, 404, None, id="too long"),
    ],
)
async def test_the_address_says_who_and_where(gateway, desk, path, status, organisation):
    desk.knows("CP1")
    station = Station(gateway.port, "CP1", path=path)
    if status is None:
        async with station:
            assert (desk.admits[0].identity, desk.admits[0].organisation) == ("CP1", organisation)
    else:
        assert (await refused(station))[0] == status


async def _raw(port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("localhost", port)
    writer.write(request)
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        pytest.param(b"GET /ocpp/CP1 HTTP/1.1\r\nHost: x\r\n\r\n", b"426", id="a browser"),
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", b"400", id="TLS on the plain port"),
        pytest.param(b"GET /ocpp/CP1 HTTP/1.1\r\n" + b"X: y\r\n" * 2000, b"431", id="an endless head"),
        pytest.param(b"\r\n\r\n", b"400", id="nothing"),
    ],
)
async def test_what_is_no_upgrade_gets_a_plain_answer(gateway, request_head, status):
    assert (await _raw(gateway.port, request_head)).split(b" ")[1] == status


async def test_a_head_that_never_comes_is_not_waited_for(start_gateway):
    gateway = await start_gateway(limits=Limits(handshake_s=0.1))
    assert b"408" in await _raw(gateway.port, b"GET /ocpp/CP1 HTTP/1.1\r\n")
    await until(lambda: gateway.gateway.door.waiting == 0)


async def test_beyond_the_most_connections_stations_are_told_to_come_back(start_gateway, desk):
    gateway = await start_gateway(limits=Limits(connections=2))
    for name in ("CP1", "CP2", "CP3"):
        desk.knows(name)
    async with Station(gateway.port, "CP1"), Station(gateway.port, "CP2"):
        status, sentence = await refused(Station(gateway.port, "CP3"))
        assert (status, sentence) == (503, "This gateway is full. Try again in a moment.")
    await until(lambda: not gateway.board.links)
    async with Station(gateway.port, "CP3") as station:
        await station.call("Heartbeat", {})


async def test_more_handshakes_than_allowed_wait_their_turn(start_gateway, desk):
    gateway = await start_gateway(limits=Limits(handshakes_per_s=50))
    for number in range(75):
        desk.knows(f"CP{number}")
    begun = asyncio.get_running_loop().time()
    stations = await asyncio.gather(*(Station(gateway.port, f"CP{number}").connect() for number in range(75)))
    took_s = asyncio.get_running_loop().time() - begun
    assert len(gateway.board.links) == 75
    assert took_s > 0.4, "the first second's worth may come at once, the rest waits"
    await asyncio.gather(*(station.socket.close() for station in stations))


async def test_without_a_desk_a_station_is_told_to_try_again(start_gateway, desk):
    gateway = await start_gateway(limits=Limits(admission_s=0.3))
    await desk.bus.close()
    status, sentence = await refused(Station(gateway.port, "CP1"))
    assert (status, "Try again" in sentence) == (503, True)


async def test_a_desk_that_comes_late_still_admits(start_gateway, desk, nats_server):
    gateway = await start_gateway()
    known = desk.knows("CP1")
    await desk.bus.close()
    connecting = asyncio.create_task(Station(gateway.port, "CP1").connect())
    await until(lambda: gateway.gateway.door.waiting == 1)
    from ohmstead.bus.client import Bus
    from tests.gateway.desk import ScriptedDesk

    late = ScriptedDesk(await Bus("late desk").connect(nats_server.url))
    late.stations["CP1"] = known
    await late.open()
    station = await connecting
    assert "currentTime" in await station.call("Heartbeat", {})
    await station.socket.close()
    await late.bus.close()


async def test_a_station_the_operator_refused_is_closed_and_stays_out(gateway, desk):
    known = desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        await desk.change(known, Admission.REFUSED)
        assert (await station.closed())[1] == "the operator refused this station"
    assert await refused(Station(gateway.port, "CP1")) == (403, "The operator refused it.")
