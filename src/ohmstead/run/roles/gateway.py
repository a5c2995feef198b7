"""The gateway role: station sockets, the journal's writer, and a drain at the end."""

import os
import resource
import ssl
from pathlib import Path

from prometheus_client import REGISTRY

from ohmstead.bus.client import Bus
from ohmstead.gateway.metrics import GatewayCollector
from ohmstead.gateway.server import Gateway
from ohmstead.gateway.settings import BadLimit, GatewaySettings, TlsFiles, limits_from, policy_from
from ohmstead.journal.writer import JournalWriter
from ohmstead.kit.clock import SystemClock
from ohmstead.network.authority import server_tls_files
from ohmstead.run import metrics
from ohmstead.run.environment import Environment
from ohmstead.run.roles import RoleCannotStart, collect_garbage_seldom, stopping


async def run(environment: Environment) -> None:
    """Serve stations until told to stop; then acknowledge nothing more than what is stored."""
    metrics.set_ready("listening", False)
    stop = stopping()
    try:
        settings = gateway_settings(environment)
    except BadLimit as error:
        raise RoleCannotStart(str(error)) from None
    _raise_file_limit(settings.limits.connections)
    journal = JournalWriter(environment.database_url, settings.name)
    await journal.start()
    bus = await Bus(f"gateway {settings.name}").connect(environment.nats_url)
    gateway = Gateway(settings, journal, bus, SystemClock())
    collector = GatewayCollector(gateway.board)
    try:
        await gateway.start()
        collector.register(REGISTRY)
        metrics.set_ready("listening", True)
        collect_garbage_seldom()
        await stop.wait()
    except (OSError, ssl.SSLError) as error:
        raise RoleCannotStart(f"The gateway cannot listen: {error}") from error
    finally:
        metrics.set_ready("listening", False)
        await gateway.drain()
        await journal.stop(settings.drain_s)
        await bus.close()


def gateway_settings(environment: Environment) -> GatewaySettings:
    return GatewaySettings(
        name=environment.gateway,
        secret_key=environment.secret_key,
        host=environment.host,
        port=environment.ocpp_port or None,
        tls_port=environment.ocpps_port or None,
        tls=_tls_files(environment) if environment.ocpps_port else None,
        ping_s=environment.ping_s,
        limits=limits_from(os.environ),
        policy=policy_from(os.environ),
    )


def _tls_files(environment: Environment) -> TlsFiles:
    """The operator's files, or ones issued by the built-in authority."""
    certificate, key, client_ca = environment.tls_certificate, environment.tls_key, environment.tls_client_ca
    if certificate is None or key is None:
        folder: Path = environment.ca_folder or environment.data / "ca"
        certificate, key, ours = server_tls_files(folder, sorted({"localhost", environment.host, *_names(environment)}))
        client_ca = client_ca or ours
    return TlsFiles(certificate=certificate, key=key, client_ca=client_ca)


def _names(environment: Environment) -> list[str]:
    return [name for name in environment.allowed_hosts if not name.startswith(("[", "*", "."))]


def _raise_file_limit(connections: int) -> None:
    """Each station is an open file."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections + 1_000
    if soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )
