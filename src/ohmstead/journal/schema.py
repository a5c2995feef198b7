"""The journal's tables."""

import psycopg


def install(connection: psycopg.Connection) -> None:
    """Create what is missing."""
    connection.execute("CREATE SCHEMA IF NOT EXISTS journal")
