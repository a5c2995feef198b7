"""`make chaos` in its short form: the same load, killing and verdict, fewer stations and rounds."""

from dataclasses import asdict
from pathlib import Path

import pytest

from chaos.rounds import Plan, play, victims

SEED = 8


@pytest.mark.xdist_group("chaos")
async def test_t4_nothing_acknowledged_is_lost_and_nothing_counts_twice_when_parts_are_killed(tmp_path: Path) -> None:
    plan = Plan(rounds=4, stations=30, seed=SEED, pause_s=0.1)
    told: list[str] = []
    outcome = await play(plan, tmp_path, told.append)
    assert outcome.verdict is not None
    counts = asdict(outcome.verdict)
    assert counts.pop("acknowledged") > 500
    assert counts.pop("sessions") > 50
    assert counts.pop("readings") > 200
    assert {name: count for name, count in counts.items() if count} == {}, outcome.truth.errors[:5]
    assert len(told) == plan.rounds


def test_the_short_form_kills_a_gateway_a_worker_nats_and_postgresql() -> None:
    import random

    killed = {name.partition(",")[0] for names in victims(4, random.Random(SEED)) for name in names}
    assert {"worker", "nats", "postgres"} <= killed
    assert killed & {"gateway", "gateway-2"}
