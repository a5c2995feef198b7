"""OCPP 2.1: tariffs that a station applies by itself."""

from typing import Final

from ohmstead.station import commands as c
from ohmstead.wire.saying import Sayings, made, said
from ohmstead.wire.v2.commanding.display import content
from ohmstead.wire.v21 import messages as m


def set_default(command: c.SetDefaultTariff) -> m.Message:
    return m.SetDefaultTariffRequest(evse_id=command.evse or 0, tariff=_tariff(command.tariff))


def tariffs(command: c.GetTariffs) -> m.Message:
    return m.GetTariffsRequest(evse_id=command.evse or 0)


def clear(command: c.ClearTariffs) -> m.Message:
    return made(m.ClearTariffsRequest, tariff_ids=command.tariff_ids, evse_id=command.evse)


def change(command: c.ChangeSessionTariff) -> m.Message:
    return m.ChangeTransactionTariffRequest(transaction_id=command.transaction_id, tariff=_tariff(command.tariff))


def _tariff(tariff: c.StationTariff) -> m.Tariff:
    return made(
        m.Tariff,
        tariff_id=tariff.tariff_id,
        currency=tariff.currency,
        description=tuple(content(m, each) for each in tariff.descriptions),
        valid_from=tariff.valid_from,
        energy=_energy(tariff.energy),
        charging_time=_time(tariff.charging_time),
        idle_time=_time(tariff.idle_time),
        fixed_fee=_fixed(tariff.fixed_fee),
        reservation_time=_time(tariff.reservation_time),
        reservation_fixed=_fixed(tariff.reservation_fee),
        min_cost=_bound(tariff.least_cost),
        max_cost=_bound(tariff.most_cost),
    )


def _energy(energy: c.EnergyPrices | None) -> m.TariffEnergy | None:
    if energy is None:
        return None
    prices = tuple(
        made(m.TariffEnergyPrice, price_kwh=each.price_per_kwh, conditions=_when(each.when)) for each in energy.prices
    )
    return made(m.TariffEnergy, prices=prices, tax_rates=_taxes(energy.taxes))


def _time(time: c.MinutePrices | None) -> m.TariffTime | None:
    if time is None:
        return None
    prices = tuple(
        made(m.TariffTimePrice, price_minute=each.price_per_minute, conditions=_when(each.when)) for each in time.prices
    )
    return made(m.TariffTime, prices=prices, tax_rates=_taxes(time.taxes))


def _fixed(fixed: c.FixedPrices | None) -> m.TariffFixed | None:
    if fixed is None:
        return None
    prices = tuple(
        made(m.TariffFixedPrice, price_fixed=each.price, conditions=_fixed_when(each.when)) for each in fixed.prices
    )
    return made(m.TariffFixed, prices=prices, tax_rates=_taxes(fixed.taxes))


def _bound(bound: c.CostBound | None) -> m.Price | None:
    if bound is None:
        return None
    return made(m.Price, excl_tax=bound.without_tax, incl_tax=bound.with_tax, tax_rates=_taxes(bound.taxes))


def _taxes(taxes: tuple[c.Tax, ...]) -> tuple[m.TaxRate, ...]:
    return tuple(made(m.TaxRate, type=each.kind, tax=each.percent, stack=each.stack) for each in taxes)


def _when(when: c.PriceWhen | None) -> m.TariffConditions | None:
    if when is None:
        return None
    return made(
        m.TariffConditions,
        start_time_of_day=when.from_time,
        end_time_of_day=when.until_time,
        day_of_week=when.weekdays,
        valid_from_date=when.from_date,
        valid_to_date=when.until_date,
        evse_kind=when.outlet,
        min_energy=when.least_energy_wh,
        max_energy=when.most_energy_wh,
        min_current=when.least_current_a,
        max_current=when.most_current_a,
        min_power=when.least_power_w,
        max_power=when.most_power_w,
        min_time=when.least_time_s,
        max_time=when.most_time_s,
        min_charging_time=when.least_charging_s,
        max_charging_time=when.most_charging_s,
        min_idle_time=when.least_idle_s,
        max_idle_time=when.most_idle_s,
    )


def _fixed_when(when: c.FixedPriceWhen | None) -> m.TariffConditionsFixed | None:
    if when is None:
        return None
    return made(
        m.TariffConditionsFixed,
        start_time_of_day=when.from_time,
        end_time_of_day=when.until_time,
        day_of_week=when.weekdays,
        valid_from_date=when.from_date,
        valid_to_date=when.until_date,
        evse_kind=when.outlet,
        payment_brand=when.payment_brand,
        payment_recognition=when.payment_recognition,
    )


SAYINGS: Final[Sayings] = {
    c.SetDefaultTariff: said(set_default, "SetDefaultTariff"),
    c.GetTariffs: said(tariffs, "GetTariffs"),
    c.ClearTariffs: said(clear, "ClearTariffs"),
    c.ChangeSessionTariff: said(change, "ChangeTransactionTariff"),
}
