"""Hill Energy and its neighbour, made through the models so that any state can be set.

The models are imported in the functions: test modules are read before Django has its database.
"""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace


def build():
    from ohmstead.access.models import Organisation, Role
    from ohmstead.network.models import Site

    hill = Organisation.objects.create(slug="hill", name="Hill Energy")
    vale = Organisation.objects.create(slug="vale", name="Vale Power")
    people = {role.value: _person(hill, f"{role.value}@hill.example", role) for role in Role}
    people["neighbour"] = _person(vale, "owner@vale.example", Role.OWNER)
    market = Site.objects.create(organisation=hill, name="Market", city="Hilltop", time_zone="Europe/Berlin")
    return SimpleNamespace(
        hill=hill,
        vale=vale,
        people=people,
        market=market,
        quay=Site.objects.create(organisation=hill, name="Quay", time_zone="Europe/Lisbon"),
        free=station(hill, "HILL-1", market, ["available", "available"]),
        busy=station(hill, "HILL-2", market, ["charging", "available"]),
        broken=station(hill, "HILL-3", market, ["faulted"], dialect="ocpp2.0.1"),
        silent=station(hill, "HILL-4", None, ["available"], online=False),
        foreign=station(vale, "VALE-1", None, ["available"]),
    )


def _person(organisation, email, role):
    from ohmstead.access.models import Membership, User

    user = User.objects.create(email=email, name=email.split("@")[0].title())
    Membership.objects.create(organisation=organisation, user=user, role=role)
    return user


def station(organisation, identity, site, states, *, online=True, dialect="ocpp1.6", admission="accepted"):
    from ohmstead.network.models import Connector, Evse, Station

    now = datetime.now(UTC)
    made = Station.objects.create(
        organisation=organisation,
        identity=identity,
        site=site,
        admission=admission,
        online=online,
        dialect=dialect,
        vendor="Voltmark",
        model="Duo 22",
        firmware="4.2.1",
        last_seen_at=now,
        connected_at=now,
    )
    for number, state in enumerate(states, start=1):
        evse = Evse.objects.create(station=made, number=number, state=state, max_power_w=22_000)
        Connector.objects.create(evse=evse, number=1, standard="IEC_62196_T2", format="CABLE", state=state)
    return made


def session(at, *, transaction_id="4711", **more):
    """A running session of an hour, unless told otherwise."""
    from ohmstead.charging.held import session_id
    from ohmstead.charging.models import Session

    now = datetime.now(UTC)
    values = {
        "organisation": at.organisation,
        "evse": 1,
        "started_at": now - timedelta(hours=1),
        "last_event_at": now,
        "energy_wh": Decimal(5_500),
        "power_w": 11_000.0,
        "token_uid": "04AABBCC",
        "state": "running",
        "charging_state": "charging",
    }
    key = session_id(at.pk, transaction_id)
    return Session.objects.create(id=key, station=at, transaction_id=transaction_id, **(values | more))


def reading(of, at, register_wh, power_w, soc_percent=None):
    from ohmstead.charging.models import MeterReading
    from ohmstead.station.readings import ReadingContext

    MeterReading.objects.create(
        station_id=of.station_id,
        session_id=of.pk,
        evse=of.evse,
        at=at,
        context=ReadingContext.PERIODIC,
        register_wh=register_wh,
        power_w=power_w,
        soc_percent=soc_percent,
    )


def token(organisation, uid, label):
    from ohmstead.drivers.models import Token

    return Token.objects.create(organisation=organisation, uid=uid, canonical_uid=uid.upper(), label=label)


def command(of, kind, values, *, state="accepted", by=None, **more):
    """Something asked a minute ago and answered at once, unless told otherwise."""
    from ohmstead.network.models import Command

    asked_at = datetime.now(UTC) - timedelta(minutes=1)
    moments = {"asked_at": asked_at, "sent_at": asked_at, "ended_at": asked_at + timedelta(seconds=1)}
    wish = {"type": kind, **values}
    return Command.objects.create(station=of, kind=kind, command=wish, state=state, asked_by=by, **(moments | more))
