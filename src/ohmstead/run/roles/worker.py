"""The worker: folds the journal into tables and runs the periodic jobs."""

import django

from ohmstead.kit.clock import SystemClock
from ohmstead.run import metrics, roles
from ohmstead.run.environment import Environment


async def run(environment: Environment) -> None:
    """Any number of workers share the shards; this one ends on SIGTERM, its last batch committed."""
    metrics.set_ready("worker", False)
    stop = roles.stopping()
    django.setup()
    from ohmstead.run.worker.service import Worker

    worker = Worker(environment.database_url, environment.nats_url, SystemClock())
    await worker.start()
    metrics.set_ready("worker", True)
    roles.collect_garbage_seldom()
    try:
        await stop.wait()
    finally:
        await worker.stop()
