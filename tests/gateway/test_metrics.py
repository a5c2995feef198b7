"""The numbers a gateway shows to Prometheus."""

from prometheus_client import CollectorRegistry, generate_latest

from ohmstead.gateway.metrics import GatewayCollector
from tests.gateway.station import Station


async def test_a_gateway_shows_its_counts(gateway, desk):
    registry = CollectorRegistry()
    GatewayCollector(gateway.board).register(registry)
    desk.knows("CP1")
    async with Station(gateway.port, "CP1") as station:
        await station.call("Heartbeat", {})
        shown = generate_latest(registry).decode()
    assert "ohmstead_gateway_calls_total 1.0" in shown
    assert "ohmstead_gateway_connections 1.0" in shown
    assert "ohmstead_journal_entries_total 2.0" in shown
    assert "ohmstead_journal_in_trouble 0.0" in shown
