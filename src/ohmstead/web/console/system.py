"""How the system itself is: gateways, the worker's lag, the journal's streams."""

from typing import Any

from ohmstead.journal import reader
from ohmstead.network import queries
from ohmstead.web.console.journal import journal_connection
from ohmstead.web.scope import Viewer

WORKER = "worker"  # the name under which the worker keeps its cursors
_LAG_WARNING_S = 10.0


def health(viewer: Viewer) -> dict[str, Any]:
    """Gateways that spoke lately, and how far the worker is behind."""
    with journal_connection() as connection:
        lag = reader.lag(connection, WORKER)
    gateways = [gateway for gateway in queries.gateways() if not gateway.lost]
    return {
        "lag": lag,
        "lag_is_high": lag.seconds > _LAG_WARNING_S,
        "gateways": gateways,
        "connections": sum(gateway.connections for gateway in gateways),
    }
