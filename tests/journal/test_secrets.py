"""Whoever reads the message log learns no password."""

import json

import pytest

from ohmstead.journal.secrets import without_secrets

SECRET = "ff0011-hunter2"
FRAMES = {
    "1.6 set": ["ChangeConfiguration", {"key": "AuthorizationKey", "value": SECRET}],
    "1.6 read back": [{"configurationKey": [{"value": SECRET, "readonly": False, "key": "authorizationkey"}]}],
    "a maker's own": ["ChangeConfiguration", {"key": "WifiPassphrase", "value": SECRET}],
    "2.x set": [
        "SetVariables",
        {
            "setVariableData": [
                {
                    "attributeValue": SECRET,
                    "component": {"name": "SecurityCtrlr"},
                    "variable": {"name": "BasicAuthPassword"},
                }
            ]
        },
    ],
    "2.x report": [
        "NotifyReport",
        {
            "reportData": [
                {
                    "component": {"name": "SecurityCtrlr"},
                    "variable": {"name": "BasicAuthPassword"},
                    "variableAttribute": [{"type": "Actual", "value": SECRET}],
                }
            ]
        },
    ],
    "2.x network": [
        "SetNetworkProfile",
        {
            "connectionData": {
                "basicAuthPassword": SECRET,
                "apn": {"apnPassword": SECRET, "simPin": SECRET},
                "vpn": {"server": "vpn.example", "user": "u", "password": SECRET, "key": SECRET},
            }
        },
    ],
    "address": ["UpdateFirmware", {"location": f"ftp://fred:{SECRET}@files.example/fw.bin"}],
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_password_is_not_shown(name):
    frame = json.dumps([2, "m-1", *FRAMES[name]]).encode()
    shown = without_secrets(frame).decode()
    assert SECRET not in shown
    assert "[hidden]" in shown
    assert json.loads(shown)[:2] == [2, "m-1"]


def test_a_name_in_escapes_is_a_name():
    frame = rb'[2,"m-1","ChangeConfiguration",{"key":"\u0041uthorizationKey","value":"hunter2"}]'
    assert b"hunter2" not in without_secrets(frame)


def test_a_frame_nested_without_end_is_not_shown():
    frame = b'[2,"m-1","X",' + b'{"password":' * 900 + b'"hunter2"' + b"}" * 900 + b"]"
    assert b"hunter2" not in without_secrets(frame)


def test_a_broken_frame_that_may_hold_one_is_not_shown():
    assert b"hunter2" not in without_secrets(
        b'[2,"m-1","ChangeConfiguration",{"key":"AuthorizationKey","value":"hunter2"'
    )


@pytest.mark.parametrize(
    "frame",
    [
        b'[2,"m-1","Heartbeat",{}]',
        b'[2,"m-1","UpdateFirmware",{"location":"https://files.example/fw@2.bin"}]',
        b'[2,"m-1","ChangeConfiguration",{"key":"HeartbeatInterval","value":"300"}]',
        b'[2,"m-1","DataTransfer",{"data":"http://a b',
        b'[2, "m-1", "X", {"url": "https://a.example", "n": 1e3}]',
        b"\xff\xfe",
    ],
)
def test_everything_else_is_shown_as_it_came(frame):
    assert without_secrets(frame) == frame
