"""PostgreSQL itself keeps tenants apart: a forgotten filter shows nothing of a neighbour."""

import pytest

from tests.web.little_network import build, session, token


@pytest.fixture
def network(database):
    return build()


def everything_seen():
    """Every row of every table that has an owner, read without any filter: {table: number}."""
    from ohmstead.access.row_security import tenant_models

    return {model._meta.label_lower: model._base_manager.count() for model in tenant_models()}


def test_every_model_has_a_policy_or_a_named_exemption(database):
    from django.db import connection

    from ohmstead.access.row_security import EXEMPT, rule_for, tenant_models

    without = [model._meta.label_lower for model in tenant_models() if rule_for(model) is None]
    assert without == []
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname LIKE 'tenant%'")
        walled = {row[0] for row in cursor.fetchall()}
    assert {model._meta.db_table for model in tenant_models()} - walled == set()
    assert "entry" in walled  # the journal
    assert all(EXEMPT.values())


def test_without_a_filter_only_ones_own_rows_are_there(network):
    from ohmstead.access.models import Organisation
    from ohmstead.access.row_security import bound
    from ohmstead.charging.models import Session
    from ohmstead.drivers.models import Token
    from ohmstead.network.models import Connector, Evse, Station

    ours, theirs = session(network.free), session(network.foreign)
    token(network.vale, "THEIRS", "Their card")
    with bound(network.hill.pk):
        assert {each.identity for each in Station.objects.all()} == {"HILL-1", "HILL-2", "HILL-3", "HILL-4"}
        assert {each.station_id for each in Evse.objects.all()}.isdisjoint({network.foreign.pk})
        assert {each.evse.station_id for each in Connector.objects.all()}.isdisjoint({network.foreign.pk})
        assert list(Session.objects.all()) == [ours]
        assert not Token.objects.exists()
        assert list(Organisation.objects.all()) == [network.hill]
    assert set(Session.objects.all()) == {ours, theirs}


def test_a_neighbours_row_can_neither_be_changed_nor_made(network):
    from django.db import DatabaseError

    from ohmstead.access.row_security import bound
    from ohmstead.network.models import Site, Station

    with bound(network.hill.pk):
        assert Station.objects.filter(pk=network.foreign.pk).update(name="ours now") == 0
        with pytest.raises(DatabaseError, match="row-level security"):
            Site.objects.create(organisation=network.vale, name="Trojan")
    network.foreign.refresh_from_db()
    assert network.foreign.name == ""


def test_bound_to_nobody_nothing_is_there(network):
    from uuid import uuid4

    from ohmstead.access.row_security import bound

    assert sum(everything_seen().values()) > 10
    with bound(uuid4()):
        assert sum(everything_seen().values()) == 0


def test_the_journal_of_a_neighbour_is_not_there(network):
    from datetime import UTC, datetime

    from django.db import connection

    from ohmstead.access.row_security import bound

    def stations():
        with connection.cursor() as cursor:
            cursor.execute("SELECT DISTINCT station_id FROM journal.entry")
            return {row[0] for row in cursor.fetchall()}

    _write_entries(datetime.now(UTC), network.free.pk, network.foreign.pk)
    assert stations() == {network.free.pk, network.foreign.pk}
    with bound(network.hill.pk):
        assert stations() == {network.free.pk}


def _write_entries(at, *station_ids):
    """A row for each, with nothing in its other columns but what must be there."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'journal'
               AND table_name = 'entry' AND is_nullable = 'NO' AND column_name NOT IN ('at', 'station_id')"""
        )
        empty = {name: "''" if kind in ("text", "bytea", "jsonb") else "0" for name, kind in cursor.fetchall()}
        names, values = ", ".join(empty), ", ".join(empty.values())
        for station_id in station_ids:
            insert = f"INSERT INTO journal.entry (at, station_id, {names}) VALUES (%s, %s, {values})"
            cursor.execute(insert, [at, station_id])


def test_the_connection_is_free_again_also_after_an_error(network):
    from django.db import DatabaseError, connection

    from ohmstead.access.row_security import bound

    with pytest.raises(DatabaseError), bound(network.hill.pk), connection.cursor() as cursor:
        cursor.execute("SELECT nonsense")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('role'), current_setting('ohmstead.organisation')")
        assert cursor.fetchone() == ("none", "")


def test_a_connection_opened_in_the_middle_is_bound_too(network):
    from django.db import connection

    from ohmstead.access.row_security import bound
    from ohmstead.network.models import Station

    with bound(network.hill.pk):
        connection.close()
        assert not Station.objects.filter(identity="VALE-1").exists()


def test_installing_again_changes_nothing(database):
    import psycopg

    from ohmstead.access.row_security import install

    with psycopg.connect(database, autocommit=True) as connection:
        before = connection.execute("SELECT oid, polname FROM pg_policy ORDER BY oid").fetchall()
        install(connection)
        assert connection.execute("SELECT oid, polname FROM pg_policy ORDER BY oid").fetchall() == before


def test_a_user_that_may_not_make_roles_uses_the_one_it_was_given(database):
    import psycopg

    from ohmstead.access.errors import RoleMissing
    from ohmstead.access.row_security import ensure_role

    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE ROLE plain_owner NOLOGIN")
        connection.execute("SET ROLE plain_owner")
        try:
            with pytest.raises(RoleMissing, match="GRANT ohmstead_tenant TO <that user>"):
                ensure_role(connection)
            connection.execute("RESET ROLE")
            connection.execute("GRANT ohmstead_tenant TO plain_owner")
            connection.execute("SET ROLE plain_owner")
            ensure_role(connection)
        finally:
            connection.execute("RESET ROLE")
            connection.execute("DROP ROLE plain_owner")
