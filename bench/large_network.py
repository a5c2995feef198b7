"""A large operator's database, filled by COPY: 10,000 stations, 1,000,000 sessions, and a neighbour beside them.

Runs as a child process: the bench itself never loads Django.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import TYPE_CHECKING, Any
from uuid import UUID

from bench.provision import PASSWORD

if TYPE_CHECKING:
    from django.db.models import Model

    from ohmstead.access.models import Organisation

CONSOLES = 20
CITIES = ("Ampersham", "Voltford", "Ohmbridge", "Wattley", "Farad Cross")
KINDS = (("Bergwerk", "AC22"), ("Nordlicht", "DC150"), ("Kabelhaus", "Duo"), ("Stroma", "HPC300"))
DIALECTS = ("ocpp1.6", "ocpp1.6", "ocpp2.0.1", "ocpp2.1")
SPAN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Size:
    sites: int
    stations: int
    sessions: int
    tokens: int


LARGE = Size(sites=500, stations=10_000, sessions=1_000_000, tokens=50_000)
NEIGHBOUR = Size(sites=50, stations=1_000, sessions=50_000, tokens=5_000)
SMALL = Size(sites=10, stations=100, sessions=2_000, tokens=200)


def identity(number: int) -> str:
    return f"B{number:05d}"


def card(number: int) -> str:
    return f"CARD{number:05d}"


def session_key(console: int) -> str:
    """Of the browser session of one operator who is signed in."""
    return f"benchconsole{console:020d}"


def fill(size: Size, neighbour: Size) -> None:
    from django.db import connection

    from ohmstead.access.models import Organisation

    operator = Organisation.objects.create(slug="bench", name="Bench Charging")
    beside = Organisation.objects.create(slug="beside", name="Beside Charging")
    for organisation, of, random in ((operator, size, Random(1)), (beside, neighbour, Random(2))):
        _fill_one(organisation, of, random, first=0 if organisation is operator else size.stations)
    sign_in(operator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT charging_stand(array_agg(id)) FROM network_station")  # COPY below leaves triggers out
        cursor.execute("VACUUM ANALYZE")


def sign_in(organisation: "Organisation") -> None:
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    from ohmstead.access.models import Membership, Role, User

    for number in range(CONSOLES):
        user = User.objects.create_user(f"console{number}@bench.example", name=f"Console {number}")
        Membership.objects.create(organisation=organisation, user=user, role=Role.OPERATOR)
        kept = {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
        Session.objects.create(
            session_key=session_key(number),
            session_data=SessionStore().encode(kept),
            expire_date=timezone.now() + timedelta(days=1),
        )


def _fill_one(organisation: "Organisation", size: Size, random: Random, first: int) -> None:
    from ohmstead.charging.models import Session
    from ohmstead.drivers.models import Token
    from ohmstead.network.models import Connector, Evse, Site, Station

    now = datetime.now(UTC).replace(microsecond=0)
    sites = list(_sites(organisation, size, random))
    copy_in(Site, iter(sites))
    stations = list(_stations(organisation, size, random, now, [site["id"] for site in sites], first))
    copy_in(Station, iter(stations))
    evses = list(_evses(stations, random, now))
    copy_in(Evse, iter(evses))
    copy_in(Connector, _connectors(evses, random))
    tokens = list(_tokens(organisation, size, first))
    copy_in(Token, iter(tokens))
    copy_in(Session, _sessions(organisation, size, random, now, evses, tokens))


def copy_in(model: "type[Model]", rows: "Iterator[dict[str, Any]]") -> None:
    """What a row does not name has the default of the model or of the database."""
    from django.db import connection, transaction
    from psycopg import sql

    fields = [field for field in model._meta.concrete_fields if not (field.generated or field.has_db_default())]
    columns = [field.column for field in fields]
    given = [(field.attname, field.get_db_prep_save(_default(field), connection)) for field in fields]
    target = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # foreign keys take longer than all else
        with cursor.copy(target) as copy:
            for row in rows:
                copy.write_row([row.get(name, default) for name, default in given])


def _default(field: Any) -> Any:
    now = getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    return datetime.now(UTC) if now else field.get_default()


def _id(random: Random) -> UUID:
    return UUID(int=random.getrandbits(128))


def _sites(organisation: "Organisation", size: Size, random: Random) -> Iterator[dict[str, Any]]:
    for number in range(size.sites):
        yield {
            "id": _id(random),
            "organisation_id": organisation.pk,
            "name": f"{CITIES[number % len(CITIES)]} Car Park {number}",
            "city": CITIES[number % len(CITIES)],
            "address": f"Kiln Lane {number}",
            "latitude": 47.5 + random.random() * 7,
            "longitude": 6.0 + random.random() * 9,
            "time_zone": "Europe/Berlin",
        }


def _stations(
    organisation: "Organisation", size: Size, random: Random, now: datetime, sites: list[UUID], first: int
) -> Iterator[dict[str, Any]]:
    """All with one password: the hash is compared per handshake, whoever shares it."""
    from ohmstead.run.environment import environment
    from ohmstead.station.passwords import password_hash

    hashed = password_hash(environment().secret_key, PASSWORD)
    for number in range(first, first + size.stations):
        online = random.random() < 0.97
        vendor, model = KINDS[number % len(KINDS)]
        seen_at = now - timedelta(seconds=random.randrange(300 if online else 900_000))
        yield {
            "id": _id(random),
            "organisation_id": organisation.pk,
            "site_id": sites[number % len(sites)],
            "identity": identity(number),
            "name": f"Bay {number}" if number % 3 else "",
            "admission": "accepted",
            "password_hash": hashed,
            "vendor": vendor,
            "model": model,
            "serial": f"S{random.getrandbits(40):x}",
            "firmware": f"{random.randrange(1, 4)}.{random.randrange(10)}.0",
            "dialect": DIALECTS[number % len(DIALECTS)],
            "online": online,
            "state": "available",
            "state_at": seen_at,
            "connected_at": now - timedelta(hours=random.randrange(1, 400)) if online else None,
            "last_seen_at": seen_at,
        }


def _evses(stations: list[dict[str, Any]], random: Random, now: datetime) -> Iterator[dict[str, Any]]:
    states = ("available", "charging", "occupied", "preparing", "suspended_car", "faulted", "unavailable")
    for station in stations:
        for number in (1, 2):
            [state] = random.choices(states, (70, 10, 8, 4, 4, 2, 2))
            yield {
                "id": _id(random),
                "station_id": station["id"],
                "number": number,
                "max_power_w": 22_000,
                "state": state,
                "state_at": now - timedelta(minutes=random.randrange(600)),
                "error_code": "GroundFailure" if state == "faulted" else "",
            }


def _connectors(evses: list[dict[str, Any]], random: Random) -> Iterator[dict[str, Any]]:
    for evse in evses:
        yield {
            "id": _id(random),
            "evse_id": evse["id"],
            "number": 1,
            "standard": "IEC_62196_T2",
            "format": "SOCKET",
            "state": evse["state"],
            "state_at": evse["state_at"],
        }


def _tokens(organisation: "Organisation", size: Size, first: int) -> Iterator[dict[str, Any]]:
    from ohmstead.kit.ids import uuid7

    for number in range(first, first + size.tokens):
        yield {
            "id": uuid7(),
            "organisation_id": organisation.pk,
            "uid": card(number),
            "canonical_uid": card(number),
            "label": f"Card of driver {number}",
        }


_RUNNING = frozenset({"charging", "occupied", "suspended_car"})


def _sessions(
    organisation: "Organisation",
    size: Size,
    random: Random,
    now: datetime,
    evses: list[dict[str, Any]],
    tokens: list[dict[str, Any]],
) -> Iterator[dict[str, Any]]:
    """In the order of their starts, as a real table grows; the last run now, one where a car is plugged in."""
    begin = now - timedelta(hours=9) - SPAN
    for number in range(size.sessions):
        evse = evses[random.randrange(len(evses))]
        token = tokens[random.randrange(len(tokens))]
        started_at = begin + number / size.sessions * SPAN
        ended_at = started_at + timedelta(seconds=random.randrange(300, 30_000))
        yield _session(organisation, random, evse, token, started_at, ended_at, ended_at)
    for evse in evses:
        if evse["state"] in _RUNNING:
            token = tokens[random.randrange(len(tokens))]
            started_at = now - timedelta(seconds=random.randrange(60, 30_000))
            yield _session(organisation, random, evse, token, started_at, None, now)


def _session(
    organisation: "Organisation",
    random: Random,
    evse: dict[str, Any],
    token: dict[str, Any],
    started_at: datetime,
    ended_at: datetime | None,
    last_event_at: datetime,
) -> dict[str, Any]:
    energy_wh = random.randrange(1_000, 60_000)
    begin_wh = random.randrange(10_000_000)
    transaction_id = f"{random.getrandbits(30)}"
    return {
        "id": _id(random),
        "organisation_id": organisation.pk,
        "station_id": evse["station_id"],
        "evse": evse["number"],
        "connector": 1,
        "transaction_id": transaction_id,
        "token_id": token["id"],
        "token_uid": token["canonical_uid"],
        "state": "ended" if ended_at else "running",
        "charging_state": "" if ended_at else ("suspended_car" if random.random() < 0.3 else "charging"),
        "started_at": started_at,
        "start_heard": True,
        "ended_at": ended_at,
        "stop_heard": ended_at is not None,
        "open_until": ended_at,
        "last_event_at": last_event_at,
        "start_register_wh": Decimal(begin_wh),
        "end_register_wh": Decimal(begin_wh + energy_wh),
        "energy_wh": Decimal(energy_wh),
        "power_w": None if ended_at else 11_000.0,
        "max_power_w": 11_040.0,
        "stop_reason": "driver" if ended_at else "",
        "verdict": "accepted",
        "flags": ["offline"] if random.random() < 0.02 else [],
        "facts": _facts(evse, token, started_at, ended_at, begin_wh, energy_wh),
    }


def _facts(
    evse: dict[str, Any],
    token: dict[str, Any],
    started_at: datetime,
    ended_at: datetime | None,
    begin_wh: int,
    energy_wh: int,
) -> str:
    """As long as the fold's own, because long rows make a table that is slow to read."""
    start, end = f"{started_at:%Y-%m-%dT%H:%M:%SZ}", f"{ended_at or started_at:%Y-%m-%dT%H:%M:%SZ}"
    return (
        f'{{"starts":[{{"at":"{start}","evse":{evse["number"]},"connector":1,"register_wh":"{begin_wh}.000"}}],'
        f'"ends":[{{"at":"{end}","reason":"driver","register_wh":"{begin_wh + energy_wh}.000"}}],'
        f'"tokens":[{{"at":"{start}","uid":"{token["canonical_uid"]}","kind":"rfid","verdict":"accepted"}}],'
        f'"evse":{evse["number"]},"first_at":"{start}","last_at":"{end}","meter":{{"first":["{start}","{begin_wh}.000"],'
        f'"last":["{end}","{begin_wh + energy_wh}.000"],"max_power_w":11040.0,"power_at":"{end}"}}}}'
    )


if __name__ == "__main__":
    from ohmstead.run.prepare import set_up_django

    set_up_django()
    if sys.argv[1:] == ["small"]:
        fill(SMALL, SMALL)
    else:
        fill(LARGE, NEIGHBOUR)
