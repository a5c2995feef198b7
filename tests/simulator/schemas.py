"""The official schemas as the `ocpp` package carries them, and a check of whole conversations."""

import json
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from jsonschema import Draft4Validator, Draft6Validator

from tests.simulator.scripted_csms import Heard

FOLDER = {"ocpp1.6": "v16", "ocpp2.0.1": "v201", "ocpp2.1": "v21"}


@cache
def validator(dialect: str, action: str, kind: str) -> Draft4Validator | Draft6Validator:
    spec = find_spec("ocpp")
    assert spec
    assert spec.origin
    suffix = kind if kind == "Response" or dialect != "ocpp1.6" else ""
    path = Path(spec.origin).parent / FOLDER[dialect] / "schemas" / f"{action}{suffix}.json"
    schema = json.loads(path.read_text(encoding="utf-8-sig"))
    return Draft4Validator(schema) if dialect == "ocpp1.6" else Draft6Validator(schema)


def faults(frames: list[Heard], skip: frozenset[str] = frozenset()) -> list[str]:
    """What the stations said against the schemas, as sentences; answers are matched to our calls by id."""
    asked = {frame[1]: frame[2] for _, _, direction, frame in frames if direction == "out" and frame[0] == 2}
    found = []
    for dialect, station, direction, frame in frames:
        if direction == "out" or station in skip or frame[0] == 4:
            continue
        action = frame[2] if frame[0] == 2 else asked[frame[1]]
        payload: Any = frame[3] if frame[0] == 2 else frame[2]
        kind = "Request" if frame[0] == 2 else "Response"
        for error in validator(dialect, action, kind).iter_errors(payload):
            found.append(f"{station} {dialect} {action} {kind} {list(error.absolute_path)}: {error.message[:200]}")
    return sorted(set(found))
