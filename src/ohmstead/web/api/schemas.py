"""What the API says. Amounts that are billed are decimals, written as strings; times are RFC 3339 in UTC."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import AfterValidator, Field

from ohmstead.web.api.pages import PageQuery
from ohmstead.web.console.station_states import SHOWN_STATES


def _known_state(state: str) -> str:
    if state and state not in SHOWN_STATES:
        raise ValueError(f"a station is {', '.join(SHOWN_STATES)}")
    return state


class StationFilterQuery(Schema):
    search: str = Field("", max_length=80, description="In identity, name, serial, vendor, model, site.")
    state: Annotated[str, AfterValidator(_known_state)] = Field("", description=f"One of {', '.join(SHOWN_STATES)}.")
    site: UUID | None = Field(None, description="Id of a site.")
    protocol: str = Field("", max_length=12, description="ocpp1.6, ocpp2.0.1 or ocpp2.1.")


class StationQuery(StationFilterQuery, PageQuery):
    """With the place in the list."""


class SiteOut(Schema):
    id: UUID
    name: str
    city: str
    time_zone: str = Field(description="IANA name, such as Europe/Berlin.")


class ConnectorOut(Schema):
    number: int
    standard: str = Field(description="OCPI ConnectorType, such as IEC_62196_T2_COMBO; empty: not told.")
    format: str = Field(description="SOCKET, CABLE, or empty.")


class EvseOut(Schema):
    number: int
    state: str
    state_at: datetime | None
    error_code: str
    max_power_w: int | None
    connectors: list[ConnectorOut]


class StationOut(Schema):
    id: UUID
    identity: str
    name: str
    state: str = Field(description="One word for the whole station: the state of the plug that matters most.")
    online: bool
    vendor: str
    model: str
    serial: str
    firmware: str
    protocol: str = Field(description="ocpp1.6, ocpp2.0.1 or ocpp2.1; empty: never connected.")
    security_profile: int = Field(description="The least OCPP security profile it must use, 0 to 3.")
    last_seen_at: datetime | None
    site: SiteOut | None
    evses: list[EvseOut]


class SessionOut(Schema):
    id: UUID
    station: str = Field(description="The station's identity.")
    evse: int | None
    transaction_id: str
    token_uid: str
    state: str
    started_at: datetime | None
    ended_at: datetime | None
    energy_wh: Decimal = Field(description="End register minus start register of the same meter.")
    start_register_wh: Decimal | None
    end_register_wh: Decimal | None
    power_w: float | None = Field(description="Now, while the session runs.")
    max_power_w: float | None
    soc_start_percent: float | None
    soc_percent: float | None
    suspended_by_car_s: int
    suspended_by_station_s: int
    stop_reason: str
    flags: list[str] = Field(description="What is remarkable about it; docs/reference lists them.")


class ReadingOut(Schema):
    at: datetime
    register_wh: Decimal | None
    power_w: float | None
    current_l1_a: float | None
    current_l2_a: float | None
    current_l3_a: float | None
    voltage_l1_v: float | None
    voltage_l2_v: float | None
    voltage_l3_v: float | None
    soc_percent: float | None
    signed: list[str] | None = Field(None, description="Signed meter data, to the byte as the station sent it.")
