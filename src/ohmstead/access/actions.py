"""The writes of access: organisations, their people and their roles."""

from zoneinfo import available_timezones

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.errors import BadName, BadOrganisation, BadSignInPassword, UserExists
from ohmstead.access.models import Membership, Organisation, Role, UnknownStations, User


@transaction.atomic(durable=True)
def create_organisation(
    slug: str, name: str, *, by: Actor, unknown_stations: UnknownStations = UnknownStations.HOLD
) -> Organisation:
    """`slug` stands in the stations' addresses. Raises BadOrganisation."""
    organisation = Organisation(slug=slug, name=name, unknown_stations=unknown_stations)
    try:
        organisation.full_clean()
    except ValidationError as error:
        raise BadOrganisation(" ".join(error.messages)) from None
    organisation.save(force_insert=True)
    record(by, "organisation.created", organisation)
    return organisation


@transaction.atomic
def found_organisation(slug: str, name: str, *, owner_email: str, owner_password: str, by: Actor) -> Organisation:
    """A new tenant and the person who may do everything in it; someone who has an account keeps it as it is."""
    organisation = Organisation.objects.create(slug=slug, name=name)
    owner = User.objects.filter(email=owner_email.strip().lower()).first()
    if owner is None:
        owner = User.objects.create_user(owner_email, owner_password)
    Membership.objects.create(organisation=organisation, user=owner, role=Role.OWNER)
    record(by, "organisation.founded", organisation, owner=owner.email)
    return organisation


@transaction.atomic(durable=True)
def set_unknown_stations(organisation: Organisation, unknown_stations: UnknownStations, *, by: Actor) -> None:
    """Whether a station nobody has added is held in the inbox or refused at the door."""
    before, organisation.unknown_stations = organisation.unknown_stations, unknown_stations
    organisation.save(update_fields=["unknown_stations"])
    record(by, "organisation.unknown_stations_set", organisation, before=before, after=unknown_stations)


@transaction.atomic(durable=True)
def change_organisation(
    organisation: Organisation,
    *,
    name: str,
    unknown_stations: UnknownStations,
    language: str,
    time_zone: str,
    by: Actor,
) -> None:
    """One audit row that tells what became different; none when nothing did. Raises BadOrganisation."""
    wanted = {"name": name.strip(), "unknown_stations": unknown_stations, "language": language, "time_zone": time_zone}
    before = {field: getattr(organisation, field) for field in wanted}
    if before == wanted:
        return
    if time_zone not in available_timezones():
        raise BadOrganisation("There is no such time zone.")
    for field, value in wanted.items():
        setattr(organisation, field, value)
    try:
        organisation.full_clean()
    except ValidationError as error:
        raise BadOrganisation(" ".join(error.messages)) from None
    organisation.save(update_fields=list(wanted))
    changes = {field: [before[field], wanted[field]] for field in wanted if before[field] != wanted[field]}
    record(by, "organisation.changed", organisation, **changes)


@transaction.atomic(durable=True)
def create_user(
    email: str, password: str | None, *, by: Actor, name: str = "", staff: bool = False, superuser: bool = False
) -> User:
    """Without a password the person cannot sign in by one. Raises UserExists, BadSignInPassword."""
    if password is not None:
        try:
            validate_password(password, User(email=email, name=name))
        except ValidationError as error:
            raise BadSignInPassword(" ".join(error.messages)) from None
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password, name=name, is_staff=staff, is_superuser=superuser)
    except IntegrityError:
        raise UserExists(f"{email} has an account already.") from None
    record(by, "user.created", user)
    return user


@transaction.atomic(durable=True)
def rename_user(user: User, name: str, *, by: Actor) -> None:
    """How a person is called in the console and in the audit trail. Raises BadName."""
    name = name.strip()
    if len(name) > 120 or "\0" in name:
        raise BadName("A name has at most 120 characters.")
    before, user.name = user.name, name
    user.save(update_fields=["name"])
    record(by, "user.renamed", user, before=before, after=name)


@transaction.atomic(durable=True)
def add_member(organisation: Organisation, user: User, role: Role, *, by: Actor) -> Membership:
    """A second time changes the role."""
    membership, _ = Membership.objects.update_or_create(organisation=organisation, user=user, defaults={"role": role})
    record(by, "member.added", membership, role=role)
    return membership
