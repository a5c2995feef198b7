"""`ohmstead wire ...`."""

import json
from typing import Annotated, Any

import typer

wire = typer.Typer(no_args_is_help=True, help="What Ohmstead speaks.")


@wire.command()
def coverage(
    as_json: Annotated[bool, typer.Option("--json", help="Every message of every version, for programs.")] = False,
    version: Annotated[
        str | None, typer.Option("--version", help="One version in full: ocpp1.6, ocpp2.0.1 or ocpp2.1.")
    ] = None,
) -> None:
    """List the OCPP messages of each version: which are decoded, become events, and are sent by us."""
    from ohmstead.wire import coverage as covered

    found = covered()
    if version is not None and version not in found:
        typer.echo(f"{version} is none of {', '.join(found)}.", err=True)
        raise typer.Exit(2)
    found = {version: found[version]} if version else found
    if as_json:
        typer.echo(json.dumps(found, indent=1))
        return
    for name, rows in found.items():
        typer.echo(_summary(name, rows["actions"]))
        if version:
            for action, row in rows["actions"].items():
                typer.echo(f"  {action:<36} {_direction(row):<16} {_use(row)}")


def _summary(version: str, actions: dict[str, dict[str, Any]]) -> str:
    rows = actions.values()
    decoded = sum(bool(row["decoded"]) for row in rows)
    events = sum(row["projected"] == "event" for row in rows)
    commands = sum(row["sent"] == "command" for row in rows)
    raw = sum(row["sent"] == "raw" for row in rows)
    return (
        f"{version}: {len(actions)} messages, {decoded} decoded; {events} become events of their own, "
        f"{commands} are sent as commands, {raw} only raw"
    )


def _direction(row: dict[str, Any]) -> str:
    return {"station": "from the station", "us": "from us", "both": "both ways"}[row["direction"]]


def _use(row: dict[str, Any]) -> str:
    uses = []
    if row["projected"]:
        uses.append("becomes an event" if row["projected"] == "event" else "is kept as a notice")
    if row["sent"]:
        uses.append("sent as a command" if row["sent"] == "command" else "can be sent raw")
    return ", ".join(uses)
