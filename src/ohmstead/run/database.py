"""Bring a database to the shape this version needs: Django's tables, the journal's, the wall between tenants."""

import psycopg
from django.conf import settings
from django.core.management import call_command

from ohmstead.journal import schema


def migrate(database_url: str) -> None:
    """Safe to run again and from several processes: an advisory lock lets one do it at a time."""
    from ohmstead.access import row_security  # models are there only once Django is set up

    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(hashtext('ohmstead.migrate'))")
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        schema.install(connection)
        if settings.OHMSTEAD_ROW_SECURITY:
            row_security.install(connection)
