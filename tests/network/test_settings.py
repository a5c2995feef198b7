"""Settings of stations: reported, wanted, drifted; read by ourselves without doing harm."""

from datetime import timedelta

import pytest

from ohmstead.journal.entry import EntryKind
from ohmstead.station import commands as c
from ohmstead.station.events import Booted, CommandAnswered, StationNotice
from tests.network.heard import NOON, heard, minutes
from tests.network.test_line import project


@pytest.fixture
def by(database):
    from ohmstead.access.actors import Actor

    return Actor.job("tests")


@pytest.fixture
def actions(database):
    from ohmstead.network import setting_actions

    return setting_actions


@pytest.fixture
def online(station):
    station.gateway, station.online, station.dialect, station.firmware = "gw-1", True, "ocpp2.0.1", "1.0"
    station.booted_at = station.connected_at = NOON - timedelta(minutes=4)
    station.save()
    return station


def answered(station, row, action, payload, *, at=NOON, error=None):
    from ohmstead.network import dispatch

    dispatch.claim(at)
    event = CommandAnswered(message_id=str(row.id), action=action, payload=payload, error_code=error)
    return heard(station.id, event, kind=EntryKind.ANSWERED, at=at, frame=b"[3]")


def ask(station, command, action, payload, *, at=NOON, error=None):
    from ohmstead.network import commands

    row = commands.queue(station.id, command, at=at)
    project(answered(station, row, action, payload, at=at, error=error))
    return row


def variable(name, value, *, evse=None, **more):
    component, _, named = name.partition(".")
    place = {"component": {"name": component, **({"evse": {"id": evse}} if evse else {})}, "variable": {"name": named}}
    return {**place, "variableAttribute": [{"type": "Actual", "value": value, **more}]}


def report(station, *data, request=9, at=NOON, seq=0, tbc=False):
    payload = {"requestId": request, "seqNo": seq, "tbc": tbc, "reportData": list(data)}
    project(heard(station.id, StationNotice(action="NotifyReport", payload=payload), at=at))


def values(station):
    from ohmstead.network import setting_queries

    return {(each.name, each.evse): each.value for each in setting_queries.variables(station)}


def drift(station):
    from ohmstead.network import setting_queries

    return {each.name: each.drift for each in setting_queries.desired(station)}


def test_a_report_in_parts_is_stored(online):
    report(online, variable("ACtrlr.X", "1"), tbc=True)
    report(online, variable("ACtrlr.X", "2", evse=1), variable("B.Y", "3"), seq=1)
    assert values(online) == {("ACtrlr.X", 0): "1", ("ACtrlr.X", 1): "2", ("B.Y", 0): "3"}


def test_the_newest_word_stays_however_late_it_is_folded(online):
    report(online, variable("A.X", "new"), at=minutes(5))
    report(online, variable("A.X", "old"), at=minutes(1))
    assert values(online) == {("A.X", 0): "new"}


def test_an_event_changes_the_value_and_keeps_what_is_known_of_it(online):
    from ohmstead.network.models import Noticed, Variable

    report(online, variable("A.X", "1", mutability="ReadOnly"))
    event = {"eventId": 1, "timestamp": "2026-05-04T12:00:00Z", "trigger": "Delta", "actualValue": "2"}
    event |= {"component": {"name": "A"}, "variable": {"name": "X"}, "eventNotificationType": "HardWiredNotification"}
    project(heard(online.id, StationNotice(action="NotifyEvent", payload={"eventData": [event]}), at=minutes(1)))
    row = Variable.objects.get()
    assert (row.value, row.mutability) == ("2", "read_only")
    assert Noticed.objects.get().value == "2"


def test_keys_of_ocpp_16_are_stored_and_secrets_are_not(online):
    keys = [{"key": "HeartbeatInterval", "value": "60"}, {"key": "AuthorizationKey", "value": "hush"}]
    ask(online, c.GetSettings(), "GetConfiguration", {"configurationKey": keys})
    assert values(online) == {("HeartbeatInterval", 0): "60", ("AuthorizationKey", 0): "kept secret"}


def test_a_read_of_everything_forgets_what_is_gone(online):
    from ohmstead.network.models import Knowledge

    report(online, variable("Old.X", "1"), at=NOON - timedelta(hours=1))
    ask(online, c.GetInventory(request_id=9), "GetBaseReport", {"status": "Accepted"})
    report(online, variable("New.X", "1"), tbc=True)
    assert ("Old.X", 0) in values(online)
    report(online, variable("New.Y", "1"), seq=1, at=minutes(1))
    assert set(values(online)) == {("New.X", 0), ("New.Y", 0)}
    assert Knowledge.objects.get().read_at == minutes(1)


def test_a_read_of_some_things_forgets_nothing(online):
    report(online, variable("Old.X", "1"), at=NOON - timedelta(hours=1))
    ask(online, c.GetReport(request_id=9), "GetReport", {"status": "Accepted"})
    report(online, variable("New.X", "1"))
    assert set(values(online)) == {("Old.X", 0), ("New.X", 0)}


