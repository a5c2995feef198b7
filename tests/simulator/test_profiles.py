"""Which limit applies when, to whom."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ohmstead.simulator.profiles import (
    ChargingProfile,
    Kind,
    Period,
    Purpose,
    Situation,
    composite,
    limit_at,
    replaces,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
BEGAN = NOON - timedelta(minutes=30)
HERE = Situation(evse=1, phases=3, session_began_at=BEGAN)


def profile(limit: float = 10_000, purpose: Purpose = Purpose.TX_DEFAULT, **more: object) -> ChargingProfile:
    base = ChargingProfile(
        profile_id=1,
        evse=0,
        stack_level=0,
        purpose=purpose,
        kind=Kind.ABSOLUTE,
        unit="W",
        periods=(Period(0, limit),),
        starts_at=NOON - timedelta(hours=1),
    )
    return replace(base, **more)  # type: ignore[arg-type]


TWO_STEPS = (Period(0, 11_000), Period(3600, 4_000))


@pytest.mark.parametrize(
    ("profiles", "limit_w"),
    [
        pytest.param([], None, id="no profile, no limit"),
        pytest.param([profile(9_000)], 9_000, id="a default applies"),
        pytest.param([profile(16, unit="A")], 11_040, id="amperes count per phase"),
        pytest.param([profile(16, unit="A", periods=(Period(0, 16, 1),))], 3_680, id="one phase of amperes"),
        pytest.param([profile(9_000), profile(5_000, Purpose.TX)], 5_000, id="the transaction's own beats the default"),
        pytest.param([profile(5_000), profile(9_000, Purpose.TX)], 9_000, id="also when it is higher"),
        pytest.param([profile(9_000), profile(7_000, Purpose.STATION_MAX)], 7_000, id="a maximum stands above"),
        pytest.param([profile(9_000), profile(3_000, Purpose.EXTERNAL)], 3_000, id="so does a limit from outside"),
        pytest.param([profile(9_000), profile(6_000, stack_level=1)], 6_000, id="the higher stack level leads"),
        pytest.param([profile(9_000), profile(6_000, evse=1)], 6_000, id="on a tie the EVSE's own leads"),
        pytest.param([profile(6_000, evse=2)], None, id="another EVSE's profile is not ours"),
        pytest.param([profile(9_000, Purpose.PRIORITY), profile(5_000, Purpose.TX)], 9_000, id="priority leads"),
        pytest.param([profile(9_000, Purpose.LOCAL)], None, id="local generation is no limit"),
        pytest.param([profile(valid_to=NOON)], None, id="not after its validity"),
        pytest.param([profile(valid_from=NOON + timedelta(seconds=1))], None, id="not before its validity"),
        pytest.param([profile(starts_at=NOON + timedelta(seconds=1))], None, id="not before its start"),
        pytest.param([profile(duration_s=3600)], None, id="not after its duration"),
        pytest.param([profile(duration_s=3601)], 10_000, id="until its duration ends"),
        pytest.param(
            [profile(6_000, stack_level=2, duration_s=60), profile(9_000)], 9_000, id="an ended one uncovers the next"
        ),
        pytest.param([profile(periods=TWO_STEPS)], 4_000, id="the period in force"),
        pytest.param([profile(kind=Kind.RELATIVE, periods=TWO_STEPS)], 11_000, id="relative counts from the start"),
        pytest.param(
            [profile(kind=Kind.RECURRING, every=timedelta(days=1), starts_at=NOON - timedelta(days=9, hours=2),
                     periods=TWO_STEPS)],
            4_000, id="daily, nine days later, second hour",
        ),
        pytest.param(
            [profile(kind=Kind.RECURRING, every=timedelta(days=7), starts_at=NOON - timedelta(days=14, minutes=5),
                     periods=TWO_STEPS)],
            11_000, id="weekly, two weeks later, first hour",
        ),
        pytest.param([profile(starts_at=None)], 10_000, id="W3 without a start it is in force at once"),
    ],
)  # fmt: skip
def test_limit(profiles: list[ChargingProfile], limit_w: float | None) -> None:
    limit = limit_at(profiles, NOON, HERE)
    assert (limit and limit.power_w) == limit_w


def test_a_transaction_profile_needs_a_transaction() -> None:
    idle = Situation(evse=1, phases=3)
    assert limit_at([profile(5_000, Purpose.TX)], NOON, idle) is None
    assert limit_at([profile(5_000, kind=Kind.RELATIVE)], NOON, idle) is None


def test_the_schedule_of_the_coming_hours_changes_where_limits_change() -> None:
    known = [
        profile(periods=(Period(0, 11_000), Period(7200, 4_000))),
        profile(6_000, Purpose.STATION_MAX, starts_at=NOON + timedelta(minutes=90)),
    ]
    periods = composite(known, NOON, 3 * 3600, HERE, otherwise_w=22_000)
    assert [(p.start_s, p.limit) for p in periods] == [(0, 11_000), (3600, 4_000)]
    later = composite([known[1]], NOON, 3 * 3600, HERE, otherwise_w=22_000)
    assert [(p.start_s, p.limit) for p in later] == [(0, 22_000), (5400, 6_000)]


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        pytest.param({}, True, id="the same again"),
        pytest.param({"profile_id": 2}, True, id="same level, purpose and EVSE"),
        pytest.param({"profile_id": 2, "stack_level": 1}, False, id="another level stands beside"),
        pytest.param({"evse": 2, "stack_level": 3}, True, id="the same id moves"),
    ],
)
def test_what_a_new_profile_replaces(change: dict[str, object], gone: bool) -> None:
    assert replaces(profile(**change), profile()) is gone  # type: ignore[arg-type]


@given(
    limits=st.lists(st.tuples(st.sampled_from(list(Purpose)), st.floats(0, 50_000), st.integers(0, 5)), max_size=6),
    maximum=st.floats(0, 50_000),
)
def test_nothing_lifts_the_stations_maximum(limits: list[tuple[Purpose, float, int]], maximum: float) -> None:
    others = [
        profile(limit, purpose, stack_level=level) for purpose, limit, level in limits if purpose != Purpose.STATION_MAX
    ]
    limit = limit_at([*others, profile(maximum, Purpose.STATION_MAX)], NOON, HERE)
    assert limit is not None
    assert limit.power_w <= maximum
