"""PostgreSQL's own wall between tenants: it stands behind the scope of the web and asks nobody's care.

While a known viewer's request runs, its connection takes on a role that owns nothing, and every table shows that role
only the rows of the organisation the connection names. A filter forgotten shows nothing instead of a neighbour's rows.
Workers, desks and migrations keep the role they connect with, which owns the tables and is not bound.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Final
from uuid import UUID

import psycopg
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models
from django.db.backends.signals import connection_created
from psycopg import sql

from ohmstead.access.errors import RoleMissing
from ohmstead.access.models import Organisation

ROLE: Final = "ohmstead_tenant"
# A scalar subquery is worked out once for a statement, so that an index on the column can be used.
_HERE: Final = "(SELECT nullif(current_setting('ohmstead.organisation', true), '')::uuid)"
# What belongs to no tenant: the installation's own, and people, who may work for several organisations.
EXEMPT: Final = {
    "access.user": "a person may belong to several organisations",
    "access.user_groups": "Django's own; unused",
    "access.user_user_permissions": "Django's own; unused",
    "account.emailaddress": "of a person",
    "account.emailconfirmation": "of a person",
    "mfa.authenticator": "of a person",
    "usersessions.usersession": "of a person",
    "auth.group": "Django's own; unused",
    "auth.group_permissions": "Django's own; unused",
    "auth.permission": "Django's own; unused",
    "contenttypes.contenttype": "Django's own",
    "sessions.session": "of a browser, before it is known whose",
    "network.gateway": "of the installation",
    "drivers.pushkey": "of the installation",
    "web.signinfailures": "of the door, before it is known who",
    "procrastinate.procrastinateworker": "of the installation",
    "procrastinate.procrastinatejob": "written by tenants' actions, read by workers; holds ids",
    "procrastinate.procrastinateevent": "of the installation",
    "procrastinate.procrastinateperiodicdefer": "of the installation",
}
# Large tables carry plain ids; what they point at.
_PLAIN: Final = {"station_id": "network.station", "session_id": "charging.session"}
_JOURNAL: Final = ("journal", "entry", "station_id")

_bound_to: ContextVar[str] = ContextVar("bound_to", default="")


def rule_for(model: type[models.Model]) -> str | None:
    """The condition under which a row belongs to the organisation named; None when nothing leads to one."""
    return _rule(model, frozenset())


def _rule(model: type[models.Model], seen: frozenset[type[models.Model]]) -> str | None:
    if model is Organisation:
        return f"id = {_HERE}"
    ways = [(field.column, field.null, _target(field)) for field in model._meta.concrete_fields]
    known = [(column, null, target) for column, null, target in ways if target is not None and target not in seen]
    for column, _null, target in known:
        if target is Organisation:
            return f"{column} = {_HERE}"
    for column, _null, target in sorted(known, key=lambda way: way[1]):  # what is never empty first
        if target is not model and _rule(target, seen | {model}) is not None:
            parent, key = target._meta.db_table, target._meta.pk.column
            return f"EXISTS (SELECT 1 FROM {parent} AS parent WHERE parent.{key} = {model._meta.db_table}.{column})"
    return None


def _target(field: Any) -> Any:
    if field.remote_field is not None:
        return None if field.related_model in ("self", None) else field.related_model
    return apps.get_model(_PLAIN[field.column]) if field.column in _PLAIN and not field.primary_key else None


def tenant_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.label_lower not in EXEMPT]


def install(database: psycopg.Connection) -> None:
    """Role, grants and policies, as the models are now; what is in place already is not touched."""
    ensure_role(database)
    for schema in ("public", "journal"):
        database.execute(f"GRANT USAGE ON SCHEMA {schema} TO {ROLE}")
        database.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {ROLE}")
        database.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {ROLE}")
    for model in tenant_models():
        if (rule := rule_for(model)) is not None:
            _policy(database, "public", model._meta.db_table, rule, _may_write(model, rule))
    schema, table, column = _JOURNAL
    ours = f"EXISTS (SELECT 1 FROM network_station AS parent WHERE parent.id = {table}.{column})"
    _policy(database, schema, table, ours, ours)


def ensure_role(database: psycopg.Connection) -> None:
    """Where our user may not create roles, an administrator has made this one and given it to our user."""
    try:
        if not database.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            database.execute(f"CREATE ROLE {ROLE} NOLOGIN")
        if not database.execute("SELECT pg_has_role(%s, 'SET')", [ROLE]).fetchone()[0]:  # type: ignore[index]
            database.execute(f"GRANT {ROLE} TO CURRENT_USER")
    except psycopg.errors.InsufficientPrivilege as refused:
        raise RoleMissing(
            f"The database user may not make the role {ROLE}, which keeps tenants apart. Let an administrator run: "
            f"CREATE ROLE {ROLE} NOLOGIN; GRANT {ROLE} TO <that user>; or set OHMSTEAD_ROW_SECURITY=0."
        ) from refused
    except (psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
        ensure_role(database)  # somebody else made it in between


def _may_write(model: type[models.Model], rule: str) -> str:
    """A row that belongs to nobody, such as an audit row of an account, may be written but not be read."""
    field = next((each for each in model._meta.concrete_fields if each.related_model is Organisation), None)
    return f"{rule} OR {field.column} IS NULL" if field is not None and field.null else rule


def _policy(database: psycopg.Connection, schema: str, table: str, rule: str, may_write: str) -> None:
    name = f"tenant_{hashlib.sha256(f'{rule} {may_write}'.encode()).hexdigest()[:8]}"
    found = database.execute(
        "SELECT policyname FROM pg_policies WHERE schemaname = %s AND tablename = %s AND policyname LIKE 'tenant%%'",
        [schema, table],
    ).fetchall()
    if found == [(name,)]:
        return
    target = sql.Identifier(schema, table)
    for (old,) in found:
        database.execute(sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(old), target))
    database.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(target))
    made = sql.SQL("CREATE POLICY {} ON {} TO {} USING ({}) WITH CHECK ({})")
    parts = (sql.Identifier(name), target, sql.Identifier(ROLE), _raw(rule), _raw(may_write))
    database.execute(made.format(*parts))


def _raw(condition: str) -> sql.SQL:
    """Made of our own tables' and columns' names only."""
    return sql.SQL(condition)


@contextmanager
def bound(organisation_id: UUID) -> Iterator[None]:
    """This thread's connection shows only the organisation's rows until the block ends."""
    if not settings.OHMSTEAD_ROW_SECURITY:
        yield
        return
    token = _bound_to.set(str(organisation_id))
    try:
        if connection.connection is not None:
            _become(ROLE, str(organisation_id))
        yield
    finally:
        _bound_to.reset(token)
        _release()


def _become(role: str, organisation: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('role', %s, false), set_config('ohmstead.organisation', %s, false)", [role, organisation]
        )


def _release() -> None:
    """A connection that cannot be freed of the role is closed rather than given to the next request."""
    if connection.connection is None:
        return
    try:
        _become("none", "")
    except DatabaseError:
        connection.close()


def _connected(**_: Any) -> None:
    """A connection opened, or opened again, in the middle of a bound block is bound like the one before."""
    if organisation := _bound_to.get():
        _become(ROLE, organisation)


connection_created.connect(_connected, dispatch_uid="ohmstead.row_security")