@pytest.mark.parametrize(
    ("wanted", "reported", "drifts"),
    [
        pytest.param("60", "60", "none", id="the same"),
        pytest.param("60", "60.0 ", "none", id="the same number"),
        pytest.param("True", "true", "none", id="another case"),
        pytest.param("A, B", "A,B", "none", id="spaces in a list"),
        pytest.param("B,A", "A,B", "differs", id="another order"),
        pytest.param("60", "61", "differs", id="another number"),
        pytest.param("60", "", "differs", id="empty"),
        pytest.param("60", None, "not_reported", id="unknown"),
        pytest.param("x" * 2000 + "1", "x" * 2000 + "2", "differs", id="long texts"),
    ],
)
def test_drift(online, actions, by, wanted, reported, drifts):
    from ohmstead.network import setting_queries

    actions.set_values(online, [actions.Wanted("A.X", wanted)], by=by)
    if reported is not None:
        report(online, variable("A.X", reported))
    assert drift(online) == {"A.X": drifts}
    listed = list(setting_queries.drift(online.organisation))
    assert [each.name for each in listed] == ([] if drifts == "none" else ["A.X"])


@pytest.mark.parametrize(
    ("word", "value", "drifts"),
    [
        pytest.param("Accepted", "60", "none", id="taken"),
        pytest.param("RebootRequired", "10", "needs_reboot", id="at work after a restart"),
        pytest.param("Rejected", "10", "differs", id="refused"),
        pytest.param("NotSupportedAttributeType", "10", "differs", id="not supported"),
    ],
)
def test_the_outcome_of_setting_a_value(online, actions, by, word, value, drifts):
    from ohmstead.network.models import DesiredValue

    report(online, variable("A.X", "10"), at=NOON - timedelta(hours=1))
    (row,) = actions.set_values(online, [actions.Wanted("A.X", "60")], by=by)
    result = {"attributeStatus": word, "component": {"name": "A"}, "variable": {"name": "X"}}
    project(answered(online, row, "SetVariables", {"setVariableResult": [result]}))
    assert values(online) == {("A.X", 0): value}
    assert drift(online) == {"A.X": drifts}
    assert DesiredValue.objects.get().outcome == word


def test_a_value_that_needed_a_restart_is_right_once_it_is_reported(online, actions, by):
    report(online, variable("A.X", "10"), at=NOON - timedelta(hours=1))
    (row,) = actions.set_values(online, [actions.Wanted("A.X", "60")], by=by)
    result = {"attributeStatus": "RebootRequired", "component": {"name": "A"}, "variable": {"name": "X"}}
    project(answered(online, row, "SetVariables", {"setVariableResult": [result]}))
    report(online, variable("A.X", "60"), at=minutes(5))
    assert drift(online) == {"A.X": "none"}


def test_ocpp_16_takes_one_key_at_a_time(online, actions, by):
    online.dialect = "ocpp1.6"
    online.save()
    rows = actions.set_values(online, [actions.Wanted("A", "1"), actions.Wanted("B", "2")], by=by)
    assert [row.kind for row in rows] == ["SetSetting", "SetSetting"]
    project(answered(online, rows[0], "ChangeConfiguration", {"status": "NotSupported"}))
    from ohmstead.network.models import DesiredValue

    assert dict(DesiredValue.objects.values_list("name", "outcome")) == {"A": "NotSupported", "B": ""}


def test_a_template_goes_to_the_stations_it_fits(online, organisation, actions, by):
    from ohmstead.network.models import Station

    Station.objects.filter(pk=online.pk).update(vendor="Brightline", model="B2")
    Station.objects.create(organisation=organisation, identity="ST-2", vendor="Other", admission="accepted")
    wanted = [actions.Wanted("A.X", "1"), actions.Wanted("A.Y", "2", evse=1)]
    template = actions.save_template(organisation, "Night", wanted, by=by, fits={"vendor": "brightline"})
    bulk = actions.apply_template(template, Station.objects.all(), by=by)
    assert [each.station.identity for each in bulk.commands.all()] == ["ST-1"]
    assert drift(online) == {"A.X": "not_reported", "A.Y": "not_reported"}
    from ohmstead.network import setting_queries

    assert [(each.name, each.stations) for each in setting_queries.templates(organisation)] == [("Night", 1)]
    actions.no_longer_want(online, "A.X", by=by)
    assert set(drift(online)) == {"A.Y"}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        pytest.param([], "One to 200 values", id="none"),
        pytest.param([("", "1")], "1 to 200 characters", id="no name"),
        pytest.param([("A", "x" * 3000)], "2500 at most", id="too long"),
        pytest.param([("SecurityCtrlr.BasicAuthPassword", "x")], "is a secret", id="secret"),
    ],
)
def test_what_cannot_be_wanted(online, actions, by, values, sentence):
    from ohmstead.network.errors import CommandRefused
    from ohmstead.network.models import Command, DesiredValue

    with pytest.raises(CommandRefused, match=sentence):
        actions.set_values(online, [actions.Wanted(*each) for each in values], by=by)
    assert not Command.objects.exists()
    assert not DesiredValue.objects.exists()


