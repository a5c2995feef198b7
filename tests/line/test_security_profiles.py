"""The ways in and the ways kept out: passwords, TLS and client certificates on real sockets."""

import secrets
import ssl

import pytest
import websockets

from ohmstead.station.passwords import password_hash
from tests.line.scripted import Scripted
from tests.line.security import client_certificate, door, trusting, with_certificate
from tests.line.system import SECRET_KEY, until

BOOT = {"chargePointVendor": "Example", "chargePointModel": "Post"}
BOOT_2 = {"reason": "PowerUp", "chargingStation": {"model": "Post", "vendorName": "Example"}}


def identity():
    return f"OHM-{secrets.token_hex(4)}"


async def kept_out(address, status, **options):
    with pytest.raises(websockets.InvalidStatus) as refused:
        await Scripted(address, "ocpp1.6", **options).__aenter__()
    assert refused.value.response.status_code == status


async def test_a_wrong_password_is_refused_and_the_console_can_say_so(network):
    from ohmstead.network.models import Refusal

    name, password = identity(), secrets.token_hex(16)
    address = network.station(name, security_profile=1, password=password)
    await kept_out(address, 401, password="wrong" * 4)
    refusal = until(lambda: Refusal.objects.filter(organisation=network.organisation, identity=name).first())
    assert "password" in refusal.sentence
    async with Scripted(address, "ocpp1.6", password=password) as station:
        assert (await station.call("BootNotification", BOOT))["status"] == "Accepted"


async def test_a_user_name_that_is_not_the_identity_is_refused(network):
    password = secrets.token_hex(16)
    address = network.station(security_profile=1, password=password)
    await kept_out(address, 401, password=password, user="somebody-else")


async def test_a_station_that_must_use_tls_is_refused_without(network):
    password = secrets.token_hex(16)
    address = network.station(security_profile=2, password=password)
    with pytest.raises(websockets.InvalidStatus):
        await Scripted(address, "ocpp1.6", password=password).__aenter__()


async def test_an_unknown_station_is_refused_where_the_organisation_says_so(network):
    network.organisation.unknown_stations = "refuse"
    network.organisation.save()
    await kept_out(network.address(identity()), 404)


async def test_tc_086_server_certificate(network):
    name = identity()
    entrance = door(network, name, 2)
    headers = {"Authorization": entrance.authorization}
    async with websockets.connect(
        entrance.address, subprotocols=["ocpp1.6"], ssl=entrance.context, additional_headers=headers
    ) as socket:
        assert socket.subprotocol == "ocpp1.6"
        assert socket.transport.get_extra_info("ssl_object").version() in ("TLSv1.2", "TLSv1.3")


async def test_tc_087_client_certificate(network):
    name = identity()
    entrance = door(network, name, 3)
    async with Scripted(entrance.address, "ocpp1.6", context=entrance.context) as station:
        assert (await station.call("BootNotification", BOOT))["status"] == "Accepted"
        status = {"connectorId": 0, "status": "Available", "errorCode": "NoError"}
        assert await station.call("StatusNotification", status) == {}


async def test_tc_a_06_old_tls_is_refused(network):
    name = identity()
    entrance = door(network, name, 2)
    old = trusting(network)
    old.set_ciphers("ALL:@SECLEVEL=0")
    old.minimum_version = ssl.TLSVersion.TLSv1
    old.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await Scripted(entrance.address, "ocpp2.0.1", context=old).__aenter__()
    headers = entrance.authorization.removeprefix("Basic ")
    async with Scripted(entrance.address, "ocpp2.0.1", context=entrance.context, authorization=headers) as station:
        assert (await station.call("BootNotification", BOOT_2))["status"] == "Accepted"


async def test_tc_a_07_client_certificate(network):
    entrance = door(network, identity(), 3)
    async with Scripted(entrance.address, "ocpp2.0.1", context=entrance.context) as station:
        assert (await station.call("BootNotification", BOOT_2))["status"] == "Accepted"


async def test_tc_a_08_certificate_of_a_stranger_is_refused(network, tmp_path):
    from datetime import UTC, datetime

    from ohmstead.network.authority import Authority

    name = identity()
    entrance = door(network, name, 3)
    foreign = Authority.open(tmp_path / "foreign").issue_client(name, datetime.now(UTC))
    context = with_certificate(network, foreign.certificate_pem, foreign.key_pem)
    with pytest.raises((ssl.SSLError, ConnectionError, websockets.InvalidMessage)):
        await Scripted(entrance.address, "ocpp2.0.1", context=context).__aenter__()
    async with Scripted(entrance.address, "ocpp2.0.1", context=entrance.context) as station:
        assert (await station.call("BootNotification", BOOT_2))["status"] == "Accepted"


async def test_a_certificate_of_another_station_is_refused(network):
    mine, other = identity(), identity()
    entrance = door(network, mine, 3)
    network.station(other, security_profile=3)
    issued = client_certificate(network, other)
    context = with_certificate(network, issued.certificate_pem, issued.key_pem)
    with pytest.raises(websockets.InvalidStatus):
        await Scripted(entrance.address, "ocpp2.0.1", context=context).__aenter__()


async def test_tc_a_11_a_renewed_certificate_lets_the_station_in(network):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    name = identity()
    entrance = door(network, name, 3)
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    request = x509.CertificateSigningRequestBuilder().subject_name(subject).sign(key, hashes.SHA256())
    async with Scripted(entrance.address, "ocpp2.0.1", context=entrance.context) as station:
        assert (await station.call("BootNotification", BOOT_2))["status"] == "Accepted"
        csr = request.public_bytes(serialization.Encoding.PEM).decode()
        answer = await station.call("SignCertificate", {"csr": csr, "certificateType": "ChargingStationCertificate"})
        assert answer["status"] == "Accepted"
        delivered = await station.expect("CertificateSigned", {"status": "Accepted"})
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    renewed = with_certificate(network, delivered["certificateChain"], private)
    async with Scripted(entrance.address, "ocpp2.0.1", context=renewed) as station:
        assert (await station.call("BootNotification", BOOT_2))["status"] == "Accepted"


async def test_a_password_is_changed_over_the_air(network):
    from ohmstead.access.actors import SYSTEM
    from ohmstead.network import command_actions

    name, password = identity(), secrets.token_hex(16)
    address = network.station(name, security_profile=1, password=password)
    async with Scripted(address, "ocpp1.6", password=password) as station:
        await station.call("BootNotification", BOOT)
        command = command_actions.change_password_over_the_air(network.row(name), by=SYSTEM)
        asked = await station.expect("ChangeConfiguration", {"status": "Accepted"})
        assert asked["key"] == "AuthorizationKey"
        until(lambda: type(command).objects.get(pk=command.pk).state == "accepted", why="the command is accepted")
        new = asked["value"]
        new_hash = password_hash(SECRET_KEY, new)
        until(lambda: network.row(name).password_hash == new_hash, why="the new password is in force")
    await kept_out(address, 401, password=password)
    async with Scripted(address, "ocpp1.6", password=new) as station:
        assert await station.call("Heartbeat")
