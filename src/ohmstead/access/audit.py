"""The audit trail: one row for each write a person or a rule made."""

from uuid import UUID

from django.db.models import Model

from ohmstead.access.actors import Actor
from ohmstead.access.models import AuditEntry, Organisation


def record(by: Actor, verb: str, thing: Model, **details: object) -> AuditEntry:
    """Write one row in the caller's transaction; `verb` reads 'station.accepted', details must be JSON."""
    row = entry(by, verb, thing, **details)
    row.save(force_insert=True)
    return row


def entry(by: Actor, verb: str, thing: Model, **details: object) -> AuditEntry:
    """The row, not yet written: for who writes many at once."""
    return AuditEntry(
        organisation_id=_organisation_id(thing),
        actor_kind=by.kind,
        actor_name=by.name[:120],
        user_id=by.user_id,
        verb=verb,
        thing_kind=thing._meta.label_lower,
        thing_id=str(thing.pk),
        thing_name=str(thing)[:200],
        details={name: _plain(value) for name, value in details.items()},
    )


def _organisation_id(thing: Model) -> UUID | None:
    """The tenant a thing belongs to, directly or through its station."""
    if isinstance(thing, Organisation):
        return thing.pk
    found = getattr(thing, "organisation_id", None)
    if found is None and (station := getattr(thing, "station", None)) is not None:
        found = station.organisation_id
    return found


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | float | str | list | dict):
        return value
    return str(value)
