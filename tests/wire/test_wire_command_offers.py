"""The table of operations, from which forms, the API and the reference page are made."""

import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import get_args

import jsonschema
import msgspec
import pytest

from ohmstead import wire
from ohmstead.station import commands as c
from ohmstead.station.commands.operations import BY_KIND, OPERATIONS, Field, Operation, masked
from ohmstead.station.tokens import PresentedToken
from ohmstead.wire import Dialect
from tests.wire.command_maker import CommandMaker


def test_every_command_is_an_operation():
    assert set(BY_KIND) == set(get_args(c.AnyCommand.__value__))
    assert len(OPERATIONS) == len(BY_KIND) == 59


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_an_operation_says_what_it_does_and_what_ocpp_calls_it(operation: Operation):
    assert operation.sentence.endswith(".")
    assert "OCPP" not in operation.sentence
    named = (operation.kind.__doc__ or "").rpartition("OCPP: ")[2].strip().rstrip(".").split(", ")
    actions = {action for dialect in Dialect for action in _actions(dialect, operation.name)}
    assert set(named) == (actions or {"any"})


def _actions(dialect: Dialect, name: str) -> tuple[str, ...]:
    offer = wire.offers(dialect).get(name)
    return offer.actions if offer else ()


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_a_command_survives_its_row_in_the_database(operation: Operation):
    for seed, fullness in enumerate((0.0, 0.4, 1.0)):
        command = CommandMaker(seed, fullness).command(operation)
        stored = msgspec.json.encode(msgspec.to_builtins(command))
        assert msgspec.json.decode(stored, type=c.AnyCommand) == command
        jsonschema.validate(msgspec.json.decode(stored), operation.schema())


def test_secrets_are_marked_wherever_they_stand():
    secrets = {f"{name}.{path}" for name, operation in OPERATIONS.items() for path in _secrets(operation.fields)}
    assert secrets == {
        "change_password.password",
        "set_network_profile.apn.password",
        "set_network_profile.apn.sim_pin",
        "set_network_profile.vpn.key",
        "set_network_profile.vpn.password",
    }


def _secrets(fields: tuple[Field, ...], at: str = "") -> list[str]:
    found = []
    for field in fields:
        found += [at + field.name] if field.secret else _secrets(field.parts, f"{at}{field.name}.")
    return found


def test_a_shown_command_keeps_its_secrets():
    vpn = c.Vpn(server="v.example", user="u", password="hidden", key="hidden", kind="IPSec")
    apn = c.Apn(apn="iot", password="hidden")
    command = c.SetNetworkProfile(slot=1, url="wss://x", security_profile=2, apn=apn, vpn=vpn)
    shown = masked(command, mask="***")
    assert "hidden" not in str(shown)
    assert (shown["vpn"]["user"], shown["vpn"]["key"], shown["apn"]["password"]) == ("u", "***", "***")
    assert masked(c.ChangePassword(password="hidden")) == {"type": "ChangePassword", "password": "kept secret"}
    assert masked(c.StopSession(transaction_id="7")) == {"type": "StopSession", "transaction_id": "7"}


def test_a_form_can_be_made_from_the_fields():
    fields = {field.name: field for field in OPERATIONS["get_log"].fields}
    assert (fields["url"].kind, fields["url"].required) == ("text", True)
    assert (fields["kind"].kind, fields["kind"].choices, fields["kind"].default) == (
        "choice", ("data_collector", "diagnostics", "security"), "diagnostics",
    )  # fmt: skip
    assert (fields["oldest_at"].kind, fields["retries"].kind) == ("moment", "whole_number")
    assert (fields["request_id"].required, fields["request_id"].filled) == (False, True)
    tokens = {field.name: field for field in OPERATIONS["send_token_list"].fields}["tokens"]
    assert (tokens.kind, tokens.repeated) == ("part", True)
    assert {field.name for field in tokens.parts} >= {"token", "verdict", "expires_at"}