def test_two_templates_of_one_name(organisation, actions, by):
    from ohmstead.network.errors import TemplateExists

    actions.save_template(organisation, "Night", [actions.Wanted("A", "1")], by=by)
    with pytest.raises(TemplateExists, match="named night already"):
        actions.save_template(organisation, "night", [actions.Wanted("A", "1")], by=by)


def ask_due(at):
    from ohmstead.network import reading

    return reading.ask_due(at)


def end_all(state="accepted"):
    from ohmstead.network.models import Command

    Command.objects.update(state=state, ended_at=NOON)


def test_settings_are_read_after_boot_and_not_again(online):
    assert ask_due(NOON) == 1
    report_of = c.GetInventory.__name__
    from ohmstead.network.models import Command

    row = Command.objects.get()
    assert (row.kind, row.asked_by) == (report_of, None)
    project(answered(online, row, "GetBaseReport", {"status": "Accepted"}))
    report(online, variable("A.X", "1"), request=row.request_id)
    assert ask_due(NOON + timedelta(days=2)) == 0
    assert ask_due(NOON + timedelta(days=31)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"booted_at": NOON - timedelta(minutes=1)}, id="it has only just booted"),
        pytest.param({"booted_at": None}, id="it has not booted"),
        pytest.param({"online": False}, id="it is away"),
        pytest.param({"admission": "pending"}, id="it is not accepted"),
        pytest.param({"vendor": "ABB", "model": "TACW22"}, id="it restarts when it is asked"),
    ],
)
def test_whose_settings_are_left_alone(online, fields):
    from ohmstead.network.models import Station

    Station.objects.filter(pk=online.pk).update(**fields)
    assert ask_due(NOON) == 0


def test_c6_a_station_that_falls_over_the_question_is_asked_twice_at_most(online):
    for day in range(2):
        assert ask_due(NOON + timedelta(days=2 * day)) == 1
        end_all("timed_out")
        assert ask_due(NOON + timedelta(days=2 * day, hours=3)) == 0
    assert ask_due(NOON + timedelta(days=30)) == 0
    boot = Booted(vendor="V", model="M", firmware="2.0")
    project(heard(online.id, boot, at=NOON + timedelta(days=31)))
    assert ask_due(NOON + timedelta(days=31, minutes=4)) == 1


@pytest.fixture
def offered(online):
    def look(name):
        from ohmstead.network.capabilities import capabilities

        return capabilities(online)[name].reason

    return look


def test_what_the_version_has_no_words_for_is_not_offered(online, offered):
    assert offered("set_grid_control") == "ocpp2.0.1 has no words for this."
    assert offered("reset_station") == ""


def test_a_refused_operation_is_not_offered_until_the_firmware_changes(online, offered):
    ask(online, c.ClearTokenCache(), "ClearCache", None, error="NotImplemented")
    assert offered("clear_token_cache") == "The station answered ClearCache with NotImplemented on 2026-05-04."
    project(heard(online.id, Booted(vendor="V", model="M", firmware="1.0"), at=minutes(1)))
    assert offered("clear_token_cache") != ""
    project(heard(online.id, Booted(vendor="V", model="M", firmware="2.0"), at=minutes(2)))
    assert offered("clear_token_cache") == ""


def test_an_operation_that_works_after_all_is_offered_again(online, offered):
    ask(online, c.ClearTokenCache(), "ClearCache", None, error="NotSupported")
    ask(online, c.ClearTokenCache(), "ClearCache", {"status": "Accepted"}, at=minutes(1))
    assert offered("clear_token_cache") == ""


def test_another_error_says_nothing_about_what_the_station_can_do(online, offered):
    ask(online, c.ClearTokenCache(), "ClearCache", None, error="InternalError")
    assert offered("clear_token_cache") == ""


def test_feature_profiles_and_controllers_speak_against_operations(online, offered):
    report(online, variable("ReservationCtrlr.Available", "false"), variable("SmartChargingCtrlr.Available", "true"))
    assert offered("reserve_evse") == "The station says that ReservationCtrlr is not available."
    assert offered("set_charging_profile") == ""
    online.dialect = "ocpp1.6"
    online.save()
    keys = [{"key": "SupportedFeatureProfiles", "value": "Core, RemoteTrigger"}]
    ask(online, c.GetSettings(), "GetConfiguration", {"configurationKey": keys})
    assert offered("set_charging_profile") == "The station says that it has not the feature profile SmartCharging."
    assert offered("trigger_message") == ""
    assert offered("get_log") == ""  # GetLog of the security extension is in no profile
