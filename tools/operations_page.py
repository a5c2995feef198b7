"""Writes docs/reference/operations.md from the table of operations; `--check` only says whether it is current."""

import sys
from functools import cache
from itertools import groupby
from pathlib import Path

from ohmstead import wire
from ohmstead.station.commands.operations import OPERATIONS, Field, Operation
from ohmstead.wire import Dialect

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "operations.md"
COLUMNS = {Dialect.V16: "1.6", Dialect.V201: "2.0.1", Dialect.V21: "2.1"}
TITLES = {
    "sessions": "Sessions, reservations, costs",
    "control": "The station and its outlets",
    "settings": "Settings and the device model",
    "tokens": "Token list, cache, customers",
    "power": "Power",
    "upkeep": "Firmware and logs",
    "certificates": "Certificates",
    "monitoring": "Monitoring and streams",
    "display": "Display messages",
    "tariffs": "Tariffs at the station",
    "grid": "Support of the grid",
    "raw": "Anything else",
}
INTRODUCTION = """\
# Operations: what can be asked of a station

One command means the same in every version of OCPP that has words for it. This page is written by
`tools/operations_page.py` from the table of operations.

- The columns name the messages a command becomes; a dash says that the version has no words for it, and asking is
  refused with a sentence before anything is sent.
- **!** marks work that can cut off a station or its drivers: whoever asks for it confirms it.
- A `field` in brackets may be left out; one followed by `*` takes several values; `request_id` and `remote_start_id`
  are chosen by us when nobody gives one. A word in parentheses names a part, which stands at the end of the page, or
  the choices. "Not in" names the versions that have no place for it.
- Powers are in watts, currents in amperes, energies in watt-hours, durations in seconds; moments carry a zone.

`RawCommand` sends any other message, or one of these with what they leave out: prices inside a charging profile, a
second identity of a token, a station's password inside a network profile.

## How an answer is read

| what the station says | outcome |
| --- | --- |
| Accepted, Scheduled, RebootRequired, AcceptedCanceled, Unlocked, Unpublished, DownloadOngoing | accepted |
| NotFound, NoProfiles, NoTariff, EmptyResultSet, Unknown, in answer to a question | accepted: there is nothing |
| no word at all, where the message has none | accepted |
| any other word | rejected, with the word and the station's reason |
| an error, or an answer that is no object | failed |

Where several things were asked for, one refusal makes the outcome rejected and its reason names the thing; the others
were done nevertheless. Each thing with the station's word can be read from the stored answer.
"""


def page() -> str:
    lines = [INTRODUCTION]
    for group, operations in groupby(OPERATIONS.values(), key=lambda operation: operation.group):
        heads = " | ".join(COLUMNS.values())
        lines += [f"## {TITLES[group]}", "", f"| command | what it does | {heads} |", "| --- | --- | --- | --- | --- |"]
        listed = list(operations)
        lines += [row(operation) for operation in listed]
        lines += ["", *(details(operation) for operation in listed if operation.fields), ""]
    lines += ["## Parts", "", "| part | fields |", "| --- | --- |"]
    lines += [f"| `{name}` | {', '.join(shown(field, name) for field in fields)} |" for name, fields in parts()]
    return "\n".join(lines).rstrip() + "\n"


def row(operation: Operation) -> str:
    mark = " **!**" if operation.dangerous else ""
    cells = [said(dialect, operation.name) for dialect in COLUMNS]
    return f"| `{operation.kind.__name__}`{mark} | {operation.sentence} | {' | '.join(cells)} |"


def said(dialect: Dialect, name: str) -> str:
    offer = wire.offers(dialect).get(name)
    return ", ".join(offer.actions) or "any" if offer else "–"


def details(operation: Operation) -> str:
    return f"- `{operation.kind.__name__}`: {', '.join(shown(field, operation.name) for field in operation.fields)}"


def shown(field: Field, owner: str) -> str:
    """`owner` is the operation or the part that has the field."""
    name = f"`{field.name}`{'*' if field.repeated else ''}"
    if field.part:
        name += f" ({field.part})"
    if field.kind in ("choice", "yes_no"):
        name += f" ({'/'.join(field.choices) or 'yes/no'})"
    if not field.required:
        name = f"[{name}]"
    missing = [version for dialect, version in COLUMNS.items() if lacked(dialect, owner, field.name)]
    return f"{name} not in {' and '.join(missing)}" if missing else name


@cache
def places(dialect: Dialect) -> tuple[tuple[str, str, bool], ...]:
    """(owner, field, whether the version lacks it) wherever the version gets that far."""
    found: list[tuple[str, str, bool]] = []

    def walk(owner: str, fields: tuple[Field, ...], at: str, lacks: frozenset[str]) -> None:
        for field in fields:
            path = at + field.name
            found.append((owner, field.name, path in lacks))
            if path not in lacks:
                walk(field.part, field.parts, f"{path}.", lacks)

    for name, offer in wire.offers(dialect).items():
        walk(name, offer.operation.fields, "", offer.lacks)
    return tuple(found)


def lacked(dialect: Dialect, owner: str, name: str) -> bool:
    states = [lacks for part, field, lacks in places(dialect) if (part, field) == (owner, name)]
    return bool(states) and all(states)


def parts() -> list[tuple[str, tuple[Field, ...]]]:
    found: dict[str, tuple[Field, ...]] = {}

    def walk(fields: tuple[Field, ...]) -> None:
        for field in fields:
            if field.part:
                found[field.part] = field.parts
                walk(field.parts)

    for operation in OPERATIONS.values():
        walk(operation.fields)
    return sorted(found.items())


def main() -> int:
    text = page()
    if PAGE.exists() and PAGE.read_text() == text:
        return 0
    if "--check" in sys.argv:
        print("docs/reference/operations.md is not current: run `.venv/bin/python tools/operations_page.py`")
        return 1
    PAGE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
