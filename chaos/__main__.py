"""`make chaos`: twenty rounds of killing under the load of 200 stations; prints the counts, exits 1 on any loss."""

import argparse
import asyncio
import json
import shutil
import sys
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from chaos.rounds import Outcome, Plan, play

OUT = Path(__file__).parent / "out"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m chaos", description=__doc__)
    usual = Plan()
    parser.add_argument("--rounds", type=int, default=usual.rounds)
    parser.add_argument("--stations", type=int, default=usual.stations)
    parser.add_argument("--seed", type=int, default=usual.seed)
    options = parser.parse_args()
    plan = Plan(options.rounds, options.stations, options.seed)
    folder = Path(tempfile.mkdtemp(prefix="ohmstead-chaos-"))
    print(f"{plan.rounds} rounds, {plan.stations} stations, seed {plan.seed}; data and logs in {folder}", flush=True)
    outcome = asyncio.run(play(plan, folder, lambda line: print(line, flush=True)))
    assert outcome.verdict is not None
    _report(plan, outcome)
    if not outcome.verdict.clean:
        print(f"NOT CLEAN. Data and logs stay in {folder}")
        return 1
    shutil.rmtree(folder)
    return 0


def _report(plan: Plan, outcome: Outcome) -> None:
    assert outcome.verdict is not None
    for name, count in asdict(outcome.verdict).items():
        print(f"{name.replace('_', ' '):20} {count:>10,}")
    print(f"{'connections made':20} {outcome.truth.connections:>10,}")
    print(f"{'messages repeated':20} {outcome.truth.repeats:>10,}")
    for error in outcome.truth.errors[:10]:
        print(error)
    OUT.mkdir(exist_ok=True)
    at = datetime.now(UTC)
    rounds = [asdict(each) for each in outcome.rounds]
    result = {"at": at.isoformat(), "plan": asdict(plan), "rounds": rounds, "verdict": asdict(outcome.verdict)}
    path = OUT / f"{at:%Y%m%dT%H%M%S}.json"
    path.write_text(json.dumps(result, indent=1) + "\n")
    print(path)


if __name__ == "__main__":
    sys.exit(main())
