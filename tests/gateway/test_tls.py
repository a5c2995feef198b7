"""Security profiles 1 to 3 over real TLS."""

import ssl
from datetime import UTC, datetime
from pathlib import Path

import pytest
from websockets.exceptions import InvalidMessage

from ohmstead.gateway.settings import TlsFiles
from ohmstead.network.authority import Authority, server_tls_files
from tests.gateway.station import BOOT_16, Station

PASSWORD = "a-password-of-32-characters-here"


class House:
    """An authority, and the TLS sides of a gateway and of stations."""

    def __init__(self, folder: Path) -> None:
        certificate, key, self.root = server_tls_files(folder, ["localhost"])
        self.files = TlsFiles(certificate=certificate, key=key, client_ca=self.root)
        self.authority = Authority.open(folder)
        self.folder = folder

    def client(self, identity: str | None = None) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=self.root)
        if identity is not None:
            issued = self.authority.issue_client(identity, datetime.now(UTC))
            chain, key = self.folder / f"{identity}.pem", self.folder / f"{identity}.key"
            chain.write_text(issued.certificate_pem)
            key.write_text(issued.key_pem)
            context.load_cert_chain(chain, key)
            self.fingerprint = issued.fingerprint
        return context


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def test_profile_2_a_password_over_tls(start_gateway, desk, house):
    gateway = await start_gateway(tls=house.files, tls_port=0)
    desk.knows("CP1", password=PASSWORD)
    async with Station(gateway.gateway.tls_port, "CP1", password=PASSWORD, tls=house.client()) as station:
        assert (await station.call("BootNotification", BOOT_16))["status"] == "Accepted"
    assert (desk.admits[0].security_profile, desk.admits[0].certificate_fingerprint) == (2, None)


async def test_profile_3_a_client_certificate_on_the_same_port(start_gateway, desk, house):
    gateway = await start_gateway(tls=house.files, tls_port=0)
    desk.knows("CP1")
    async with Station(gateway.gateway.tls_port, "CP1", tls=house.client("CP1")) as station:
        assert (await station.call("BootNotification", BOOT_16))["status"] == "Accepted"
    request = desk.admits[0]
    assert (request.security_profile, request.certificate_name) == (3, "CP1")
    assert request.certificate_fingerprint == house.fingerprint.lower()


async def test_a_certificate_of_another_authority_does_not_get_through(start_gateway, desk, house, tmp_path):
    gateway = await start_gateway(tls=house.files, tls_port=0)
    desk.knows("CP1")
    (tmp_path / "stranger").mkdir()
    stranger = House(tmp_path / "stranger")
    context = stranger.client("CP1")
    context.load_verify_locations(house.root)
    with pytest.raises((ssl.SSLError, InvalidMessage, ConnectionError, EOFError)):
        await Station(gateway.gateway.tls_port, "CP1", tls=context).connect()
    assert desk.admits == []


async def test_many_messages_over_tls_keep_their_order(start_gateway, desk, house):
    gateway = await start_gateway(tls=house.files, tls_port=0)
    desk.knows("CP1")
    async with Station(gateway.gateway.tls_port, "CP1", tls=house.client()) as station:
        sent = [await station.say("DataTransfer", {"vendorId": "x", "data": "y" * 900}) for _ in range(100)]
        assert [(await station.hear())[1] for _ in range(100)] == sent


async def test_a_plain_station_on_the_tls_port_is_closed(start_gateway, desk, house):
    gateway = await start_gateway(tls=house.files, tls_port=0)
    desk.knows("CP1")
    with pytest.raises((InvalidMessage, ConnectionError, EOFError)):
        await Station(gateway.gateway.tls_port, "CP1").connect()
    assert desk.admits == []
