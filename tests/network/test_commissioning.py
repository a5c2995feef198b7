"""How far a station is on its way into service."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from ohmstead.network.rules.commissioning import Attempt, Commissioned, steps
from ohmstead.station.answers import Admission

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
SILENT = Commissioned(
    admission=Admission.ACCEPTED, online=False, connected_at=None, dialect="", security_profile=1, booted_at=None,
    what_it_is="", plugs=0, plugs_told=0, clock_complaint="", charging=False, charged=False, attempt=None,
)  # fmt: skip
READY = replace(
    SILENT, online=True, connected_at=NOON, dialect="ocpp1.6", booted_at=NOON, what_it_is="Voltmark Duo 22", plugs=2,
    plugs_told=2, charged=True,
)  # fmt: skip


def attempt(code, minutes=1):
    return Attempt(code, f"Because of {code}.", NOON + timedelta(minutes=minutes))


def marks(station):
    """d done, F failed, . waiting: address, protocol, credentials, accepted, boot, status, clock, charge."""
    return "".join({"done": "d", "failed": "F", "waiting": "."}[step.progress] for step in steps(station))


@pytest.mark.parametrize(
    ("station", "expected"),
    [
        pytest.param(SILENT, "...d....", id="added, and nothing came yet"),
        pytest.param(replace(SILENT, admission=Admission.PENDING), "........", id="not accepted either"),
        pytest.param(replace(SILENT, attempt=attempt("wrong_address")), "F..d....", id="wrong address"),
        pytest.param(replace(SILENT, attempt=attempt("no_common_subprotocol")), "dF.d....", id="wrong subprotocol"),
        pytest.param(replace(SILENT, attempt=attempt("password_wrong")), "ddFd....", id="wrong password"),
        pytest.param(replace(SILENT, attempt=attempt("profile_too_low")), "ddFd....", id="profile too low"),
        pytest.param(
            replace(SILENT, attempt=attempt("station_refused"), admission=Admission.REFUSED), "dd.F....", id="refused"
        ),
        pytest.param(replace(SILENT, online=True, connected_at=NOON), "dddd....", id="connected"),
        pytest.param(replace(READY, plugs_told=1, charged=False), "ddddd.d.", id="one plug is silent"),
        pytest.param(replace(READY, clock_complaint="The clock is wrong."), "ddddddFd", id="a wrong clock"),
        pytest.param(replace(READY, charged=False, charging=True), "ddddddd.", id="charging for the first time"),
        pytest.param(READY, "dddddddd", id="in service"),
        pytest.param(replace(READY, attempt=attempt("password_wrong", -1)), "dddddddd", id="a mistake that was mended"),
        pytest.param(
            replace(READY, online=False, attempt=attempt("password_wrong")), "ddFddddd", id="its new password is wrong"
        ),
    ],
)
def test_progress(station, expected):
    assert marks(station) == expected


def test_a_failure_is_told_in_the_words_of_the_door():
    said = {step.key: str(step.says) for step in steps(replace(SILENT, attempt=attempt("password_wrong")))}
    assert said["credentials"] == "Because of password_wrong."
