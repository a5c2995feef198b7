import pytest
from typer.testing import CliRunner

from ohmstead.run.cli import app
from ohmstead.simulator.control import VERBS


@pytest.fixture
def run(tmp_path):
    """Where nothing runs."""

    def invoke(*words):
        environment = {"OHMSTEAD_DATA": str(tmp_path / "none"), "OHMSTEAD_NATS_URL": None}
        shown = CliRunner().invoke(app, ["simulate", *words], env=environment)
        return shown.exit_code, " ".join(shown.output.split())

    return invoke


def test_help_and_verbs_name_every_verb(run):
    help_says = run("--help")[1]
    verbs_say = run("verbs")[1]
    for verb in VERBS.values():
        assert f"{verb.name}," in help_says or f"{verb.name}." in help_says
        assert verb.help in verbs_say


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["--scenario", "nowhere"], "nowhere: no such file", id="scenario"),
        pytest.param(["plug", "OHM-1"], "No simulator runs here", id="nothing runs"),
        pytest.param(["plug"], "Which station? ohmstead simulate plug IDENTITY", id="no station"),
        pytest.param(["plug", "OHM-1", "evse"], "evse is not NAME=VALUE", id="no value"),
    ],
)
def test_a_mistake_gets_a_sentence(run, words, sentence):
    status, said = run(*words)
    assert status == 2
    assert sentence in said


def test_a_verb_nobody_knows_is_named(nats_server):
    shown = CliRunner().invoke(app, ["simulate", "dance", "OHM-1"], env={"OHMSTEAD_NATS_URL": nats_server.url})
    assert shown.exit_code == 2
    assert "dance" in shown.output
