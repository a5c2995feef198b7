"""docs/reference/field-rows.md is true: every row is there, and every test it names exists."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "field-rows.md").read_text()
COUNTS = {"T": 19, "M": 8, "F": 4, "C": 7, "S": 9}
ROWS = [f"{letter}{number}" for letter, count in COUNTS.items() for number in range(1, count + 1)]
TOLD = dict(re.findall(r"^\| ([A-Z]\d+) \| (.*) \|$", PAGE, re.MULTILINE))


def names_in(path):
    return {node.name for node in ast.walk(ast.parse((ROOT / path).read_text())) if hasattr(node, "name")}


def named(text):
    return re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", text)


def test_every_row_is_told_once():
    assert sorted(re.findall(r"^\| ([A-Z]\d+) \|", PAGE, re.MULTILINE)) == sorted(ROWS)


@pytest.mark.parametrize("row", ROWS)
def test_every_row_is_proven_on_the_running_system(row):
    proofs = [name for path, name in named(TOLD[row]) if path.startswith("tests/field/")]
    assert any(row.lower() in name.split("_") for name in proofs)


def test_every_test_the_page_names_exists():
    missing = [f"{path}::{name}" for path, name in named(PAGE) if name not in names_in(path)]
    assert missing == []


def test_every_test_of_a_row_is_on_the_page():
    on_page = set(named(PAGE))
    for module in sorted(Path(__file__).parent.glob("test_*.py")):
        path = str(module.relative_to(ROOT))
        rows = {name for name in names_in(path) if re.match(r"test_[tmfcs]\d+_", name)}
        assert {(path, name) for name in rows} <= on_page
