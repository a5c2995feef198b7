"""The writes of drivers' accounts: opened by whoever proved an address, and moved to another one."""

from django.db import IntegrityError, transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation, User
from ohmstead.drivers.errors import AccountRefused
from ohmstead.drivers.models import Driver, GroupDomain, GroupMember, SignInCode


@transaction.atomic(durable=True)
def open_account(proof: SignInCode, *, language: str = "") -> tuple[User, Driver, bool]:
    """Who proved an address is let in: with the account there is, or a new one; whether it is new.

    A driver the operator entered under this address becomes this account's. Raises AccountRefused.
    """
    user = User.objects.filter(email=proof.email).first()
    new = user is None
    if user is None:
        user = User.objects.create_user(proof.email, None)
    if not user.is_active:
        raise AccountRefused("This account is switched off.")
    driver, joined = driver_for(user, proof.organisation, language=language)
    return user, driver, new or joined


@transaction.atomic(durable=True)
def become_driver(user: User, organisation: Organisation, *, language: str = "") -> Driver:
    """Somebody who has an account says: I charge here too."""
    return driver_for(user, organisation, language=language)[0]


def driver_for(user: User, organisation: Organisation, *, language: str = "") -> tuple[Driver, bool]:
    """The person's driver in this organisation, made when there is none; in the caller's transaction."""
    found = Driver.objects.filter(organisation=organisation, user=user).first()
    if found is not None:
        return found, False
    by = Actor.of_user(user)
    entered = Driver.objects.filter(organisation=organisation, user=None, email__iexact=user.email)
    driver = entered.order_by("created_at").first()
    if driver is None:
        driver = Driver(organisation=organisation, name=user.name, email=user.email, language=language[:5])
    driver.user = user
    try:
        with transaction.atomic():
            driver.save()
    except IntegrityError:
        return Driver.objects.get(organisation=organisation, user=user), False  # made by another request meanwhile
    record(by, "driver.signed_up", driver)
    _join_by_domain(driver, by)
    return driver, True


@transaction.atomic(durable=True)
def change_email(proof: SignInCode) -> str:
    """The address that was proved becomes the account's; the one before, for a word of warning.

    Raises AccountRefused when somebody else has it by now.
    """
    user = proof.user
    if user is None:
        raise AccountRefused("This link changes no address.")
    before = user.email
    if before == proof.email:
        return before
    try:
        with transaction.atomic():
            user.email = proof.email
            user.save(update_fields=["email"])
    except IntegrityError:
        raise AccountRefused("Another account has this address. Sign in with it instead.") from None
    Driver.objects.filter(user=user, email__iexact=before).update(email=proof.email)
    record(Actor.of_user(user), "user.email_changed", user)
    for driver in Driver.objects.filter(user=user):
        _join_by_domain(driver, Actor.of_user(user))
    return before


def _join_by_domain(driver: Driver, by: Actor) -> None:
    domain = (driver.user.email if driver.user else "").rpartition("@")[2]
    for rule in GroupDomain.objects.filter(organisation=driver.organisation, domain=domain).select_related("group"):
        _, joined = GroupMember.objects.get_or_create(group=rule.group, driver=driver)
        if joined:
            record(by, "group.joined", rule.group, driver=str(driver), domain=domain)
