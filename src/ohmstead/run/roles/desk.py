"""The desk: answers what the gateways must know, and sends them what was asked of stations."""

from functools import partial

import django

from ohmstead.kit.clock import SystemClock
from ohmstead.run import metrics, roles
from ohmstead.run.environment import Environment


async def run(environment: Environment) -> None:
    """Any number of desks share the work; this one ends on SIGTERM, with every request it took answered."""
    metrics.set_ready("desk", False)
    stop = roles.stopping()
    django.setup()
    from ohmstead.charging.authorisation import decide
    from ohmstead.charging.recent_starts import RecentStarts
    from ohmstead.run.desk.certificates import CertificateSources
    from ohmstead.run.desk.service import Desk

    deciding = partial(decide, recent=RecentStarts())
    sources = CertificateSources.of(environment)
    desk = Desk(environment.database_url, environment.nats_url, SystemClock(), deciding, sources)
    await desk.start()
    metrics.set_ready("desk", True)
    try:
        await stop.wait()
    finally:
        await desk.stop()
