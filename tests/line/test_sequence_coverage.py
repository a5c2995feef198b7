"""The page that says which public test sequences are covered tells the truth."""

import json
import re
from pathlib import Path

import pytest

from tests.conftest import shared

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "test-sequences.md"
NAMES = (
    re.compile(r"test_tc_([a-p]_\d\d)", re.IGNORECASE),
    re.compile(r"test_tc_(\d{3}(?:_\d)?)_"),
    re.compile(r'"TC_([A-P]_\d\d|\d{3}(?:_\d)?)"'),
    re.compile(r'id="tc_([a-p]_\d\d)'),
)


@pytest.fixture
def told():
    rows = re.findall(r"^\| TC_(\w+) \| .* \| (yes|no: .+) \|$", PAGE.read_text(), re.MULTILINE)
    return dict(rows)


def test_a_covered_sequence_has_its_test_and_no_other_has(told):
    texts = [path.read_text() for path in Path(__file__).parents[1].rglob("test_*.py")]
    tested = {name.upper() for text in texts for pattern in NAMES for name in pattern.findall(text)}
    assert {name for name, word in told.items() if word == "yes"} == tested & told.keys()


def test_every_sequence_is_on_the_page(told):
    index = json.loads((shared("vectors/octt-csms-sequences") / "index.json").read_text())
    assert [row["id"][3:-5] for row in index] == list(told)


def test_the_counts_are_right(told):
    for covered, total in re.findall(r"^(\d+) of (\d+) are covered", PAGE.read_text(), re.MULTILINE):
        mine = [word for name, word in told.items() if name[0].isdigit() == (int(total) < 100)]
        assert (mine.count("yes"), len(mine)) == (int(covered), int(total))
