"""Tariffs that a station applies and shows by itself. Prices are without tax, in the currency of the tariff."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

import msgspec

from ohmstead.station.commands.base import Command, Count, Moment, Part
from ohmstead.station.commands.display import DisplayText

type Weekday = Literal["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
type TimeOfDay = Annotated[str, msgspec.Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class FixedPriceWhen(Part, frozen=True, kw_only=True):
    """When a price holds, in the station's local time; from inclusive, until exclusive."""

    from_time: TimeOfDay | None = None
    until_time: TimeOfDay | None = None
    weekdays: Annotated[tuple[Weekday, ...], msgspec.Meta(max_length=7)] = ()
    from_date: date | None = None
    until_date: date | None = None
    outlet: Literal["AC", "DC"] | None = None
    payment_brand: str | None = None
    payment_recognition: str | None = None


class PriceWhen(Part, frozen=True, kw_only=True):
    """When a price holds, in the station's local time; least inclusive, most exclusive."""

    from_time: TimeOfDay | None = None
    until_time: TimeOfDay | None = None
    weekdays: Annotated[tuple[Weekday, ...], msgspec.Meta(max_length=7)] = ()
    from_date: date | None = None
    until_date: date | None = None
    outlet: Literal["AC", "DC"] | None = None
    least_energy_wh: Decimal | None = None
    most_energy_wh: Decimal | None = None
    least_current_a: Decimal | None = None
    most_current_a: Decimal | None = None
    least_power_w: Decimal | None = None
    most_power_w: Decimal | None = None
    least_time_s: Count | None = None
    most_time_s: Count | None = None
    least_charging_s: Count | None = None
    most_charging_s: Count | None = None
    least_idle_s: Count | None = None
    most_idle_s: Count | None = None


class Tax(Part, frozen=True, kw_only=True):
    """`kind` as it stands on a receipt; `stack` 0 is a tax on the net price, 1 one on top of it."""

    kind: str
    percent: Decimal
    stack: Count | None = None


class EnergyPrice(Part, frozen=True, kw_only=True):
    price_per_kwh: Decimal
    when: PriceWhen | None = None


class MinutePrice(Part, frozen=True, kw_only=True):
    price_per_minute: Decimal
    when: PriceWhen | None = None


class FixedPrice(Part, frozen=True, kw_only=True):
    price: Decimal
    when: FixedPriceWhen | None = None


type Taxes = Annotated[tuple[Tax, ...], msgspec.Meta(max_length=5)]


class EnergyPrices(Part, frozen=True, kw_only=True):
    prices: Annotated[tuple[EnergyPrice, ...], msgspec.Meta(min_length=1)]
    taxes: Taxes = ()


class MinutePrices(Part, frozen=True, kw_only=True):
    prices: Annotated[tuple[MinutePrice, ...], msgspec.Meta(min_length=1)]
    taxes: Taxes = ()


class FixedPrices(Part, frozen=True, kw_only=True):
    prices: Annotated[tuple[FixedPrice, ...], msgspec.Meta(min_length=1)]
    taxes: Taxes = ()


class CostBound(Part, frozen=True, kw_only=True):
    """The least or the most a session costs."""

    without_tax: Decimal | None = None
    with_tax: Decimal | None = None
    taxes: Taxes = ()


class StationTariff(Part, frozen=True, kw_only=True):
    """A tariff in the words of a station; prices are tried in their order, the first that holds counts."""

    tariff_id: str
    currency: Annotated[str, msgspec.Meta(min_length=3, max_length=3)]
    descriptions: Annotated[tuple[DisplayText, ...], msgspec.Meta(max_length=10)] = ()
    valid_from: Moment | None = None
    energy: EnergyPrices | None = None
    charging_time: MinutePrices | None = None
    idle_time: MinutePrices | None = None
    fixed_fee: FixedPrices | None = None
    reservation_time: MinutePrices | None = None
    reservation_fee: FixedPrices | None = None
    least_cost: CostBound | None = None
    most_cost: CostBound | None = None


class SetDefaultTariff(Command, frozen=True, kw_only=True):
    """Give an outlet, or the whole station, its tariff for everyone. OCPP: SetDefaultTariff."""

    tariff: StationTariff
    evse: Count | None = None


class GetTariffs(Command, frozen=True, kw_only=True):
    """List the tariffs of an outlet or of the whole station. OCPP: GetTariffs."""

    evse: Count | None = None


class ClearTariffs(Command, frozen=True, kw_only=True):
    """Remove tariffs, named ones or all. OCPP: ClearTariffs."""

    tariff_ids: tuple[str, ...] = ()
    evse: Count | None = None


class ChangeSessionTariff(Command, frozen=True, kw_only=True):
    """Go on with a running session under another tariff. OCPP: ChangeTransactionTariff."""

    transaction_id: str
    tariff: StationTariff
