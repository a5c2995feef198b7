"""The writes to drivers and groups."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation, User
from ohmstead.drivers.errors import DriverRefused
from ohmstead.drivers.models import Driver, Group, GroupKind, GroupMember
from ohmstead.network.models import Site

_DEEPEST: Final = 5  # groups in groups


@dataclass(frozen=True, slots=True)
class Limits:
    """Per driver and calendar month, but `sessions_at_once`; None is without limit."""

    energy_wh_per_month: Decimal | None = None
    money_per_month: Decimal | None = None
    sessions_per_month: int | None = None
    minutes_per_month: int | None = None
    sessions_at_once: int | None = None


@transaction.atomic
def create_driver(
    organisation: Organisation,
    name: str,
    *,
    by: Actor,
    user: User | None = None,
    email: str = "",
    phone: str = "",
    language: str = "",
    time_zone: str = "",
    needs: str = "",
    note: str = "",
) -> Driver:
    """Without a `user` a guest: somebody the operator knows by name only. Raises DriverRefused."""
    driver = Driver(
        organisation=organisation,
        user=user,
        name=_text(name)[:120],
        email=_checked_email(email),
        phone=_text(phone)[:30],
        language=language[:5],
        time_zone=time_zone[:40],
        needs=_text(needs)[:300],
        note=_text(note)[:300],
    )
    _check_named(driver)
    try:
        with transaction.atomic():
            driver.save(force_insert=True)
    except IntegrityError:
        raise DriverRefused(f"{user} is a driver of {organisation} already.") from None
    record(by, "driver.created", driver)
    return driver


@transaction.atomic
def change_driver(driver: Driver, *, by: Actor, **fields: str | bool) -> None:
    """Any of name, email, phone, language, time_zone, needs, note, may_pay, autocharge. Raises DriverRefused."""
    before = {name: getattr(driver, name) for name in fields}
    for name, value in fields.items():
        if name == "email":
            value = _checked_email(str(value))
        setattr(driver, name, _text(value) if isinstance(value, str) else value)
    _check_named(driver)
    driver.save(update_fields=list(fields))
    changed = sorted(name for name in fields if before[name] != getattr(driver, name))
    record(by, "driver.changed", driver, fields=changed)  # the values are personal, the trail is kept for long


@transaction.atomic
def merge_drivers(kept: Driver, other: Driver, *, by: Actor) -> None:
    """Two rows for one person: tokens and groups come to the kept one, and the other goes. Raises DriverRefused."""
    if kept.pk == other.pk or kept.organisation_id != other.organisation_id:
        raise DriverRefused("Only two different drivers of one organisation can be merged.")
    if kept.user_id and other.user_id:
        raise DriverRefused("Both have an account; only the person can give one up.")
    other.tokens.update(driver=kept)
    for membership in other.memberships.all():
        GroupMember.objects.get_or_create(
            group_id=membership.group_id, driver=kept, defaults={"manages": membership.manages}
        )
    record(by, "driver.merged", kept, other=str(other.pk))
    user_id, email, phone = other.user_id, other.email, other.phone
    other.delete()
    kept.user_id = kept.user_id or user_id
    kept.email, kept.phone = kept.email or email, kept.phone or phone
    kept.save()


@transaction.atomic
def create_group(
    organisation: Organisation,
    name: str,
    *,
    by: Actor,
    kind: GroupKind = GroupKind.MEMBERS,
    parent: Group | None = None,
    limits: Limits | None = None,
    sites: Iterable[Site] = (),
) -> Group:
    """Raises DriverRefused."""
    group = Group(organisation=organisation, name=_text(name)[:120], kind=kind)
    if not group.name:
        raise DriverRefused("A group needs a name.")
    try:
        with transaction.atomic():
            group.save(force_insert=True)
    except IntegrityError:
        raise DriverRefused(f"There is a group {group.name} already.") from None
    _arrange(group, parent, limits or Limits(), sites)
    record(by, "group.created", group, kind=kind.value)
    return group


@transaction.atomic
def change_group(
    group: Group, *, by: Actor, name: str, kind: GroupKind, parent: Group | None, limits: Limits, sites: Iterable[Site]
) -> None:
    """Raises DriverRefused."""
    if not _text(name):
        raise DriverRefused("A group needs a name.")
    group.name, group.kind = _text(name)[:120], kind
    try:
        with transaction.atomic():
            _arrange(group, parent, limits, sites)
    except IntegrityError:
        raise DriverRefused(f"There is a group {group.name} already.") from None
    record(by, "group.changed", group, kind=kind.value)


@transaction.atomic
def join_group(group: Group, driver: Driver, *, by: Actor, manages: bool = False) -> GroupMember:
    """A second time changes whether the driver manages it. Raises DriverRefused."""
    if driver.organisation_id != group.organisation_id:
        raise DriverRefused("That driver is not of this organisation.")
    member, _ = GroupMember.objects.update_or_create(group=group, driver=driver, defaults={"manages": manages})
    _changed(driver)
    record(by, "group.joined", group, driver=str(driver), manages=manages)
    return member


@transaction.atomic
def leave_group(group: Group, driver: Driver, *, by: Actor) -> None:
    if GroupMember.objects.filter(group=group, driver=driver).delete()[0]:
        _changed(driver)
        record(by, "group.left", group, driver=str(driver))


def _arrange(group: Group, parent: Group | None, limits: Limits, sites: Iterable[Site]) -> None:
    _check_parent(group, parent)
    _check_limits(limits)
    sites = list(sites)
    if any(site.organisation_id != group.organisation_id for site in sites):
        raise DriverRefused("That site is not of this organisation.")
    group.parent = parent
    for name in Limits.__slots__:
        setattr(group, name, getattr(limits, name))
    group.save()
    group.sites.set(sites)


def _check_parent(group: Group, parent: Group | None) -> None:
    depth, above = 1, parent
    while above is not None:
        if above.pk == group.pk or above.organisation_id != group.organisation_id:
            raise DriverRefused("A group cannot stand in itself, nor in another organisation's group.")
        depth, above = depth + 1, above.parent
        if depth > _DEEPEST:
            raise DriverRefused(f"Groups stand in each other at most {_DEEPEST} deep.")


def _check_limits(limits: Limits) -> None:
    for name in Limits.__slots__:
        value = getattr(limits, name)
        if value is not None and value < 0:
            raise DriverRefused("A limit is not less than nothing.")


def _changed(driver: Driver) -> None:
    """The lists at stations depend on the groups of whoever carries the token."""
    for token in driver.tokens.all():
        token.save(update_fields=["changed_at"])


def _check_named(driver: Driver) -> None:
    if not driver.name and not driver.email:
        raise DriverRefused("A driver needs a name or an e-mail address.")


def _checked_email(email: str) -> str:
    email = email.strip().lower()
    if email:
        try:
            validate_email(email)
        except ValidationError:
            raise DriverRefused(f"{email[:80]} is no e-mail address.") from None
    return email


def _text(value: str) -> str:
    return value.replace("\0", "").strip()
