"""What the drivers' API says. Energy is a decimal in Wh, written as a string; times are RFC 3339 in UTC."""

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import Field

from ohmstead.charging import session_limits
from ohmstead.charging.models import AppStart, Session
from ohmstead.network.models import Evse
from ohmstead.web.driver import charging, starting
from ohmstead.web.driver.plugs import Plug
from ohmstead.web.driver.prices import price_of
from ohmstead.web.driver.sites import SiteCard


class ConnectorOut(Schema):
    standard: str = Field(description="OCPI ConnectorType, such as IEC_62196_T2_COMBO.")
    format: str = Field(description="SOCKET, CABLE, or empty.")


class PlugOut(Schema):
    code: str = Field(description="Stands on the plug; starts name it.", examples=["AMP-0012-1"])
    written: str = Field(description="What else is written on the place, or empty.")
    site: UUID | None
    state: str = Field(description="available, preparing, charging, reserved, faulted, unavailable, unknown ...")
    online: bool = Field(description="Whether the state is of now, or of `state_at`.")
    state_at: datetime | None
    power_w: int = Field(description="Rated; 0: not told.")
    connectors: list[ConnectorOut]
    price: str = Field(description="A sentence to be shown before the start.")


class SiteOut(Schema):
    id: UUID
    name: str
    address: str
    postal_code: str
    city: str
    latitude: float | None
    longitude: float | None
    time_zone: str
    open_now: bool
    plugs: int
    free: int
    power_w: int = Field(description="Of the fastest plug.")


class SiteInFullOut(SiteOut):
    opening: str = Field(description="In words; empty: round the clock.")
    access_notes: str
    help_phone: str
    plug_list: list[PlugOut]


class StartOut(Schema):
    id: UUID
    plug: str
    phase: str = Field(description="asked, plug_in, charging or failed.")
    asked_at: datetime
    plug_in_until: datetime
    session: UUID | None = Field(description="Follow this one from now on.")
    failure: str = Field(description="Why it failed, for the driver; empty while it did not.")
    next_step: str


class LimitOut(Schema):
    energy_wh: Decimal | None = None
    minutes: int | None = None
    soc_percent: int | None = None
    reached: str = Field("", description="energy, time, soc, or empty.")


class SessionOut(Schema):
    id: UUID
    plug: str
    site: UUID | None
    state: str = Field(description="running, ended or lost.")
    doing: str = Field(description="charging, paused, waiting, stopping, away, ended or lost.")
    started_at: datetime
    ended_at: datetime | None
    last_heard_at: datetime
    energy_wh: Decimal
    power_w: float | None
    soc_percent: float | None
    stop_reason: str
    price: str
    cost: Decimal | None = Field(description="So far; null while nothing is charged for.")
    currency: str
    limit: LimitOut


def connectors_of(evse: Evse) -> list[ConnectorOut]:
    return [ConnectorOut(standard=each.standard, format=each.format) for each in evse.connectors.all()]


def plug_out(plug: Plug) -> PlugOut:
    evse = plug.evse
    return PlugOut(
        code=plug.code,
        written=evse.physical_reference,
        site=evse.station.site_id,
        state=evse.state,
        online=plug.online,
        state_at=plug.since,
        power_w=plug.power_w,
        connectors=connectors_of(evse),
        price=price_of(evse).sentence,
    )


def site_fields(card: SiteCard) -> dict[str, Any]:
    plain = ("id", "name", "address", "postal_code", "city", "latitude", "longitude", "time_zone")
    fields = {name: getattr(card.site, name) for name in plain}
    plugs = card.plugs
    return fields | {"open_now": card.open, "plugs": plugs.total, "free": plugs.free, "power_w": plugs.power_w}


def start_out(start: AppStart, now: datetime) -> StartOut:
    found = starting.body(start, now)
    failure, next_step = found["failure"] or ("", "")
    return StartOut(
        id=start.pk,
        plug=found["code"],
        phase=found["phase"],
        asked_at=start.asked_at,
        plug_in_until=found["until"],
        session=found["session"].pk if found["session"] else None,
        failure=str(failure),
        next_step=str(next_step),
    )


def session_out(session: Session, now: datetime) -> SessionOut:
    limit, price = session_limits.limit_of(session), price_of(session)
    plain = ("id", "state", "started_at", "ended_at", "energy_wh", "power_w", "soc_percent", "stop_reason")
    return SessionOut(
        **{name: getattr(session, name) for name in plain},
        plug=charging.code_of_session(session),
        site=session.station.site_id,
        doing=charging.doing(session, charging.stop_of(session), now),
        last_heard_at=session.last_event_at,
        price=price.sentence,
        cost=price.cost,
        currency=price.currency,
        limit=LimitOut.from_orm(limit) if limit else LimitOut(reached=""),
    )
