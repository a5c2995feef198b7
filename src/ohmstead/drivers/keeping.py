"""The writes of what drivers keep with us: name and needs, vehicles, favourites, preferences, consents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import Final
from zoneinfo import available_timezones

from django.db import transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.drivers import actions
from ohmstead.drivers.autocharge import forget_cars
from ohmstead.drivers.errors import AccountRefused
from ohmstead.drivers.models import Consent, ConsentKind, Driver, Favourite, Preferences, Prefers, TokenStatus, Vehicle
from ohmstead.drivers.rules.cars import PLUGS
from ohmstead.network.models import Site
from ohmstead.station.tokens import TokenKind

MOST_VEHICLES: Final = 20
MOST_FAVOURITES: Final = 200
_MOST_KW: Final = Decimal(5000)


@dataclass(frozen=True, slots=True)
class CarFacts:
    """Figures as the driver knows them; None is not known."""

    name: str
    model_key: str = ""
    battery_kwh: Decimal | None = None
    plugs: Sequence[str] = ()
    max_ac_kw: Decimal | None = None
    max_dc_kw: Decimal | None = None


@transaction.atomic
def change_profile(
    driver: Driver, *, by: Actor, name: str, language: str, time_zone: str, needs: str, phone: str = ""
) -> None:
    """Raises AccountRefused."""
    if time_zone and time_zone not in available_timezones():
        raise AccountRefused("There is no such time zone.")
    wanted = {
        "name": _text(name, 120),
        "language": language[:5],
        "time_zone": time_zone[:40],
        "needs": _text(needs, 300),
        "phone": _text(phone, 30),
    }
    changed = sorted(field for field, value in wanted.items() if getattr(driver, field) != value)
    if not changed:
        return
    for field, value in wanted.items():
        setattr(driver, field, value)
    driver.save(update_fields=list(wanted))
    record(by, "driver.changed", driver, fields=changed)


@transaction.atomic
def add_vehicle(driver: Driver, facts: CarFacts, *, by: Actor) -> Vehicle:
    """The first one is the main one. Raises AccountRefused."""
    Driver.objects.select_for_update().get(pk=driver.pk)
    count = Vehicle.objects.filter(driver=driver).count()
    if count >= MOST_VEHICLES:
        raise AccountRefused(f"At most {MOST_VEHICLES} vehicles.")
    vehicle = Vehicle(driver=driver, is_main=count == 0)
    _fill(vehicle, facts)
    vehicle.save(force_insert=True)
    record(by, "driver.vehicle_added", driver)
    return vehicle


@transaction.atomic
def change_vehicle(vehicle: Vehicle, facts: CarFacts, *, by: Actor) -> None:
    """Raises AccountRefused."""
    _fill(vehicle, facts)
    vehicle.save()
    record(by, "driver.vehicle_changed", vehicle.driver)


@transaction.atomic
def make_main(vehicle: Vehicle, *, by: Actor) -> None:
    """The one the app reckons with when none is chosen."""
    if vehicle.is_main:
        return
    Vehicle.objects.filter(driver=vehicle.driver, is_main=True).update(is_main=False)
    vehicle.is_main = True
    vehicle.save(update_fields=["is_main"])
    record(by, "driver.vehicle_changed", vehicle.driver)


@transaction.atomic
def remove_vehicle(vehicle: Vehicle, *, by: Actor) -> None:
    driver, was_main = vehicle.driver, vehicle.is_main
    vehicle.delete()
    if was_main and (other := Vehicle.objects.filter(driver=driver).order_by("created_at").first()):
        other.is_main = True
        other.save(update_fields=["is_main"])
    record(by, "driver.vehicle_removed", driver)


@transaction.atomic
def set_favourite(driver: Driver, site: Site, wanted: bool, *, by: Actor) -> None:
    """Saying it twice is not an error, and it is no matter for the audit trail. Raises AccountRefused."""
    if site.organisation_id != driver.organisation_id:
        raise AccountRefused("That place is not part of this network.")
    if not wanted:
        Favourite.objects.filter(driver=driver, site=site).delete()
    elif Favourite.objects.filter(driver=driver).count() >= MOST_FAVOURITES:
        raise AccountRefused(f"At most {MOST_FAVOURITES} favourites.")
    else:
        Favourite.objects.get_or_create(driver=driver, site=site)


@transaction.atomic
def set_preferences(
    driver: Driver,
    *,
    by: Actor,
    filters: Mapping[str, object],
    ready_by: time | None,
    target_percent: int | None,
    prefers: Prefers,
    barrier_free: bool,
) -> Preferences:
    """Raises AccountRefused."""
    if target_percent is not None and not 1 <= target_percent <= 100:
        raise AccountRefused("A battery is charged to 1 to 100 %.")
    values = {
        "filters": dict(filters),
        "ready_by": ready_by,
        "target_percent": target_percent,
        "prefers": prefers,
        "barrier_free": barrier_free,
    }
    found, _ = Preferences.objects.update_or_create(driver=driver, defaults=values)
    record(by, "driver.preferences_set", driver)
    return found


@transaction.atomic
def set_consent(driver: Driver, kind: ConsentKind, given: bool, *, wording: str, by: Actor) -> None:
    """A row for each change, and what follows from it: without one no car and no plate is recognised any more."""
    newest = Consent.objects.filter(driver=driver, kind=kind).order_by("-at", "-pk").first()
    if (newest.given if newest else False) == given:
        return
    Consent.objects.create(driver=driver, kind=kind, given=given, wording=wording[:300])
    if kind == ConsentKind.AUTOCHARGE:
        driver.autocharge = given
        driver.save(update_fields=["autocharge"])
        if not given:
            forget_cars(driver, by=by)
    if kind == ConsentKind.PLATES and not given:
        for token in driver.tokens.filter(kind=TokenKind.PLATE).exclude(status=TokenStatus.EXPIRED):
            actions.retire_plate(token, by=by)
    record(by, "driver.consent_given" if given else "driver.consent_withdrawn", driver, kind=kind.value)


def _fill(vehicle: Vehicle, facts: CarFacts) -> None:
    vehicle.name = _text(facts.name, 80)
    if not vehicle.name:
        raise AccountRefused("A vehicle needs a name.")
    if unknown := set(facts.plugs) - set(PLUGS):
        raise AccountRefused(f"{sorted(unknown)[0][:40]} is no plug we know.")
    for value in (facts.battery_kwh, facts.max_ac_kw, facts.max_dc_kw):
        if value is not None and not 0 < value <= _MOST_KW:
            raise AccountRefused("Battery and power are more than nothing and at most 5000.")
    vehicle.model_key = facts.model_key[:80]
    vehicle.plugs = sorted(set(facts.plugs))
    vehicle.battery_kwh, vehicle.max_ac_kw, vehicle.max_dc_kw = facts.battery_kwh, facts.max_ac_kw, facts.max_dc_kw


def _text(value: str, most: int) -> str:
    return value.replace("\0", "").strip()[:most]
