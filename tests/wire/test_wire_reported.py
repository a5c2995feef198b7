"""Reports of the device model and of a configuration in neutral words; nonsense in a part loses that part only."""

from datetime import UTC, datetime

import pytest

from ohmstead import wire
from ohmstead.station.variables import Noticed, Place, ReportedMonitor, ReportedVariable

AT_1_2 = {"name": "Connector", "evse": {"id": 1, "connectorId": 2}}
TARGET = {"type": "Target", "value": "9", "mutability": "ReadOnly"}
ABOUT = {"dataType": "integer", "unit": "s", "minLimit": 1, "maxLimit": 9.5, "supportsMonitoring": True}


@pytest.mark.parametrize(
    ("action", "payload", "found"),
    [
        pytest.param(
            "GetConfiguration",
            {"configurationKey": [{"key": "HeartbeatInterval", "readonly": False, "value": "60"}, {"readonly": True}]},
            [ReportedVariable(place=Place(name="HeartbeatInterval"), value="60", mutability="read_write")],
            id="1.6 keys, one of them without a name",
        ),
        pytest.param(
            "NotifyReport",
            {
                "reportData": [
                    {
                        "component": {"name": "Ctrlr", "instance": "A"},
                        "variable": {"name": "Interval", "instance": "B"},
                        "variableAttribute": [{"value": "5"}, TARGET],
                        "variableCharacteristics": ABOUT,
                    }
                ]
            },
            [
                ReportedVariable(
                    place=Place(name="Ctrlr[A].Interval[B]"),
                    attribute=attribute,
                    value=value,
                    mutability=mutability,
                    kind="integer",
                    unit="s",
                    least=1.0,
                    most=9.5,
                    can_be_watched=True,
                )
                for attribute, value, mutability in [("actual", "5", "read_write"), ("target", "9", "read_only")]
            ],
            id="2.x report with instances and attributes",
        ),
        pytest.param(
            "GetVariables",
            {
                "getVariableResult": [
                    {
                        "attributeStatus": "Accepted",
                        "attributeValue": "1",
                        "component": AT_1_2,
                        "variable": {"name": "X"},
                    },
                    {"attributeStatus": "Rejected", "component": AT_1_2, "variable": {"name": "Y"}},
                ]
            },
            [ReportedVariable(place=Place(name="Connector.X", evse=1, connector=2), value="1")],
            id="2.x variables read",
        ),
        pytest.param("NotifyReport", {"reportData": [{"component": 7}, 8]}, [], id="nonsense"),
        pytest.param("NotifyReport", {"reportData": "no list"}, [], id="no list"),
        pytest.param("Heartbeat", {}, [], id="tells nothing of settings"),
    ],
)
def test_variables(action, payload, found):
    assert list(wire.read_variables(action, payload)) == found


def test_monitors():
    watching = {"transaction": False, "value": 80, "type": "UpperThreshold", "severity": 4}
    part = {"component": AT_1_2, "variable": {"name": "Temperature"}}
    payload = {"monitor": [{**part, "variableMonitoring": [{"id": 3, **watching}, {"id": "x", **watching}]}]}
    assert wire.read_monitors(payload) == (
        ReportedMonitor(
            place=Place(name="Connector.Temperature", evse=1, connector=2),
            monitor_id=3,
            kind="UpperThreshold",
            value=80.0,
            severity=4,
            in_sessions_only=False,
        ),
    )


def test_noticed():
    event = {
        "eventId": 5,
        "timestamp": "2026-05-04T12:00:00Z",
        "trigger": "Alerting",
        "actualValue": "81",
        "component": AT_1_2,
        "variable": {"name": "Temperature"},
        "variableMonitoringId": 3,
        "techInfo": "hot",
        "severity": 4,
    }
    (found,) = wire.read_noticed({"eventData": [event, {"eventId": 6}]})
    assert found == Noticed(
        place=Place(name="Connector.Temperature", evse=1, connector=2),
        event_id=5,
        at=datetime(2026, 5, 4, 12, tzinfo=UTC),
        trigger="Alerting",
        value="81",
        tech_info="hot",
        monitor_id=3,
        severity=4,
    )
    assert wire.read_noticed({"eventData": [{**event, "timestamp": "yesterday"}]})[0].at is None
