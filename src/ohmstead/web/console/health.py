"""How the system itself is doing."""

from typing import Any

from django.db import connection
from django.http import HttpResponse
from django.shortcuts import render

from ohmstead.network import queries
from ohmstead.web.console import system
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view


def body(viewer: Viewer) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT number, gateway, opened_at, closed_at,
                      coalesce(last_seq, (SELECT max(seq) FROM journal.entry e WHERE e.stream = s.number)) AS entries
               FROM journal.stream s ORDER BY number DESC LIMIT 20"""
        )
        names = [column.name for column in cursor.description or ()]
        streams = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        cursor.execute("SELECT pg_database_size(current_database()), current_setting('server_version')")
        size, version = cursor.fetchone() or (0, "")
    return system.health(viewer) | {
        "all_gateways": queries.gateways(),
        "streams": streams,
        "database_bytes": size,
        "database_version": version.split()[0],
    }


@console_view()
def health(request: ConsoleRequest) -> HttpResponse:
    context = {"here": "health", "live_url": "/console/live/health"} | body(request.viewer)
    return render(request, "console/health.html", context)