def test_a_station_is_offered_what_its_version_has_words_for():
    counts = {dialect.subprotocol: len(wire.offers(dialect)) for dialect in Dialect}
    assert counts == {"ocpp1.6": 25, "ocpp2.0.1": 44, "ocpp2.1": 59}
    assert "set_monitors" not in wire.offers(Dialect.V16)
    assert wire.offers(Dialect.V16)["reset_station"].lacks == {"evse", "resume"}
    assert wire.offers(Dialect.V21)["reset_station"].lacks == frozenset()


@pytest.mark.parametrize(
    ("dialect", "command", "sentence"),
    [
        (Dialect.V16, c.GetEventStreams(), "OCPP 1.6 has no words for this: List the streams of values that are open."),
        (Dialect.V201, c.ResetStation(resume=True), "no room for resume"),
        (Dialect.V21, c.ResetStation(resume=True), None),
        (
            Dialect.V201,
            c.WriteVariables(values=(c.AttributeValue(name="securityctrlr [1].BasicAuthPassword ", value="x" * 16),)),
            "its own command",
        ),
        (Dialect.V21, c.ClearMonitors(monitor_ids=()), "ClearVariableMonitoringRequest needs id"),
        (Dialect.V16, c.ListCertificates(), "one kind"),
        (Dialect.V201, c.SetDisplayMessage(message_id=1, text=c.DisplayText(content="x" * 513)), "longer than 512"),
    ],
)
def test_a_refusal_is_known_before_anything_is_sent(dialect: Dialect, command: c.AnyCommand, sentence: str | None):
    told = wire.refusal_of(dialect, command)
    assert told is None if sentence is None else sentence in (told or "")


def profile(**limit: Decimal) -> c.ChargingProfile:
    step = c.ScheduleStep(starts_after_s=0, **limit)
    return c.ChargingProfile(profile_id=1, purpose="session_default", schedules=(c.ChargingSchedule(steps=(step,)),))


@pytest.mark.parametrize(
    ("dialect", "limit"),
    [(Dialect.V16, b'"limit":16.1'), (Dialect.V201, b'"limit":16.19'), (Dialect.V21, b'"limit":16.19')],
)
def test_a_limit_is_rounded_down_where_a_version_takes_one_digit(dialect: Dialect, limit: bytes):
    command = c.SetChargingProfile(profile=profile(limit_a=Decimal("16.19")), evse=1)
    frame = wire.write_command(dialect, command, message_id="c")[1]
    assert limit + b"}" in frame
    assert b'"chargingRateUnit":"A"' in frame


@pytest.mark.parametrize("dialect", list(Dialect))
def test_watts_and_amperes_are_not_mixed(dialect: Dialect):
    mixed = c.SetChargingProfile(profile=profile(limit_a=Decimal(16), limit_w=Decimal(11_000)))
    assert wire.refusal_of(dialect, mixed) == "A charging schedule speaks in watts or in amperes, not in both."


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize("limit", ["NaN", "Infinity", "1e999"])
def test_a_limit_is_a_number(dialect: Dialect, limit: str):
    command = c.SetChargingProfile(profile=profile(limit_w=Decimal(limit)))
    assert wire.refusal_of(dialect, command) == f"{Decimal(limit)} is no number that can be sent."


def test_a_limit_beyond_all_measure_is_refused_where_it_would_be_rounded():
    command = c.SetChargingProfile(profile=profile(limit_w=Decimal("1e30")))
    assert wire.refusal_of(Dialect.V16, command) == "1E+30 is no limit of a station."


@pytest.mark.parametrize("dialect", list(Dialect))
def test_outlet_0_of_a_start_is_any_outlet(dialect: Dialect):
    card = PresentedToken("04A1B2C3")
    anywhere, zero = (c.StartSession(token=card, remote_start_id=5, evse=evse) for evse in (None, 0))
    assert wire.write_command(dialect, zero, message_id="c") == wire.write_command(dialect, anywhere, message_id="c")


def test_the_reference_page_is_current():
    tool = Path(__file__).parents[2] / "tools" / "operations_page.py"
    run = subprocess.run([sys.executable, str(tool), "--check"], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (0, "")
