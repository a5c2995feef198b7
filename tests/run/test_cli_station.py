import json

import pytest
from typer.testing import CliRunner

from ohmstead.run.cli import app
from ohmstead.run.cli.commands import BadCommand, command_of
from ohmstead.station.commands import GetSettings, RawCommand, ResetStation, StartSession


@pytest.fixture
def run(database):
    """Run a command of the terminal against an organisation of its own."""
    from ohmstead.access.models import Organisation

    Organisation.objects.create(slug="main", name="Stadtwerke")

    def invoke(*words):
        shown = CliRunner().invoke(app, ["station", *words])
        return shown.exit_code, shown.output.strip()

    return invoke


def test_an_added_station_is_listed_and_gets_its_password_once(run):
    status, said = run("add", "OHM-7", "--profile", "1", "--name", "Car park")
    assert status == 0
    assert "Password, shown this once: " in said
    status, said = run("list", "--json")
    (row,) = json.loads(said)
    assert (row["identity"], row["admission"], row["online"]) == ("OHM-7", "accepted", False)


def test_a_station_of_the_inbox_is_accepted_and_refused(run):
    from ohmstead.access.models import Organisation
    from ohmstead.network.models import Station

    Station.objects.create(organisation=Organisation.objects.get(), identity="NEW-1")
    assert "NEW-1" in run("list", "--inbox")[1]
    assert run("accept", "new-1")[0] == 0
    assert "1 station." in run("list")[1]
    assert run("refuse", "NEW-1")[0] == 0
    assert Station.objects.get().admission == "refused"


def test_every_write_leaves_a_row_in_the_audit_trail(run):
    from ohmstead.access.models import AuditEntry

    run("add", "OHM-7")
    run("password", "OHM-7")
    written = AuditEntry.objects.values_list("verb", "actor_name")
    assert ("station.created", "command line") in written
    assert ("station.password_set", "command line") in written


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["accept", "NONE"], "Stadtwerke has no station NONE.", id="unknown"),
        pytest.param(["add", "two words"], "is not a station identity", id="identity"),
        pytest.param(["add", "OHM-7", "--profile", "9"], "is not a security profile", id="profile"),
        pytest.param(["ask", "OHM-7", "dance"], "dance is none of: start-session", id="command"),
        pytest.param(
            ["list", "--organisation", "other"], "Name one organisation with --organisation: main.", id="slug"
        ),
    ],
)
def test_a_mistake_gets_a_sentence(run, words, sentence):
    status, said = run(*words)
    assert status == 2
    assert sentence in " ".join(said.split())


def test_asking_waits_and_tells_what_became_of_it(run):
    run("add", "OHM-7")
    status, said = run("ask", "OHM-7", "reset-station", "immediate=true", "--wait", "0")
    assert (status, said) == (1, "Queued")


@pytest.mark.parametrize(
    ("words", "command"),
    [
        pytest.param(["reset-station"], ResetStation(), id="bare"),
        pytest.param(["reset-station", "immediate=true", "evse=2"], ResetStation(immediate=True, evse=2), id="typed"),
        pytest.param(["get-settings", "names=A,B"], GetSettings(names=("A", "B")), id="list"),
        pytest.param(
            ["raw-command", "action=GetLog", 'payload={"a": [1]}'],
            RawCommand(action="GetLog", payload={"a": [1]}),
            id="json",
        ),
    ],
)
def test_words_become_a_command(words, command):
    assert command_of(words[0], words[1:]) == command


def test_a_remote_start_gets_a_number_of_its_own():
    first, second = (command_of("start-session", ["token=04AB", "evse=1"]) for _ in range(2))
    assert isinstance(first, StartSession)
    assert first.token.uid == "04AB"
    assert first.remote_start_id != second.remote_start_id


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        pytest.param(["unlock-connector"], "takes evse=", id="missing"),
        pytest.param(["unlock-connector", "evse=one"], "takes evse=", id="no number"),
        pytest.param(["reset-station", "now"], "is not NAME=VALUE", id="no equals sign"),
        pytest.param(["reset-station", "soft=1"], "has no soft", id="unknown field"),
        pytest.param(["raw-command", "action=X", "payload={"], "is not JSON", id="json"),
    ],
)
def test_wrong_words_get_a_sentence(words, sentence):
    with pytest.raises(BadCommand, match=sentence):
        command_of(words[0], words[1:])
