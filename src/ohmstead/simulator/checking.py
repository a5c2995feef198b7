"""Reads and checks a scenario file; an error names file, line and key."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
import yaml

from ohmstead.simulator.control import VERBS
from ohmstead.simulator.drivers import HABITS
from ohmstead.simulator.quirks import QUIRKS
from ohmstead.simulator.settings import BY_NAME, acceptable, as_text
from ohmstead.simulator.sheet import Sheet, Site
from ohmstead.station.identity import InvalidIdentity, station_identity


class ScenarioError(Exception):
    """A sentence that names file, line and key."""


def read_sheet(text: str, source: str) -> Sheet:
    """The checked content of a scenario file."""
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScenarioError(f"{source}, line {line}: {error.problem}.") from None
    lines = Lines(node, source)
    try:
        sheet = msgspec.convert(data, Sheet, strict=True)
    except msgspec.ValidationError as error:
        raise lines.error_from(str(error)) from None
    _check(sheet, lines)
    return sheet


@dataclass(frozen=True, slots=True)
class Lines:
    """Finds the line of a key path in the YAML source."""

    root: yaml.Node | None
    source: str

    def error(self, path: list[str | int], sentence: str) -> ScenarioError:
        key = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")
        return ScenarioError(f"{self.source}, line {self.line(path)}, {key or 'the file'}: {sentence}")

    def error_from(self, message: str) -> ScenarioError:
        """A msgspec message ends in "- at `$.sites[0].kind`"."""
        sentence, _, where = message.partition(" - at `$")
        path: list[str | int] = []
        for step in where.rstrip("`").replace("[", ".[").split("."):
            if step.startswith("[") and step[1:-1].isdecimal():
                path.append(int(step[1:-1]))
            elif step and not step.startswith("["):
                path.append(step)
        return self.error(path, f"{sentence}.")

    def line(self, path: list[str | int]) -> int:
        node, line = self.root, 1
        for step in path:
            child = self._child(node, step)
            if child is None:
                break
            node, line = child
        return line

    def _child(self, node: yaml.Node | None, step: str | int) -> tuple[yaml.Node, int] | None:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            return node.value[step], node.value[step].start_mark.line + 1
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                if key.value == str(step):
                    return value, key.start_mark.line + 1
        return None


def _check(sheet: Sheet, lines: Lines) -> None:
    try:
        ZoneInfo(sheet.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise lines.error(["time_zone"], f"{sheet.time_zone!r} is not a time zone.") from None
    _check_settings(sheet.settings, ["settings"], lines)
    for name, model in sheet.models.items():
        for quirk in model.quirks:
            if quirk not in QUIRKS:
                raise lines.error(
                    ["models", name, "quirks"], f"{quirk!r} is not a quirk; there are {', '.join(QUIRKS)}."
                )
        if model.ac and model.dc:
            raise lines.error(["models", name], "a model is AC or DC, not both.")
        _check_settings(model.settings, ["models", name, "settings"], lines)
    for place, happening in enumerate(sheet.happenings):
        for key, verb in (("do", happening.do), ("then", happening.then)):
            if verb is not None and verb not in VERBS:
                raise lines.error(["happenings", place, key], f"{verb!r} is not a verb; there are {', '.join(VERBS)}.")
    seen: dict[str, str] = {}
    for index, site in enumerate(sheet.sites):
        if site.kind not in HABITS:
            raise lines.error(
                ["sites", index, "kind"], f"{site.kind!r} is not a kind of site; there are {', '.join(HABITS)}."
            )
        _check_stations(site, index, sheet, lines, seen)


def _check_stations(site: Site, index: int, sheet: Sheet, lines: Lines, seen: dict[str, str]) -> None:
    for place, block in enumerate(site.stations):
        path: list[str | int] = ["sites", index, "stations", place]
        if block.model not in sheet.models:
            raise lines.error([*path, "model"], f"{block.model!r} is not among the models.")
        if (block.identity is None) == (block.prefix is None):
            raise lines.error(path, "say either identity, or prefix and count.")
        for identity in block.identities():
            try:
                station_identity(identity)
            except InvalidIdentity as error:
                raise lines.error(path, str(error)) from None
            if identity in seen:
                raise lines.error(path, f"{identity} is already a station of {seen[identity]}.")
            seen[identity] = site.name


def _check_settings(settings: dict[str, str | int | bool], path: list[str | int], lines: Lines) -> None:
    for name, value in settings.items():
        if name not in BY_NAME:
            raise lines.error([*path, name], f"{name!r} is not a setting.")
        if not acceptable(BY_NAME[name], as_text(value)):
            raise lines.error([*path, name], f"{value!r} does not fit; {name} is of kind {BY_NAME[name].kind}.")
