"""A gateway's numbers for Prometheus, read when somebody asks."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from ohmstead.gateway.counts import COUNTERS
from ohmstead.gateway.switchboard import Switchboard


class GatewayCollector(Collector):
    """Reads plain numbers; counting them costs the hot path an integer each."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board

    def register(self, registry: CollectorRegistry) -> None:
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        board, journal = self._board, self._board.journal
        for name, says in COUNTERS.items():
            yield CounterMetricFamily(f"ohmstead_gateway_{name}", says, value=getattr(board.counts, name))
        written = journal.counts
        yield CounterMetricFamily("ohmstead_journal_entries", "Entries committed", value=written.rows)
        yield CounterMetricFamily("ohmstead_journal_bytes", "Bytes of entries committed", value=written.bytes)
        yield CounterMetricFamily("ohmstead_journal_commits", "Commits", value=written.batches)
        yield CounterMetricFamily(
            "ohmstead_journal_commit_seconds", "Time from COPY to commit", value=written.commit_seconds
        )
        yield CounterMetricFamily("ohmstead_journal_refusals", "Batches refused", value=written.refusals)
        yield CounterMetricFamily(
            "ohmstead_journal_lost_connections", "Times PostgreSQL went away", value=written.lost_connections
        )
        yield GaugeMetricFamily("ohmstead_journal_waiting", "Entries not durable yet", value=journal.waiting_rows)
        yield GaugeMetricFamily(
            "ohmstead_journal_in_trouble", "1 while nothing can be stored", value=float(journal.trouble is not None)
        )
        yield GaugeMetricFamily("ohmstead_gateway_connections", "Stations connected here", value=len(board.links))
