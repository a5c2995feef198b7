"""`ohmstead station ...`: what the console does, from a terminal."""

import json
import time
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from ohmstead.run.cli.business import OrganisationOption, instance, organisation_meant
from ohmstead.run.cli.main import DataOption

if TYPE_CHECKING:
    from ohmstead.network.models import Command, Station
    from ohmstead.station.commands import AnyCommand

station = typer.Typer(no_args_is_help=True, help="List, add and accept stations, and ask them to do something.")

Identity = Annotated[str, typer.Argument(help="The station's identity, the last part of its address.")]
_POLL_S: Final = 0.2


def _station(slug: str | None, identity: str) -> "Station":
    from ohmstead.network import queries

    return queries.station_named(organisation_meant(slug), identity)


@station.command("list")
def list_stations(
    search: Annotated[str, typer.Option(help="Only those with this in identity, name, maker or site.")] = "",
    inbox: Annotated[bool, typer.Option("--inbox", help="Only those that wait to be accepted.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    organisation: OrganisationOption = None,
    data: DataOption = None,
) -> None:
    """Show stations with their state."""
    with instance(data):
        from ohmstead.network import queries

        owner = organisation_meant(organisation)
        rows = queries.inbox(owner) if inbox else queries.stations(owner, search=search)
        found = [_row(each) for each in rows]
        if as_json:
            typer.echo(json.dumps(found, indent=1))
            return
        for row in found:
            line = "online " if row["online"] else "offline"
            plugs = ", ".join(f"{number} {state}" for number, state in row["evses"].items())
            typer.echo(f"{row['identity']:<24} {line} {row['made_by']:<24} {plugs or row['admission']}")
        typer.echo(f"{len(found)} station{'' if len(found) == 1 else 's'}.")


def _row(each: "Station") -> dict[str, Any]:
    return {
        "identity": each.identity,
        "name": each.name,
        "online": each.online,
        "evses": {evse.number: evse.state for evse in each.evses.all()},
        "admission": each.admission,
        "made_by": " ".join(word for word in (each.vendor, each.model) if word),
        "last_seen_at": each.last_seen_at.isoformat() if each.last_seen_at else None,
    }


@station.command()
def add(
    identity: Identity,
    name: Annotated[str, typer.Option(help="A name for people.")] = "",
    profile: Annotated[
        int, typer.Option(help="Least security profile: 0 open, 1 password, 2 TLS and password, 3 certificate.")
    ] = 0,
    organisation: OrganisationOption = None,
    data: DataOption = None,
) -> None:
    """Add a station before it connects. From profile 1 on it gets a password, shown this once."""
    with instance(data):
        from ohmstead.access.actors import Actor
        from ohmstead.network import actions

        by = Actor.job("command line")
        made = actions.create_station(
            organisation_meant(organisation), identity, by=by, name=name, security_profile=profile
        )
        typer.echo(f"{made.identity} is added and accepted.")
        if profile in (1, 2):
            typer.echo(f"Password, shown this once: {actions.set_password(made, by=by)}")


@station.command()
def accept(identity: Identity, organisation: OrganisationOption = None, data: DataOption = None) -> None:
    """Let a station work that waits in the inbox or was refused."""
    with instance(data):
        from ohmstead.access.actors import Actor
        from ohmstead.network import actions

        actions.accept_station(_station(organisation, identity), by=Actor.job("command line"))
        typer.echo(f"{identity} is accepted.")


@station.command()
def refuse(identity: Identity, organisation: OrganisationOption = None, data: DataOption = None) -> None:
    """Keep a station out; an open connection is closed."""
    with instance(data):
        from ohmstead.access.actors import Actor
        from ohmstead.network import actions

        actions.refuse_station(_station(organisation, identity), by=Actor.job("command line"))
        typer.echo(f"{identity} is refused.")


@station.command()
def password(
    identity: Identity,
    over_the_air: Annotated[
        bool, typer.Option("--send", help="Send the new password to the connected station instead of showing it.")
    ] = False,
    organisation: OrganisationOption = None,
    data: DataOption = None,
) -> None:
    """Give a station a new random password: shown once for the installer, or sent over the air."""
    with instance(data):
        from ohmstead.access.actors import Actor
        from ohmstead.network import actions, command_actions

        found, by = _station(organisation, identity), Actor.job("command line")
        if over_the_air:
            _follow(command_actions.change_password_over_the_air(found, by=by), 30.0)
        else:
            typer.echo(f"Password of {found.identity}, shown this once: {actions.set_password(found, by=by)}")


@station.command()
def ask(
    identity: Identity,
    command: Annotated[str, typer.Argument(help="What to do, such as reset-station; `list` shows all.")],
    fields: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE", help="Details, such as immediate=true.")
    ] = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for the station's answer.")] = 30.0,
    organisation: OrganisationOption = None,
    data: DataOption = None,
) -> None:
    """Ask a station to do something and wait for its answer. Exit code 1 when it does not accept."""
    from ohmstead.run.cli.commands import command_of, explained

    if command == "list":
        typer.echo(explained())
        return
    with instance(data):
        from ohmstead.access.actors import Actor
        from ohmstead.network import command_actions

        wish: AnyCommand = command_of(command, fields or [])
        _follow(command_actions.ask_station(_station(organisation, identity), wish, by=Actor.job("command line")), wait)


def _follow(row: "Command", wait_s: float) -> None:
    """Tell each state as it comes."""
    deadline = time.monotonic() + wait_s
    told = ""
    while True:
        if row.state != told:
            told = row.state
            label = row.get_state_display()
            typer.echo(f"{label}: {row.reason}" if row.reason not in ("", label) else label)
        if row.ended_at is not None or time.monotonic() > deadline:
            break
        time.sleep(_POLL_S)
        row.refresh_from_db()
    if row.answer:
        typer.echo(json.dumps(row.answer, indent=1))
    if row.state != "accepted":
        raise typer.Exit(1)
