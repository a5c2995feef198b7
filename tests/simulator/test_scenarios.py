"""Scenarios are read strictly; an error leads to the line."""

from pathlib import Path

import pytest

from ohmstead.simulator.control import VERBS
from ohmstead.simulator.drivers import HABITS
from ohmstead.simulator.quirks import QUIRKS
from ohmstead.simulator.scenario import SHIPPED, ScenarioError, load, parse
from ohmstead.simulator.settings import TABLE
from ohmstead.simulator.sheet import Ac, Card, Dc, Drivers, Happening, Model, Security, Sheet, Site, Stations
from ohmstead.wire.dialect import Dialect

BLOCKS = (Ac, Card, Dc, Drivers, Happening, Model, Security, Sheet, Site, Stations)
GOOD = """name: yard
models:
  wall: {vendor: V, model: M}
sites:
  - name: Yard
    kind: depot
    stations:
      - {prefix: Y-, count: 2, digits: 2, model: wall, password: "pw-{identity}"}
"""


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios_are_sound(name: str) -> None:
    scenario = load(name)
    assert scenario.sheet.name == name
    assert len({planned.identity for planned in scenario.stations}) == len(scenario.stations)


def test_the_town_has_six_sites_sixty_stations_and_every_dialect() -> None:
    town = load("town")
    assert len(town.sheet.sites) == 6
    assert len(town.stations) == 60
    assert {planned.dialect for planned in town.stations} == set(Dialect)
    assert {site.kind for site in town.sheet.sites} == {"mall", "office", "housing", "hub", "hotel", "depot"}


def test_the_quirks_scenario_shows_every_quirk() -> None:
    shown = {quirk for planned in load("quirks").stations for quirk in planned.model.quirks}
    assert shown == set(QUIRKS)


def test_numbers_passwords_and_cards_are_filled_in() -> None:
    scenario = parse(GOOD, "yard.yaml")
    assert [(p.identity, p.password) for p in scenario.stations] == [("Y-01", "pw-Y-01"), ("Y-02", "pw-Y-02")]
    assert scenario.cards[0].uid == "04A10001B2C3D4"


def test_a_plan_multiplies_for_load() -> None:
    many = parse(GOOD, "yard.yaml").multiplied(5)
    identities = [planned.identity for planned in many.stations]
    assert identities == ["Y-01", "Y-02", "Y-01-1", "Y-02-1", "Y-01-2"]
    assert many.stations[2].password == "pw-Y-01-1"


def test_a_town_can_have_more_cards_for_load() -> None:
    many = load("storm").multiplied(300).with_cards(900)
    assert (len(many.stations), len({card.uid for card in many.cards})) == (300, 900)


def test_a_smaller_town_keeps_its_mixture() -> None:
    few = load("town").only(12)
    assert len(few.stations) == 12
    assert {planned.dialect for planned in few.stations} == set(Dialect)
    assert len(load("town").only(100).stations) == 60


def test_the_reference_names_everything_a_scenario_can_say() -> None:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "scenarios.md").read_text()
    fields = {name for block in BLOCKS for name in block.__struct_fields__}
    settings = {setting.name for setting in TABLE if setting.writable}
    missing = {name for name in fields | settings | set(QUIRKS) | set(HABITS) if f"`{name}" not in text}
    assert missing - {"phases", "current_a", "power_kw", "uid", "kind"} == set()


def test_the_guide_names_every_verb() -> None:
    text = (Path(__file__).parents[2] / "docs" / "how-to" / "simulate.md").read_text()
    assert {verb for verb in VERBS if f"`{verb}`" not in text} == set()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        pytest.param(("kind: depot", "kind: beach"), "yard.yaml, line 6, sites[0].kind: 'beach' is", id="kind"),
        pytest.param(("model: wall,", "model: wal,"), "line 8, sites[0].stations[0].model: 'wal' is not", id="model"),
        pytest.param(("kind: depot", "kindd: depot"), "line 5, sites[0]: Object", id="a key nobody knows"),
        pytest.param(("count: 2", "count: two"), "line 8, sites[0].stations[0].count: Expected `int`", id="type"),
        pytest.param(("prefix: Y-,", ""), "stations[0]: say either identity, or prefix", id="no identity"),
        pytest.param(("prefix: Y-", "prefix: 'Y/'"), "'Y/01' is not a station identity", id="a bad identity"),
        pytest.param(("name: yard", "name: yard\ntime_zone: Mars/North"), "line 2, time_zone: 'Mars/North'", id="zone"),
        pytest.param(("model: M}", "model: M, quirks: [shy]}"), "models.wall.quirks: 'shy' is not a quirk", id="quirk"),
        pytest.param(("model: M}", "model: M, settings: {mood: 1}}"), "settings.mood: 'mood' is not a", id="setting"),
        pytest.param(
            ("model: M}", "model: M, settings: {heartbeat_s: often}}"), "'often' does not fit", id="setting value"
        ),
        pytest.param(("model: M}", "model: M, ac: {}, dc: {power_kw: 5}}"), "is AC or DC, not both", id="ac and dc"),
        pytest.param(("sites:", "sites: ["), "yard.yaml, line ", id="not yaml"),
        pytest.param(
            ("name: yard", "name: yard\nhappenings: [{at_s: 1, do: dance}]"),
            "line 2, happenings[0].do: 'dance' is not a verb", id="verb",
        ),
    ],
)  # fmt: skip
def test_an_error_names_line_and_key(change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(ScenarioError) as refusal:
        parse(GOOD.replace(*change), "yard.yaml")
    assert sentence in str(refusal.value)


def test_an_unknown_scenario_names_the_shipped_ones() -> None:
    with pytest.raises(ScenarioError, match="town, storm, quirks"):
        load("nowhere")
