"""What a gateway is told: where it listens, and the limits that keep one station from harming the others."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from ohmstead.station.answers import Admission
from ohmstead.station.tokens import TokenVerdict


@dataclass(frozen=True, slots=True, kw_only=True)
class TlsFiles:
    """PEM files. With `client_ca` a station may show a certificate (profile 3) on the port of profile 2."""

    certificate: Path
    key: Path
    client_ca: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Each has a safe default; docs/reference/gateway-settings.md says what happens beyond."""

    connections: int = 20_000
    frame_bytes: int = 256 * 1024
    handshakes_per_s: int = 2_000  # more wait their turn
    handshakes_waiting: int = 20_000  # more are told to come back
    handshake_s: float = 10.0  # for the request head
    admission_s: float = 10.0  # for the desk to answer
    admissions_at_once: int = 512
    wrong_passwords: int = 10  # in a minute, for one station from one address
    calls_per_s: int = 1_000  # of one station; one sent without waiting for answers counts ten times
    slowed_s: int = 30  # a station that never lets up for so long is closed
    unanswered_calls: int = 32  # of one station; more wait in its socket
    unanswered_bytes: int = 512 * 1024  # of one station; more wait in its socket
    queued_commands: int = 32  # ours to one station


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is answered when the desk does not."""

    authorise_unanswered: TokenVerdict = TokenVerdict.INVALID
    start_unanswered: TokenVerdict = TokenVerdict.ACCEPTED  # the car may already be charging
    verdict_s: float = 5.0  # how long the desk may take
    certificate_s: float = 15.0  # how long OCSP responders and contract pools may take, behind the desk
    verdict_fresh_s: float = 5.0  # a repeated question within this time is not asked again
    verdict_known_s: float = 3_600.0  # a verdict so old still counts when nobody answers
    verdicts_kept: int = 20_000
    pending_retry_s: int = 30  # boot interval of a station that waits for the operator


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewaySettings:
    name: str
    secret_key: str  # keys the hashes of station passwords
    host: str = "127.0.0.1"
    port: int | None = 0  # ws://; 0: any free one, None: off
    tls_port: int | None = None  # wss://
    tls: TlsFiles | None = None
    ping_s: float = 30.0  # a quiet line is pinged after so long, and dead after twice that
    sweep_s: float = 1.0  # how often lines are looked over
    seen_s: float = 2.0  # how often the gateway tells the desk that it lives
    drain_s: float = 10.0  # the longest a drain may take
    limits: Limits = Limits()
    policy: Policy = Policy()


ADMITTED = (Admission.ACCEPTED, Admission.PENDING)


class BadLimit(ValueError):
    """A variable holds something else than it should; the message names it."""


def limits_from(variables: Mapping[str, str]) -> Limits:
    """Every limit may be set as OHMSTEAD_LIMIT_<NAME>."""
    return _from(Limits, "OHMSTEAD_LIMIT_", variables)


def policy_from(variables: Mapping[str, str]) -> Policy:
    """Every policy may be set as OHMSTEAD_POLICY_<NAME>."""
    return _from(Policy, "OHMSTEAD_POLICY_", variables)


def _from[T: (Limits, Policy)](kind: type[T], prefix: str, variables: Mapping[str, str]) -> T:
    given: dict[str, Any] = {}
    for field in fields(kind):
        text = variables.get(prefix + field.name.upper())
        if text is not None:
            try:
                given[field.name] = type(getattr(kind(), field.name))(text)
            except ValueError:
                raise BadLimit(f"{prefix}{field.name.upper()}={text!r} cannot be used.") from None
    return kind(**given)
