"""Every command, with every field, in every version: what is sent is what the official schema allows."""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Any

import jsonschema
import pytest

from ohmstead import wire
from ohmstead.station.commands import AnyCommand
from ohmstead.station.commands.operations import OPERATIONS
from ohmstead.wire import Dialect
from ohmstead.wire.registry import MESSAGES
from tests.wire.command_maker import CommandMaker, optional_paths
from tests.wire.ocpp_schemas import SCHEMAS, Schema

REQUESTS = {(schema.dialect, schema.action): schema for schema in SCHEMAS if not schema.response}
FULLNESS = (0.1, 0.3, 0.6, 0.9, 1.0)
ROUNDS = 160
EVERY = [
    pytest.param(dialect, offer, id=f"{dialect.subprotocol}-{name}")
    for dialect in Dialect
    for name, offer in wire.offers(dialect).items()
]
# What only the raw console sends: prices inside charging profiles, second identities of a token, a station's password
# inside a network profile, and SOAP.
LEFT_TO_RAW = {
    "absolutePriceSchedule", "additionalInfo", "basicAuthPassword", "customData", "digestValue", "priceLevelSchedule",
    "priceScheduleSignature", "salesTariff", "signatureId",
}  # fmt: skip
LEFT_WORD = re.compile(
    r"=(ISO15693|OCPP12|OCPP15|OCPP20|SOAP)$"  # 2.0.1 is told of itself, whose word OCPP20 is
    r"|attributeType=Actual$"  # what is meant when nothing is said
    r"|display\.evse\.connectorId$"
    r"|groupIdToken\.type=(?!ISO14443)"  # a group is named like a card
    r"|^ExtendedTriggerMessage\.requestedMessage=(?!LogStatus|SignChargePoint)"  # the core message asks for the others
    r"|^GetLog\.logType=DiagnosticsLog",  # 1.6: by GetDiagnostics
)


@cache
def exact_validator(schema: Schema) -> Any:
    """With decimals: 16.1 is a multiple of 0.1 for a station, and is not one for binary fractions."""
    exact = json.loads(schema.text, parse_float=Decimal)
    return jsonschema.validators.validator_for(exact)(exact)


@cache
def sent(dialect: Dialect, name: str) -> tuple[tuple[str, Any], ...]:
    """(action, payload) of what could be said of many commands."""
    made = []
    for seed in range(ROUNDS):
        offer = wire.offers(dialect)[name]
        command = CommandMaker(seed, FULLNESS[seed % len(FULLNESS)]).command(offer.operation, without=offer.lacks)
        call = said(dialect, command)
        if call is not None:
            made.append((call[0], json.loads(call[1], parse_float=Decimal)[3]))
    return tuple(made)


@pytest.mark.parametrize(("dialect", "offer"), EVERY)
def test_what_is_sent_is_valid(dialect: Dialect, offer: wire.Offer):
    calls = sent(dialect, offer.operation.name)
    assert len(calls) >= ROUNDS // 20
    for action, payload in calls:
        exact_validator(REQUESTS[dialect, action]).validate(payload)
        assert action in offer.actions or not offer.actions


@pytest.mark.parametrize("dialect", list(Dialect))
def test_every_message_every_field_and_every_word_can_be_said(dialect: Dialect):
    told: set[str] = set()
    for name, offer in wire.offers(dialect).items():
        if offer.actions:
            for action, payload in sent(dialect, name):
                told |= set(paths(action, payload, words_at(REQUESTS[dialect, action])))
    ours = {action for action, message in MESSAGES[dialect].items() if message.from_us}
    wanted = {each for action in ours for each in words_at(REQUESTS[dialect, action])}
    assert sorted(each for each in wanted - told if not LEFT_WORD.search(each)) == []


@cache
def words_at(schema: Schema) -> frozenset[str]:
    return frozenset(_schema_paths(schema, schema.root, schema.action))


def _schema_paths(schema: Schema, node: dict[str, Any], at: str) -> Iterator[str]:
    node = schema.resolved(node)
    yield at
    yield from (f"{at}={word}" for word in node.get("enum", ()))
    if node.get("type") == "array":
        yield from _schema_paths(schema, node["items"], at)
    for name, child in node.get("properties", {}).items():
        if name not in LEFT_TO_RAW:
            yield from _schema_paths(schema, child, f"{at}.{name}")


def paths(at: str, value: Any, known: frozenset[str]) -> Iterator[str]:
    yield at
    if isinstance(value, dict):
        for name, each in value.items():
            yield from paths(f"{at}.{name}", each, known)
    elif isinstance(value, list):
        for each in value:
            yield from paths(at, each, known)
    elif f"{at}={value}" in known:
        yield f"{at}={value}"


@pytest.mark.parametrize(("dialect", "offer"), EVERY)
def test_a_version_lacks_the_fields_that_change_nothing_it_can_say(dialect: Dialect, offer: wire.Offer):
    for path in optional_paths(offer.operation.fields):
        lacked = any(path == each or path.startswith(f"{each}.") for each in offer.lacks)
        assert sayable(dialect, offer, path) is not lacked, path


def sayable(dialect: Dialect, offer: wire.Offer, path: str) -> bool:
    """Whether some command says something else, or can only be said, when the field is added to it."""
    parents = {path[:at] for at, character in enumerate(path) if character == "."}
    without = offer.lacks - parents
    for seed in range(30):
        maker = CommandMaker(seed, FULLNESS[seed % len(FULLNESS)])
        more = said(dialect, maker.command(offer.operation, without=without, having=parents | {path}))
        if more is not None:
            less = maker.command(offer.operation, without=without | {path}, having=parents)
            if said(dialect, less) != more:
                return True
    return False


def said(dialect: Dialect, command: AnyCommand) -> tuple[str, bytes] | None:
    try:
        return wire.write_command(dialect, command, message_id="c")
    except wire.CommandNotInDialect:
        return None


@pytest.mark.parametrize("dialect", list(Dialect))
@pytest.mark.parametrize("name", OPERATIONS)
def test_what_cannot_be_said_is_refused_with_a_sentence_before_it_is_sent(dialect: Dialect, name: str):
    for seed in range(10):
        command = CommandMaker(seed, FULLNESS[seed % len(FULLNESS)]).command(OPERATIONS[name])
        sentence = wire.refusal_of(dialect, command)
        if name not in wire.offers(dialect):
            assert sentence is not None
        assert sentence is None or sentence.endswith("."), command
