"""What a deployment says: one frozen value read from `OHMSTEAD_*` and `DATABASE_URL`."""

import os
import socket
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, unquote, urlsplit

TRIAL_SECRET: Final = "only-for-local-trials"


class BadSetting(ValueError):
    """A variable holds something else than it should; the message is a sentence that names it."""


def _setting(variable: str, default: str, says: str, read: Callable[[str], Any] = str) -> Any:
    def from_process() -> Any:
        text = os.environ.get(variable, default)
        try:
            return read(text)
        except ValueError:
            raise BadSetting(f"{variable}={text!r} cannot be used: {says}") from None

    return field(default_factory=from_process, metadata={"variable": variable, "default": default, "says": says})


def _port(text: str) -> int:
    if not 0 <= int(text) <= 65535:
        raise ValueError(text)
    return int(text)


def _at_least_one(text: str) -> int:
    if int(text) < 1:
        raise ValueError(text)
    return int(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _path(text: str) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


def _mail_url(text: str) -> str:
    url = urlsplit(text)
    if text and url.scheme != "console" and (url.scheme not in ("smtp", "smtps") or not url.hostname or not url.port):
        raise ValueError(text)
    return text


def _tiles(text: str) -> str:
    if "://" in text:
        if not text.startswith(("http://", "https://")) or not all(part in text for part in ("{z}", "{x}", "{y}")):
            raise ValueError(text)
        return text
    path = _path(text)
    if path is not None and not path.is_file():
        raise ValueError(text)
    return str(path or "")


def _yes(text: str) -> bool:
    if text not in ("", "0", "1"):
        raise ValueError(text)
    return text == "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """Every setting, read when the value is made. docs/reference/environment.md is the same list for people."""

    database_url: str = _setting("DATABASE_URL", "postgresql:///ohmstead", "Address of the PostgreSQL database.")
    nats_url: str = _setting(
        "OHMSTEAD_NATS_URL", "nats://127.0.0.1:4310", "Address of NATS; a token or user:password before @."
    )
    secret_key: str = _setting(
        "OHMSTEAD_SECRET_KEY",
        TRIAL_SECRET,
        "Signs cookies and keys the hashes of station passwords; the same for every role. "
        "Roles refuse to start without it; `ohmstead up` makes one and keeps it in the data folder.",
    )
    data: Path = _setting(
        "OHMSTEAD_DATA", "ohmstead-data", "Folder for the certificate authority and, under `up`, all data.", _path
    )
    row_security: bool = _setting(
        "OHMSTEAD_ROW_SECURITY",
        "1",
        "1 lets PostgreSQL itself keep tenants apart in requests of console and API; 0 where the role it needs "
        "cannot be made. The same for every role.",
        _yes,
    )
    demo: bool = _setting("OHMSTEAD_DEMO", "0", "1 shows the demo's helps: sign-in hints, simulator controls.", _yes)

    host: str = _setting("OHMSTEAD_HOST", "127.0.0.1", "Address that console and OCPP sockets listen on.")
    web_port: int = _setting("OHMSTEAD_WEB_PORT", "8310", "Port of console and API.", _port)
    ocpp_port: int = _setting("OHMSTEAD_OCPP_PORT", "9310", "Port for stations, ws://; 0 is off.", _port)
    ocpps_port: int = _setting("OHMSTEAD_OCPPS_PORT", "9311", "Port for stations, wss://; 0 is off.", _port)
    health_port: int = _setting(
        "OHMSTEAD_HEALTH_PORT", "0", "Loopback port of this role's /healthz, /readyz and /metrics; 0 is off.", _port
    )
    allowed_hosts: tuple[str, ...] = _setting(
        "OHMSTEAD_ALLOWED_HOSTS",
        "127.0.0.1,localhost,[::1]",
        "Names the console may be called by, comma apart.",
        _words,
    )
    public_url: str = _setting(
        "OHMSTEAD_PUBLIC_URL", "", "How browsers reach the console, such as https://charge.example; empty: as asked."
    )

    station_files_url: str = _setting(
        "OHMSTEAD_STATION_FILES_URL",
        "",
        "How stations reach this web role to send logs and fetch firmware, such as https://charge.example; "
        "empty: the public URL, or else this machine's address and port.",
    )
    station_file_mb: int = _setting(
        "OHMSTEAD_STATION_FILE_MB", "100", "The largest log a station may send, in MB.", _at_least_one
    )

    api_origins: tuple[str, ...] = _setting(
        "OHMSTEAD_API_ORIGINS",
        "",
        "Origins of pages that may call the API from a browser, such as https://app.example, comma apart; empty: none.",
        _words,
    )
    api_requests_per_minute: int = _setting(
        "OHMSTEAD_API_REQUESTS_PER_MINUTE", "600", "Requests of the API a key or a person may make.", _at_least_one
    )

    mail_url: str = _setting(
        "OHMSTEAD_MAIL_URL",
        "",
        "Server that sends mail: smtp://user:password@mail.example:587 (STARTTLS where there is a password), "
        "smtps://...:465 or console:; empty: mails are written to the folder `mail` in the data folder.",
        _mail_url,
    )
    mail_from: str = _setting("OHMSTEAD_MAIL_FROM", "Ohmstead <ohmstead@localhost>", "Sender of our mails.")

    gateway_name: str = _setting(
        "OHMSTEAD_GATEWAY_NAME",
        "",
        "Name of this gateway, different for each; empty: the machine's name and the process number.",
    )
    ping_s: int = _setting(
        "OHMSTEAD_PING_S",
        "30",
        "A station that is silent for so many seconds is pinged, and offline after twice that; more for slow links.",
        _at_least_one,
    )
    tls_certificate: Path | None = _setting(
        "OHMSTEAD_TLS_CERTIFICATE", "", "PEM file of the wss:// certificate and its chain; empty: issued by us.", _path
    )
    tls_key: Path | None = _setting("OHMSTEAD_TLS_KEY", "", "PEM file of that certificate's private key.", _path)
    tls_client_ca: Path | None = _setting(
        "OHMSTEAD_TLS_CLIENT_CA", "", "PEM file of the authorities that sign station certificates; empty: ours.", _path
    )

    driver_passwords: bool = _setting(
        "OHMSTEAD_DRIVER_PASSWORDS",
        "0",
        "1 lets drivers sign in with a password too; a code by e-mail and passkeys always open an account.",
        _yes,
    )

    default_organisation: str = _setting(
        "OHMSTEAD_DEFAULT_ORGANISATION",
        "",
        "Short name of the organisation whose stations name none in their address; empty: the only one there is.",
    )
    ca_folder: Path | None = _setting(
        "OHMSTEAD_CA_FOLDER",
        "",
        "Folder of the built-in certificate authority's key; empty: `ca` in the data folder.",
        _path,
    )

    basemap: str = _setting(
        "OHMSTEAD_BASEMAP",
        "",
        "What is drawn under the map: path of a .pmtiles file, or a tile address such as "
        "https://tiles.example/{z}/{x}/{y}.mvt (Protomaps layers) or .png; empty: the world that comes with Ohmstead.",
        _tiles,
    )
    basemap_credit: str = _setting(
        "OHMSTEAD_BASEMAP_CREDIT", "", "Whom the map credits for its tiles; empty: as the .pmtiles file says."
    )

    contract_pool_url: str = _setting(
        "OHMSTEAD_CONTRACT_POOL_URL",
        "",
        "Contract certificate pool for Plug & Charge (OPCP 1.0.0), such as https://pool.example; empty: none.",
    )
    contract_pool_token: str = _setting(
        "OHMSTEAD_CONTRACT_POOL_TOKEN", "", "Bearer token the contract certificate pool knows us by."
    )
    plate_recogniser_url: str = _setting(
        "OHMSTEAD_PLATE_RECOGNISER_URL",
        "",
        "Reads the plates in pictures of cameras that cannot (Plate Recognizer's snapshot API); empty: none.",
    )
    plate_recogniser_token: str = _setting(
        "OHMSTEAD_PLATE_RECOGNISER_TOKEN", "", "Token the plate recogniser knows us by."
    )
    allow_private_addresses: bool = _setting(
        "OHMSTEAD_ALLOW_PRIVATE_ADDRESSES",
        "0",
        "1 lets addresses named by stations and partners be private ones, such as an OCSP responder in the house.",
        _yes,
    )

    readings_kept_days: int = _setting(
        "OHMSTEAD_READINGS_KEPT_DAYS",
        "800",
        "Meter readings older than this are dropped, by whole months.",
        _at_least_one,
    )
    journal_kept_days: int = _setting(
        "OHMSTEAD_JOURNAL_KEPT_DAYS",
        "90",
        "Messages of stations older than this are dropped, by whole days.",
        _at_least_one,
    )
    silent_session_hours: int = _setting(
        "OHMSTEAD_SILENT_SESSION_HOURS",
        "12",
        "A running session that nothing is heard of for so long is closed as lost, and its station asked to stop it.",
        _at_least_one,
    )

    def django_database(self) -> dict[str, Any]:
        """Django's DATABASES entry; host may be a socket folder given as ?host=."""
        url = urlsplit(self.database_url)
        query = dict(parse_qsl(url.query))
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": url.path.lstrip("/"),
            "USER": unquote(url.username or ""),
            "PASSWORD": unquote(url.password or ""),
            "HOST": query.pop("host", None) or url.hostname or "",
            "PORT": str(url.port or ""),
            "OPTIONS": query,
            "CONN_HEALTH_CHECKS": True,
            "CONN_MAX_AGE": None,
        }

    @property
    def mail_folder(self) -> Path:
        """Where mails are written while no server sends them."""
        return self.data / "mail"

    def django_mailer(self) -> dict[str, Any]:
        """An entry of Django's MAILERS."""
        url = urlsplit(self.mail_url)
        if url.scheme == "console":
            return {"BACKEND": "django.core.mail.backends.console.EmailBackend"}
        if not url.scheme:
            backend = "django.core.mail.backends.filebased.EmailBackend"
            return {"BACKEND": backend, "OPTIONS": {"file_path": str(self.mail_folder)}}
        options = {
            "host": url.hostname,
            "port": url.port,
            "username": unquote(url.username or ""),
            "password": unquote(url.password or ""),
            "use_ssl": url.scheme == "smtps",
            "use_tls": url.scheme == "smtp" and bool(url.password),
            "timeout": 15,
        }
        return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}

    def django_public(self) -> dict[str, Any]:
        """Django's settings for a proxy in front that ends TLS, which Django itself sees nothing of."""
        url = urlsplit(self.public_url)
        host = [url.hostname] if url.hostname else []
        return {
            "ALLOWED_HOSTS": [*self.allowed_hosts, *host],
            "CSRF_TRUSTED_ORIGINS": [f"{url.scheme}://{url.netloc}"] if host else [],
            "SESSION_COOKIE_SECURE": url.scheme == "https",
            "CSRF_COOKIE_SECURE": url.scheme == "https",
        }

    @property
    def basemap_origin(self) -> str:
        """Where browsers fetch tiles from, when not from us: the content security policy must allow it."""
        url = urlsplit(self.basemap)
        return f"{url.scheme}://{url.netloc}" if url.netloc else ""

    @property
    def gateway(self) -> str:
        """This gateway's name; a NATS subject token, so dots become dashes."""
        return (self.gateway_name or f"{socket.gethostname()}-{os.getpid()}").replace(".", "-")


def described() -> list[tuple[str, str, str]]:
    """(variable, default, sentence) of every setting, for the reference page."""
    return [(f.metadata["variable"], f.metadata["default"], f.metadata["says"]) for f in fields(Environment)]


@cache
def environment() -> Environment:
    return Environment()
