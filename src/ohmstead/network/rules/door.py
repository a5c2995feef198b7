"""Who may come in: the rule of the door, with a sentence for the installer who is kept out."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ohmstead.station.answers import Admission

PROFILE_SAYS = {
    0: "plain without a password (profile 0)",
    1: "plain with a password (profile 1)",
    2: "TLS with a password (profile 2)",
    3: "TLS with a client certificate (profile 3)",
}


@dataclass(frozen=True, slots=True)
class Refused:
    """`code` is for counting, `sentence` for the person at the station, `http_status` for the handshake."""

    code: str
    sentence: str
    http_status: int


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """What we know of the certificate a visitor shows: whom we gave it to, and whether that is the visitor."""

    owner: str
    is_the_visitors: bool
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Visitor:
    identity: str
    security_profile: int
    password_hash: str | None = None
    certificate_name: str | None = None  # common name; the listener verified who signed it
    certificate: IssuedCertificate | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What a station must bring; two password hashes while a new password is on its way over the air."""

    admission: Admission
    security_profile: int  # the least it must use
    password_hashes: tuple[str, ...] = ()


def refusal(visitor: Visitor, expected: Expected) -> Refused | None:
    """None when the visitor may come in."""
    if expected.admission is Admission.REFUSED:
        return Refused(
            "station_refused", f"The operator has refused station {visitor.identity}. Accept it in the console.", 403
        )
    if visitor.security_profile < expected.security_profile:
        return Refused(
            "profile_too_low",
            f"Station {visitor.identity} came {PROFILE_SAYS.get(visitor.security_profile, 'unprotected')}, but must use"
            f" {PROFILE_SAYS.get(expected.security_profile, 'more')}. Check the address (wss://) and its key.",
            401 if visitor.security_profile == 0 and expected.security_profile == 1 else 403,
        )
    if visitor.security_profile == 3:
        return _certificate_refusal(visitor)
    if expected.password_hashes or expected.security_profile in (1, 2):
        return _password_refusal(visitor, expected.password_hashes)
    return None


def _password_refusal(visitor: Visitor, hashes: Iterable[str]) -> Refused | None:
    known = [each for each in hashes if each]
    if not known:
        return Refused(
            "password_not_set", f"No password is stored for station {visitor.identity}. Set one in the console.", 401
        )
    if not visitor.password_hash:
        return Refused(
            "password_missing", f"Station {visitor.identity} gave no password, but must give the one set for it.", 401
        )
    # Every hash is compared, so that the time taken says nothing about which one came close.
    if not any([hmac.compare_digest(visitor.password_hash, each) for each in known]):  # noqa: C419
        return Refused(
            "password_wrong",
            f"Station {visitor.identity} gave a wrong password. Enter the one from the console, or set a new one.",
            401,
        )
    return None


def _certificate_refusal(visitor: Visitor) -> Refused | None:
    if visitor.certificate_name is None:
        return Refused("certificate_missing", f"Station {visitor.identity} showed no client certificate.", 403)
    issued = visitor.certificate
    if issued is not None and issued.revoked_at is not None:
        return Refused("certificate_revoked", f"The certificate of station {visitor.identity} was revoked.", 403)
    owner = issued.owner if issued is not None else visitor.certificate_name
    if owner.upper() != visitor.identity.upper() or (issued is not None and not issued.is_the_visitors):
        return Refused(
            "certificate_of_another",
            f"Station {visitor.identity} showed a certificate that belongs to {owner[:60]!r}.",
            403,
        )
    return None
