"""How the system itself is: gateways, the worker's lag, the journal's streams."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from ohmstead.journal import reader
from ohmstead.network.models import Gateway
from ohmstead.web.console.journal import journal_connection
from ohmstead.web.console.scope import Viewer

WORKER = "worker"  # the name under which the worker keeps its cursors
_GATEWAY_SILENT = timedelta(seconds=30)
_LAG_WARNING_S = 10.0


def health(viewer: Viewer) -> dict[str, Any]:
    """Gateways that spoke lately, and how far the worker is behind."""
    with journal_connection() as connection:
        lag = reader.lag(connection, WORKER)
    since = timezone.now() - _GATEWAY_SILENT
    gateways = list(Gateway.objects.filter(seen_at__gte=since).order_by("name"))
    return {
        "lag": lag,
        "lag_is_high": lag.seconds > _LAG_WARNING_S,
        "gateways": gateways,
        "connections": sum(gateway.connections for gateway in gateways),
    }
