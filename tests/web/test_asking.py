"""Forms of operations: every one can be shown and read, wrong values are told in words, dangerous ones confirmed."""

import pytest

from ohmstead.station.commands.operations import OPERATIONS
from tests.web.little_network import command, session, station, token


def asked(of):
    return of.commands.order_by("-asked_at").first()


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_has_a_form_that_answers_nothing_typed_with_words(operator, network, name):
    newest = station(network.hill, "HILL-9", network.market, ["available"], dialect="ocpp2.1")
    page = operator.get(f"/console/stations/HILL-9/ask/{name}")
    assert page.status_code == 200
    assert 'id="ask-form"' in page.text
    answer = operator.post(f"/console/stations/HILL-9/ask/{name}", {})
    assert answer.status_code in (302, 422)
    assert newest.commands.count() == (answer.status_code == 302)
    if OPERATIONS[name].dangerous:
        assert "Type HILL-9 to confirm." in answer.text


def test_a_profile_is_read_with_its_rows_in_the_units_of_the_form(operator, network):
    typed = {
        "profile.profile_id": "7", "profile.purpose": "session_default", "profile.schedules.rows": "1",
        "profile.schedules.0.steps.rows": "2", "profile.schedules.0.steps.0.starts_after_s": "0",
        "profile.schedules.0.steps.0.limit_a": "16", "profile.schedules.0.steps.1.starts_after_s": "3600",
        "profile.schedules.0.steps.1.limit_a": "10.5", "profile.valid_from": "2026-06-01T12:00", "evse": "1",
        "confirm": "hill-1",
    }  # fmt: skip
    assert operator.post("/console/stations/HILL-1/ask/set_charging_profile", typed).status_code == 302
    profile = asked(network.free).command["profile"]
    assert [step["limit_a"] for step in profile["schedules"][0]["steps"]] == ["16", "10.5"]
    assert profile["valid_from"] == "2026-06-01T10:00:00Z"  # noon at the site


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        pytest.param("unlock_connector", {"confirm": "HILL-1"}, "This is needed.", id="missing"),
        pytest.param("unlock_connector", {"evse": "one", "confirm": "HILL-1"}, "This is not a number.", id="no number"),
        pytest.param("unlock_connector", {"evse": "1"}, "Type HILL-1 to confirm.", id="not confirmed"),
        pytest.param("unlock_connector", {"evse": "1", "confirm": "HILL-2"}, "Type HILL-1 to confirm.", id="another's"),
        pytest.param("trigger_message", {"message": "Nonsense"}, 'role="alert"', id="not in this version"),
        pytest.param("set_priority_charging", {"transaction_id": "1"}, "has no words for this.", id="not in 1.6"),
        pytest.param("raw_command", {"action": "Reset", "payload": "{"}, "This is not JSON.", id="no JSON"),
        pytest.param("stop_session", {"transaction_id": "1\0"}, "a character in it that no text has", id="NUL"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_in_words_and_nothing_is_sent(operator, network, name, typed, sentence):
    answer = operator.post(f"/console/stations/HILL-1/ask/{name}", typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert asked(network.free) is None


def test_a_row_is_added_and_removed_without_a_script(operator, network):
    address = "/console/stations/HILL-3/ask/read_variables"
    typed = {"variables.rows": "1", "variables.0.name": "A.B", "add": "variables"}
    page = operator.post(address, typed).text
    assert 'name="variables.1.name"' in page
    assert 'value="A.B"' in page
    typed = {"variables.rows": "2", "variables.0.name": "A.B", "variables.1.name": "C.D", "remove": "variables.0"}
    page = operator.post(address, typed).text
    assert 'value="C.D"' in page
    assert "A.B" not in page
    assert asked(network.broken) is None


def test_a_secret_is_never_sent_back_to_the_browser(operator, network):
    page = operator.post("/console/stations/HILL-1/ask/change_password", {"password": "hunter2hunter2hunter2"}).text
    assert "hunter2" not in page


def test_a_raw_message_comes_with_an_example(operator, network):
    page = operator.get("/console/stations/HILL-1/ask/raw_command?action=Reset").text
    assert "&quot;type&quot;: &quot;Hard&quot;" in page


def test_a_command_for_a_station_that_is_away_waits_when_asked_to(operator, network):
    typed = {"message": "Heartbeat", "wait": "24h"}
    assert operator.post("/console/stations/HILL-4/ask/trigger_message", typed).status_code == 302
    row = asked(network.silent)
    assert row.expires_at is not None
    page = operator.get(f"/console/commands/{row.pk}").text
    assert "Take back" in page
    operator.post(f"/console/commands/{row.pk}/cancel")
    assert "Taken back" in operator.get(f"/console/commands/{row.pk}").text


def test_a_firmware_the_station_started_with_is_told_in_words(operator, network):
    operator.post("/console/stations/HILL-1/ask/trigger_message", {"message": "Heartbeat"})
    row = asked(network.free)
    history = [*row.history, {"state": "confirmed", "at": "2026-11-26T20:45:19+00:00"}]
    type(row).objects.filter(pk=row.pk).update(state="accepted", work="done", progress="Installed", history=history)
    page = operator.get(f"/console/commands/{row.pk}").text
    assert "Started with it" in page
    assert ">confirmed<" not in page


def test_a_session_is_started_for_a_chosen_card(operator, network):
    card = token(network.hill, "04AABBCC", "Fleet card 7")
    foreign = token(network.vale, "04FF", "Theirs")
    page = operator.get("/console/stations/HILL-1/start?evse=2&q=fleet").text
    assert "Fleet card 7" in page
    assert "Choose a card first." in operator.post("/console/stations/HILL-1/start", {"card": str(foreign.pk)}).text
    answer = operator.post("/console/stations/HILL-1/start", {"card": str(card.pk), "evse": "2"})
    row = asked(network.free)
    assert answer.headers["Location"] == f"/console/commands/{row.pk}"
    assert (row.kind, row.command["evse"], row.command["token"]["uid"]) == ("StartSession", 2, "04AABBCC")


def test_a_start_waits_for_a_station_that_is_away_only_if_that_was_chosen(operator, network):
    card = token(network.hill, "04AABBCC", "Fleet card 7")
    page = operator.get("/console/stations/HILL-4/start").text
    assert "Send it when it returns" in page
    assert "Send it when it returns" not in operator.get("/console/stations/HILL-1/start").text
    operator.post("/console/stations/HILL-4/start", {"card": str(card.pk), "wait": "1h"})
    row = asked(network.silent)
    assert (row.kind, row.expires_at is not None) == ("StartSession", True)


@pytest.mark.parametrize(
    ("plug", "begun", "words"),
    [
        pytest.param("available", False, "Waits for the plug", id="accepted"),
        pytest.param("preparing", False, "Plugged in", id="plugged in"),
        pytest.param("charging", True, "To the session", id="charging"),
    ],
)
def test_a_remote_start_shows_every_stage(operator, network, plug, begun, words):
    wish = {"token": {"uid": "04AABBCC"}, "evse": 1, "remote_start_id": 77}
    row = command(network.free, "StartSession", wish)
    network.free.evses.filter(number=1).update(state=plug)
    if begun:
        session(network.free, started_at=row.asked_at, remote_start_id=77)
    assert words in operator.get(f"/console/commands/{row.pk}").text


def test_roles_see_and_do_only_what_is_theirs(browser_of, network):
    reader, support = browser_of("reader"), browser_of("support")
    assert "Your role does not allow this." in reader.get("/console/stations/HILL-1/ask/reset_station").text
    assert reader.post("/console/stations/HILL-1/ask/reset_station", {"confirm": "HILL-1"}).status_code == 403
    assert support.post("/console/stations/HILL-1/ask/clear_token_cache", {}).status_code == 403
    assert support.post("/console/stations/HILL-1/ask/trigger_message", {"message": "Heartbeat"}).status_code == 302


def test_many_are_asked_only_with_their_number_typed(operator, network):
    page = operator.get("/console/bulk?state=available").text
    assert "Ask 1 station" in page
    typed = {"operative": "no", "count": "2"}
    assert "Type the number of stations" in operator.post("/console/bulk/ask/change_availability", typed).text
    answer = operator.post("/console/bulk/ask/change_availability", {"operative": "no", "count": "4"})
    assert answer.status_code == 302
    page = operator.get(answer.headers["Location"]).text
    for words in ("HILL-1", "HILL-4", "Planned", "Take back the rest"):
        assert words in page
    assert "VALE-1" not in page
    operator.post(f"{answer.headers['Location']}/cancel")
    assert "Taken back" in operator.get(answer.headers["Location"]).text


def test_a_setting_is_changed_and_its_drift_told(operator, network):
    from ohmstead.network.models import Variable

    Variable.objects.create(
        station=network.free,
        name="HeartbeatInterval",
        value="300",
        comparable="300",
        reported_at=network.free.created_at,
    )
    typed = {"name": "HeartbeatInterval", "value": "60", "keep": "1"}
    assert operator.post("/console/stations/HILL-1/configuration/change", typed).status_code == 302
    assert asked(network.free).command["value"] == "60"
    page = operator.get("/console/stations/HILL-1/configuration").text
    assert "1 setting differs from what you want" in page
    assert "Differs" in page


def test_firmware_is_added_and_sent_to_a_station(operator, network):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("duo-5.bin", b"\x7fELF" * 100)
    typed = {"vendor": "Voltmark", "model": "Duo 22", "version": "5.0.0", "file": file}
    assert operator.post("/console/firmware/add", typed).status_code == 302
    assert "Voltmark Duo 22 5.0.0" in operator.get("/console/firmware").text
    image = network.hill.firmware_images.get()
    answer = operator.post("/console/stations/HILL-1/firmware/update", {"image": str(image.pk)})
    assert answer.status_code == 302
    assert "Voltmark Duo 22 5.0.0" in operator.get("/console/stations/HILL-1/firmware").text
    assert operator.post("/console/firmware/add", {"vendor": "V", "version": "1"}).status_code == 422


@pytest.mark.parametrize(
    "address",
    ["commands/{command}", "bulk/{bulk}", "stations/VALE-1/ask/reset_station", "stations/VALE-1/configuration",
     "stations/VALE-1/messages.csv", "stations/VALE-1/firmware", "stations/VALE-1/start", "files/{command}"],
)  # fmt: skip
def test_a_neighbours_commands_do_not_exist(operator, network, address):
    row = command(network.foreign, "ResetStation", {})
    assert operator.get("/console/" + address.format(command=row.pk, bulk=row.pk)).status_code == 404
