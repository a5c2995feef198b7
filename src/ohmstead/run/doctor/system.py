"""Checks of what a deployment stands on: database, bus, ports, clock, certificates, disk."""

import shutil
import socket
import ssl
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import psycopg
from cryptography import x509

from ohmstead.run.doctor.findings import Check, Finding, examine, fine, look
from ohmstead.run.environment import Environment

_CONNECT_S: Final = 5
_OLDEST_POSTGRES: Final = 16
_CLOCK_OFF_S: Final = 2.0
_LOW_DISK_BYTES: Final = 2_000_000_000
_CERTIFICATE_RENEW: Final = timedelta(days=21)


def examine_system(environment: Environment) -> Iterable[Finding]:
    checks: list[tuple[str, Check]] = [
        ("database", partial(database, environment.database_url)),
        ("bus", partial(bus, environment.nats_url)),
        ("ports", partial(ports, environment)),
        ("certificate", partial(certificate, environment)),
        ("mail", partial(mail, environment)),
        ("disk", partial(disk, environment)),
    ]
    return examine(checks)


def database(url: str) -> Iterable[Finding]:
    try:
        with psycopg.connect(url, connect_timeout=_CONNECT_S) as connection:
            began = time.monotonic()
            row = connection.execute("SELECT clock_timestamp(), current_setting('server_version')").fetchone()
            took_s = time.monotonic() - began
            here = datetime.now(UTC)
    except psycopg.Error as failed:
        yield look("database", f"does not answer: {_first_line(failed)}. Is PostgreSQL running, is DATABASE_URL right?")
        return
    assert row is not None
    there, version = row
    if int(version.split(".")[0]) < _OLDEST_POSTGRES:
        yield look("database", f"PostgreSQL {version} is too old: {_OLDEST_POSTGRES} or later is needed.")
    else:
        yield fine("database", f"PostgreSQL {version} answers in {took_s * 1000:.1f} ms.")
    yield clock(here, there)


def clock(here: datetime, there: datetime) -> Finding:
    """Sessions carry this machine's time where stations send none; a clock that is off makes them wrong."""
    off_s = (here - there).total_seconds()
    if abs(off_s) > _CLOCK_OFF_S:
        return look(
            "clock", f"this machine is {off_s:+.1f} s off the database's clock: switch on time synchronisation."
        )
    return fine("clock", f"this machine and the database agree within {max(abs(off_s), 0.1):.1f} s.")


def bus(url: str) -> Iterable[Finding]:
    address = urlsplit(url.split(",")[0])
    url = f"nats://{address.hostname}:{address.port or 4222}"  # without the token or password that may stand in it
    try:
        with socket.create_connection((address.hostname or "127.0.0.1", address.port or 4222), _CONNECT_S) as nats:
            greeting = nats.recv(16)
    except OSError as failed:
        yield look("bus", f"NATS at {url} does not answer ({failed}): commands and live updates wait until it does.")
        return
    if greeting.startswith(b"INFO "):
        yield fine("bus", f"NATS answers at {url}.")
    else:
        yield look("bus", f"what answers at {url} is not NATS: check OHMSTEAD_NATS_URL.")


def ports(environment: Environment) -> Iterable[Finding]:
    host = "127.0.0.1" if environment.host in ("0.0.0.0", "::") else environment.host
    listeners = [
        ("console", environment.web_port, "is the role `ohmstead web` running?"),
        ("ws", environment.ocpp_port, "is the role `ohmstead gateway` running?"),
        ("wss", environment.ocpps_port, "is the role `ohmstead gateway` running, and has it a certificate?"),
    ]
    for what, port, question in listeners:
        if not port:
            continue
        try:
            socket.create_connection((host, port), _CONNECT_S).close()
            yield fine(what, f"listens on {host}:{port}.")
        except OSError:
            yield look(what, f"nothing listens on {host}:{port}: {question}")


def certificate(environment: Environment) -> Iterable[Finding]:
    """Read the certificate that stations are really shown, from the socket."""
    if not environment.ocpps_port:
        return
    host = "127.0.0.1" if environment.host in ("0.0.0.0", "::") else environment.host
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # we look at it, we trust nothing
    try:
        with (
            socket.create_connection((host, environment.ocpps_port), _CONNECT_S) as plain,
            context.wrap_socket(plain) as secure,
        ):
            shown = secure.getpeercert(binary_form=True)
    except OSError:
        return  # told by the ports
    assert shown is not None
    yield judge_certificate(x509.load_der_x509_certificate(shown), datetime.now(UTC))


def judge_certificate(shown: x509.Certificate, now: datetime) -> Finding:
    name = shown.subject.rfc4514_string()
    ends = shown.not_valid_after_utc
    if now < shown.not_valid_before_utc:
        return look("certificate", f"{name} is valid only from {shown.not_valid_before_utc:%Y-%m-%d}: check the clock.")
    if now > ends:
        return look("certificate", f"{name} expired on {ends:%Y-%m-%d}: stations refuse it; replace it and restart.")
    if ends - now < _CERTIFICATE_RENEW:
        return look("certificate", f"{name} expires on {ends:%Y-%m-%d}: replace it before.")
    return fine("certificate", f"{name} is valid until {ends:%Y-%m-%d}.")


def mail(environment: Environment) -> Iterable[Finding]:
    """Sign-in codes and invitations need it. Nothing is sent to find out, only the greeting is awaited."""
    url = urlsplit(environment.mail_url)
    if not url.scheme:
        yield fine("mail", f"is not sent but written to {environment.mail_folder}; set OHMSTEAD_MAIL_URL to send it.")
        return
    if url.scheme == "console":
        yield fine("mail", "is not sent but printed by the role `ohmstead web`; set OHMSTEAD_MAIL_URL to send it.")
        return
    address = (url.hostname or "", url.port or 0)
    try:
        with socket.create_connection(address, _CONNECT_S) as plain:
            plain.settimeout(_CONNECT_S)
            if url.scheme == "smtps":
                plain = ssl.create_default_context().wrap_socket(plain, server_hostname=url.hostname)
            greets = plain.recv(64).startswith(b"220")
    except OSError as failed:
        yield look("mail", f"{url.hostname}:{url.port} does not answer ({failed}): no code or invitation arrives.")
        return
    if greets:
        yield fine("mail", f"{url.hostname}:{url.port} takes mail.")
    else:
        yield look("mail", f"what answers at {url.hostname}:{url.port} is no mail server: check OHMSTEAD_MAIL_URL.")


def disk(environment: Environment) -> Iterable[Finding]:
    folder = environment.data
    while not folder.exists():
        folder = folder.parent
    free_bytes = shutil.disk_usage(folder).free
    if free_bytes < _LOW_DISK_BYTES:
        yield look(
            "disk", f"only {free_bytes / 1e9:.1f} GB free at {folder}: when it is full, stations get no answers."
        )
    else:
        yield fine("disk", f"{free_bytes / 1e9:.0f} GB free at {folder}.")


def _first_line(failed: BaseException) -> str:
    return str(failed).strip().partition("\n")[0]
