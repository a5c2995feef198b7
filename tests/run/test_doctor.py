import socket
import threading
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ohmstead.run.doctor.findings import Finding, examine, fine
from ohmstead.run.doctor.system import bus, clock, database, disk, judge_certificate, mail, ports
from ohmstead.run.environment import Environment
from ohmstead.run.ports import free_port

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def certificate(since: timedelta, until: timedelta) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "charge.example")])
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, NOON + since, NOON + until)
    return builder.sign(key, hashes.SHA256())


@pytest.fixture
def impostor():
    """Something that listens and is not NATS."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        threading.Thread(target=lambda: listener.accept()[0].sendall(b"SSH-2.0-x\r\n"), daemon=True).start()
        yield listener.getsockname()[1]


def only(findings) -> Finding:
    (found,) = findings
    return found


@pytest.mark.parametrize(
    ("off_s", "is_fine"),
    [pytest.param(0.3, True, id="close"), pytest.param(-90, False, id="behind"), pytest.param(7200, False, id="hours")],
)
def test_clock(off_s, is_fine):
    assert clock(NOON + timedelta(seconds=off_s), NOON).fine is is_fine


@pytest.mark.parametrize(
    ("since", "until", "is_fine", "says"),
    [
        pytest.param(timedelta(-1), timedelta(365), True, "valid until 2027-11-22", id="valid"),
        pytest.param(timedelta(-365), timedelta(5), False, "expires on 2026-11-27", id="ends soon"),
        pytest.param(timedelta(-365), timedelta(-1), False, "expired on 2026-11-21", id="expired"),
        pytest.param(timedelta(2), timedelta(365), False, "valid only from 2026-11-24", id="not yet"),
    ],
)
def test_certificate(since, until, is_fine, says):
    found = judge_certificate(certificate(since, until), NOON)
    assert found.fine is is_fine
    assert says in found.says


def test_a_database_that_does_not_answer_is_named_without_a_traceback():
    found = only(database("postgresql:///none?host=/nonexistent"))
    assert not found.fine
    assert "\n" not in found.says


def test_the_database_and_its_clock_are_fine(database_url):
    assert all(found.fine for found in database(database_url))


def test_nats_is_recognised(nats_server):
    assert only(bus(nats_server.url)).fine


def test_no_nats(impostor):
    assert "does not answer" in only(bus(f"nats://127.0.0.1:{free_port()}")).says
    assert "is not NATS" in only(bus(f"nats://127.0.0.1:{impostor}")).says


def test_a_role_that_does_not_listen_is_named(monkeypatch):
    monkeypatch.setenv("OHMSTEAD_WEB_PORT", str(free_port()))
    monkeypatch.setenv("OHMSTEAD_OCPP_PORT", "0")
    monkeypatch.setenv("OHMSTEAD_OCPPS_PORT", "0")
    found = only(ports(Environment()))
    assert (found.what, found.fine) == ("console", False)
    assert "`ohmstead web`" in found.says


def test_disk_of_a_folder_that_is_not_there_yet(monkeypatch, tmp_path):
    monkeypatch.setenv("OHMSTEAD_DATA", str(tmp_path / "later" / "data"))
    assert str(tmp_path) in only(disk(Environment())).says


def test_a_check_that_fails_stops_no_other():
    def broken():
        raise OSError("no such thing")

    found = list(examine([("disk", broken), ("bus", lambda: [fine("bus", "fine.")])]))
    assert [(each.what, each.fine) for each in found] == [("disk", False), ("bus", True)]


def line(url, monkeypatch):
    from ohmstead.run.doctor.line import examine_line

    monkeypatch.setenv("DATABASE_URL", url)
    return {found.what: found for found in examine_line(Environment())}


def test_a_line_without_roles_lacks_only_these(database, monkeypatch):
    found = line(database, monkeypatch)
    assert [what for what, each in found.items() if not each.fine] == ["gateways", "worker"]
    assert "start `ohmstead worker`" in found["worker"].says


def test_gateways_and_workers_that_run_are_counted(database, monkeypatch):
    from ohmstead.network.models import Gateway
    from ohmstead.run.worker.leases import Leases

    Gateway.objects.create(name="gateway-1", stream=1, connections=12, seen_at=datetime.now(UTC))
    with psycopg.connect(database, autocommit=True) as connection:
        Leases(connection)
        found = line(database, monkeypatch)
    assert found["gateways"].says == "gateway-1 is open and holds 12 connections."
    assert found["worker"].says == "1 running, 0 messages behind."


def test_a_missing_partition_is_found(database, monkeypatch):
    tomorrow = f"entry_{datetime.now(UTC) + timedelta(days=1):%Y%m%d}"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(f"DROP TABLE journal.{tomorrow}")
        try:
            found = line(database, monkeypatch)
        finally:
            from ohmstead.journal.schema import install

            install(connection)
    assert not found["partitions"].fine


def test_mail_that_is_not_sent_says_where_it_lies(monkeypatch, tmp_path):
    monkeypatch.setenv("OHMSTEAD_DATA", str(tmp_path))
    found = only(mail(Environment()))
    assert found.fine
    assert f"written to {tmp_path / 'mail'}" in found.says


def test_a_mail_server_that_is_none_or_does_not_answer(monkeypatch, impostor):
    monkeypatch.setenv("OHMSTEAD_MAIL_URL", f"smtp://127.0.0.1:{impostor}")
    assert "is no mail server" in only(mail(Environment())).says
    monkeypatch.setenv("OHMSTEAD_MAIL_URL", f"smtp://127.0.0.1:{free_port()}")
    assert "no code or invitation arrives" in only(mail(Environment())).says
