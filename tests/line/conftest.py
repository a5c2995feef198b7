"""One running system for each module of tests; every test has an organisation of its own in it."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest

from ohmstead.kit.ids import uuid7
from tests.line.asked import Program
from tests.line.system import SECRET_KEY, System, free_port, until


@pytest.fixture(scope="module")
def system(database_url: str, nats_server: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    system = System(tmp_path_factory.mktemp("system"), database_url, nats_server.url)
    system.settings["OHMSTEAD_ALLOW_PRIVATE_ADDRESSES"] = "1"
    try:
        system.start("desk", "gateway", "worker")
        yield system
    finally:
        system.stop()
        empty(database_url)


def empty(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        rows = connection.execute(
            """SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class c
               JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname IN ('public', 'journal') AND c.relkind IN ('r', 'p') AND NOT c.relispartition
               AND c.relname NOT IN ('django_migrations', 'django_content_type', 'auth_permission', 'version')"""
        ).fetchall()
        connection.execute("TRUNCATE " + ", ".join(row[0] for row in rows) + " CASCADE")


@dataclass
class Network:
    """An organisation with stations and cards; reads go straight to the tables, as a suspicious auditor would."""

    system: System
    organisation: Any

    def station(self, identity: str | None = None, **fields: Any) -> str:
        """An accepted station; its address."""
        from ohmstead.network.models import Station
        from ohmstead.station.passwords import password_hash

        identity = identity or f"OHM-{secrets.token_hex(4)}"
        if "password" in fields:
            fields["password_hash"] = password_hash(SECRET_KEY, fields.pop("password"))
        Station.objects.create(organisation=self.organisation, identity=identity, **{"admission": "accepted", **fields})
        return self.address(identity)

    def address(self, identity: str, *, tls: bool = False) -> str:
        return f"{self.system.tls_url if tls else self.system.url}/{self.organisation.slug}/{identity}"

    def card(self, uid: str, **fields: Any) -> str:
        from ohmstead.drivers.models import Token
        from ohmstead.station.tokens import canonical_uid

        Token.objects.create(organisation=self.organisation, uid=uid, canonical_uid=canonical_uid(uid), **fields)
        return uid

    def sessions(self, **fields: Any) -> list[Any]:
        from ohmstead.charging.models import Session

        return list(Session.objects.filter(organisation=self.organisation, **fields).order_by("started_at"))

    def settled(self, count: int = 1, **fields: Any) -> list[Any]:
        """Wait until so many sessions match; the sessions."""
        return until(
            lambda: found if len(found := self.sessions(**fields)) == count else None,
            why=lambda: f"{count} sessions with {fields}; there are {[_told(s) for s in self.sessions()]}",
        )

    def refusal_of(self, uid: str) -> str:
        from ohmstead.charging.models import TokenRefusal

        return " ".join(TokenRefusal.objects.filter(canonical_uid=uid).values_list("reason", flat=True))

    def row(self, identity: str) -> Any:
        from ohmstead.network.models import Station

        return Station.objects.get(organisation=self.organisation, identity=identity)


def _told(session: Any) -> tuple[Any, ...]:
    return session.state, session.charging_state, session.stop_reason, session.energy_wh, session.flags


@pytest.fixture
def network(system: System) -> Network:
    from ohmstead.access.models import Organisation

    slug = f"o{uuid7().hex[-10:]}"
    return Network(system, Organisation.objects.create(slug=slug, name=slug))


@pytest.fixture(scope="module")
def web_port(system: System) -> int:
    """The port of a web role beside the others."""
    port = free_port()
    system.settings["OHMSTEAD_WEB_PORT"] = str(port)
    system.start("web")
    return port


@pytest.fixture
def program(network: Network, web_port: int) -> Program:
    """May do everything in the network's organisation."""
    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.api_keys import create_api_key
    from ohmstead.access.rights import Right

    _, secret = create_api_key(network.organisation, "Tests", list(Right), allowed=frozenset(Right), by=SYSTEM)
    return Program(web_port, secret)
