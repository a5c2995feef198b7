"""A scenario: who stands where, who drives there, what goes wrong and when."""

from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from random import Random

import msgspec

from ohmstead.simulator.checking import ScenarioError, read_sheet
from ohmstead.simulator.nameplate import Nameplate
from ohmstead.simulator.settings import as_text
from ohmstead.simulator.sheet import Model, Security, Sheet, Site, Stations
from ohmstead.station.tokens import PresentedToken
from ohmstead.wire.dialect import Dialect

__all__ = ["SHIPPED", "Planned", "Scenario", "ScenarioError", "load", "parse"]

SHIPPED = ("town", "storm", "quirks")
DIALECTS = {"1.6": Dialect.V16, "2.0.1": Dialect.V201, "2.1": Dialect.V21}


@dataclass(frozen=True, slots=True)
class Planned:
    """One station as the scenario plans it."""

    identity: str
    model_name: str
    model: Model
    site: Site
    security: Security
    password: str | None
    nameplate: Nameplate
    settings: dict[str, str]

    @property
    def dialect(self) -> Dialect:
        return DIALECTS[self.model.ocpp]


@dataclass(frozen=True)
class Scenario:
    sheet: Sheet
    source: str

    @cached_property
    def stations(self) -> tuple[Planned, ...]:
        return tuple(
            self._planned(identity, block, site)
            for site in self.sheet.sites
            for block in site.stations
            for identity in block.identities()
        )

    @cached_property
    def cards(self) -> tuple[PresentedToken, ...]:
        """The cards this town knows, the same for every seed, so that a network can be told of them."""
        drivers = self.sheet.drivers
        made = [drivers.card.format(number=number) for number in range(1, drivers.cards + 1)]
        extra = [PresentedToken(card.uid, card.kind) for card in drivers.extra]
        return tuple(PresentedToken(uid) for uid in made) + tuple(extra)

    def only(self, most: int) -> "Scenario":
        """Some of the stations, drawn evenly from the plan so that sites and versions stay mixed."""
        step = max(1.0, len(self.stations) / most)
        smaller = Scenario(self.sheet, self.source)
        smaller.__dict__["stations"] = tuple(self.stations[int(i * step)] for i in range(min(most, len(self.stations))))
        return smaller

    def multiplied(self, wanted: int) -> "Scenario":
        """As many stations as wanted: the plan repeated with new identities, for load."""
        base = self.stations
        planned = [
            base[i % len(base)] if i < len(base) else _renamed(base[i % len(base)], i // len(base))
            for i in range(wanted)
        ]
        larger = Scenario(self.sheet, self.source)
        larger.__dict__["stations"] = tuple(planned)
        return larger

    def with_cards(self, count: int) -> "Scenario":
        """The same plan with so many cards: a driver without a free one does not come."""
        drivers = msgspec.structs.replace(self.sheet.drivers, cards=count)
        changed = Scenario(msgspec.structs.replace(self.sheet, drivers=drivers), self.source)
        changed.__dict__["stations"] = self.stations
        return changed

    def _planned(self, identity: str, block: Stations, site: Site) -> Planned:
        model = self.sheet.models[block.model]
        security = model.security or self.sheet.security
        password = block.password or security.password
        serial = f"SN-{Random(identity).randrange(10**8):08d}"
        if "long_serial" in model.quirks:
            serial += "-REV2-PRODUCTION-LINE-7"
        plate = Nameplate(
            model.vendor, model.model, serial, model.firmware, model.outlets(), model.plug_and_charge,
            model.signed, model.quirks,
        )  # fmt: skip
        settings = {name: as_text(value) for name, value in (self.sheet.settings | model.settings).items()}
        return Planned(
            identity,
            block.model,
            model,
            site,
            security,
            password and password.format(identity=identity),
            plate,
            settings,
        )


def load(name_or_path: str | Path) -> Scenario:
    """A shipped scenario by its name, or a file."""
    if str(name_or_path) in SHIPPED:
        text = files("ohmstead.simulator").joinpath("scenarios", f"{name_or_path}.yaml").read_text()
        return parse(text, f"{name_or_path}.yaml")
    path = Path(name_or_path)
    if not path.is_file():
        raise ScenarioError(f"{path}: no such file, and no shipped scenario (those are {', '.join(SHIPPED)}).")
    return parse(path.read_text(), str(path))


def parse(text: str, source: str) -> Scenario:
    return Scenario(read_sheet(text, source), source)


def _renamed(planned: Planned, round_number: int) -> Planned:
    identity = f"{planned.identity}-{round_number}"
    password = planned.password and planned.password.replace(planned.identity, identity)
    return replace(planned, identity=identity, password=password)
