"""The example of docs/explanation/how-sessions-are-folded.md, read from the page and told in several orders."""

import random
from datetime import datetime
from pathlib import Path

import pytest

from ohmstead.station.states import PlugState

from .voices import NOON, Voice

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "how-sessions-are-folded.md"
STATES = {
    "suspended by car": PlugState.SUSPENDED_CAR,
    "suspended by station": PlugState.SUSPENDED_STATION,
    "charging": PlugState.CHARGING,
}


def tables():
    """Story and result: the rows of the tables under the heading."""
    lines = PAGE.read_text().partition("## Worked example")[2].partition("## Workers")[0].splitlines()
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    story = [row for row in cells if len(row) == 4 and row[0].isdigit()]
    result = {row[0]: row[1] for row in cells if len(row) == 2 and row[0] and "---" not in row[0]}
    return story, result


def heard(voice: Voice, what: str, clock: str, register: str):
    at = (
        datetime.strptime(clock, "%H:%M").replace(year=NOON.year, month=NOON.month, day=NOON.day, tzinfo=NOON.tzinfo)
        - NOON
    )
    minutes = at.total_seconds() / 60
    if what in STATES:
        return voice.plug(minutes, STATES[what])
    return {"start": voice.start, "meter": voice.meter, "stop": voice.stop}[what](minutes, float(register))


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_the_worked_example(voice, told, seed):
    story, result = tables()
    said = [heard(voice, what, clock, register) for _, what, clock, register in story]
    assert (len(said), len(result)) == (11, 5)
    if seed is not None:
        said += said[:4]
        random.Random(seed).shuffle(said)
    [session] = told(*said)
    found = {name: getattr(session, name) for name in result}
    found["flags"] = ", ".join(session.flags)
    found["energy_wh"] = int(session.energy_wh)
    assert {name: str(value) for name, value in found.items()} == result
