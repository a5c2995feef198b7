from datetime import UTC, datetime

import pytest

from ohmstead.network.rules.door import Expected, IssuedCertificate, Visitor, refusal
from ohmstead.station.answers import Admission

RIGHT, WRONG, NEW = "a" * 64, "b" * 64, "c" * 64
REVOKED = datetime(2026, 1, 1, tzinfo=UTC)


def visitor(profile: int = 0, **more: object) -> Visitor:
    return Visitor(identity="ST-1", security_profile=profile, **more)


def expected(profile: int = 0, *hashes: str, admission: Admission = Admission.ACCEPTED) -> Expected:
    return Expected(admission, profile, hashes)


@pytest.mark.parametrize(
    ("who", "wants"),
    [
        pytest.param(visitor(), expected(), id="plain where plain is enough"),
        pytest.param(visitor(1, password_hash=RIGHT), expected(1, RIGHT), id="right password"),
        pytest.param(visitor(1, password_hash=NEW), expected(1, RIGHT, NEW), id="new password on its way"),
        pytest.param(visitor(1, password_hash=RIGHT), expected(1, RIGHT, NEW), id="old password until confirmed"),
        pytest.param(visitor(1, password_hash=WRONG), expected(0), id="a password nobody asked for"),
        pytest.param(visitor(2, password_hash=RIGHT), expected(1, RIGHT), id="more protected than it must be"),
        pytest.param(visitor(3, certificate_name="st-1"), expected(2, RIGHT), id="certificate instead of password"),
        pytest.param(
            visitor(3, certificate_name="ST-1", certificate=IssuedCertificate("ST-1", True, None)),
            expected(3),
            id="its own certificate",
        ),
        pytest.param(visitor(), expected(admission=Admission.PENDING), id="pending waits inside"),
    ],
)
def test_comes_in(who, wants):
    assert refusal(who, wants) is None


@pytest.mark.parametrize(
    ("who", "wants", "code", "status"),
    [
        pytest.param(visitor(), expected(admission=Admission.REFUSED), "station_refused", 403, id="refused"),
        pytest.param(visitor(), expected(1, RIGHT), "profile_too_low", 401, id="no password at all"),
        pytest.param(visitor(1, password_hash=RIGHT), expected(2, RIGHT), "profile_too_low", 403, id="no TLS"),
        pytest.param(visitor(2, password_hash=RIGHT), expected(3), "profile_too_low", 403, id="no certificate"),
        pytest.param(visitor(1, password_hash=WRONG), expected(1, RIGHT), "password_wrong", 401, id="wrong password"),
        pytest.param(visitor(2), expected(1, RIGHT), "password_missing", 401, id="TLS without password"),
        pytest.param(visitor(), expected(0, RIGHT), "password_missing", 401, id="stored password is always asked"),
        pytest.param(visitor(1, password_hash=RIGHT), expected(1), "password_not_set", 401, id="none stored"),
        pytest.param(visitor(1, password_hash=""), expected(1, ""), "password_not_set", 401, id="empty is no password"),
        pytest.param(visitor(3), expected(3), "certificate_missing", 403, id="profile 3 without certificate"),
        pytest.param(
            visitor(3, certificate_name="ST-2"), expected(3), "certificate_of_another", 403, id="name of another"
        ),
        pytest.param(
            visitor(3, certificate_name="ST-1", certificate=IssuedCertificate("ST-1", True, REVOKED)),
            expected(3),
            "certificate_revoked",
            403,
            id="revoked",
        ),
        pytest.param(
            visitor(3, certificate_name="ST-1", certificate=IssuedCertificate("ST-1", False, None)),
            expected(3),
            "certificate_of_another",
            403,
            id="same name in another organisation",
        ),
    ],
)
def test_kept_out_and_told_why(who, wants, code, status):
    refused = refusal(who, wants)
    assert (refused.code, refused.http_status) == (code, status)
    assert "ST-1" in refused.sentence
    assert refused.sentence.endswith(".")
