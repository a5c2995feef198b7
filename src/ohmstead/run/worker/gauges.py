"""What a worker says of itself to Prometheus."""

from typing import Final

from prometheus_client import Counter, Gauge

from ohmstead.journal.reader import Lag

FOLDED: Final = Counter("ohmstead_folded_entries", "Journal entries folded into tables")
SHARDS: Final = Gauge("ohmstead_worker_shards", "Shards this worker holds")
LAG_ENTRIES: Final = Gauge("ohmstead_fold_lag_entries", "Journal entries not folded yet, over all workers")
LAG_SECONDS: Final = Gauge("ohmstead_fold_lag_seconds", "Age of the oldest journal entry not folded yet")
QUARANTINED: Final = Gauge("ohmstead_quarantined_entries", "Entries this worker set aside since it started")


def measure(lag: Lag, quarantined: int) -> None:
    LAG_ENTRIES.set(lag.entries)
    LAG_SECONDS.set(lag.seconds)
    QUARANTINED.set(quarantined)
