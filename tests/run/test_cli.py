import json
import subprocess
import sys

import pytest
import typer
from typer.main import get_command
from typer.testing import CliRunner

from ohmstead.run.cli import app
from tests.run.instance import environment_of_a_person


def leaves(command, words=()):
    """Every command that does something, as the words one types."""
    if not hasattr(command, "list_commands"):
        return [words]
    context = typer.Context(command)
    found = []
    for name in command.list_commands(context):
        found += leaves(command.get_command(context, name), (*words, name))
    return found


@pytest.mark.parametrize("words", leaves(get_command(app)), ids=" ".join)
def test_every_command_explains_itself(words):
    shown = CliRunner().invoke(app, [*words, "--help"])
    assert shown.exit_code == 0
    assert f"Usage: ohmstead {' '.join(words)}" in shown.output
    explanation = [line for line in shown.output.split("╭")[0].splitlines() if line.strip()][1:]
    assert len(" ".join(explanation).split()) >= 4


def test_help_answers_without_loading_django():
    code = "import sys; from ohmstead.run.cli import app; sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_role_without_a_secret_says_what_to_do():
    command = [sys.executable, "-m", "ohmstead", "web"]
    done = subprocess.run(
        command, env=environment_of_a_person(), capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("OHMSTEAD_SECRET_KEY is not set")


def test_a_command_without_an_instance_says_how_to_start_one(tmp_path, monkeypatch):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    shown = CliRunner().invoke(app, ["migrate"], env={"OHMSTEAD_DATA": str(tmp_path / "none")})
    assert shown.exit_code == 2
    assert "Nothing runs on" in shown.output


def test_wire_coverage_for_programs_lists_every_message():
    shown = CliRunner().invoke(app, ["wire", "coverage", "--json"])
    found = json.loads(shown.output)
    assert {version: len(rows["actions"]) for version, rows in found.items()} == {
        "ocpp1.6": 39,
        "ocpp2.0.1": 64,
        "ocpp2.1": 91,
    }


def test_wire_coverage_for_people_is_one_line_a_version():
    shown = CliRunner().invoke(app, ["wire", "coverage"])
    assert [line.split(":")[0] for line in shown.output.splitlines()] == ["ocpp1.6", "ocpp2.0.1", "ocpp2.1"]
