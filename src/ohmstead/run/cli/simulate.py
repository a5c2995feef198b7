"""`ohmstead simulate`: run simulated stations, or control those that run."""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ohmstead.run.cli.connection import running_instance
from ohmstead.run.cli.main import DataOption, app

if TYPE_CHECKING:
    from ohmstead.simulator.fleet import Options
    from ohmstead.simulator.scenario import Scenario


@app.command(rich_help_panel="Use it")
def simulate(
    verb: Annotated[str | None, typer.Argument(help="Control what runs: plug, card, fault ...; see above.")] = None,
    identity: Annotated[str | None, typer.Argument(help="Which station; * and ? stand for any characters.")] = None,
    details: Annotated[
        list[str] | None, typer.Argument(metavar="NAME=VALUE", help="Details of the verb, such as evse=2.")
    ] = None,
    scenario: Annotated[str, typer.Option(help="town, storm, quirks, or a YAML file of your own.")] = "town",
    stations: Annotated[
        int | None, typer.Option(help="How many stations; the scenario's plan is cut or repeated.", min=1)
    ] = None,
    speed: Annotated[float, typer.Option(help="How much faster than real time drivers and cars live.", min=0.1)] = 1.0,
    seed: Annotated[int, typer.Option(help="The same number gives the same drivers.")] = 1,
    drivers: Annotated[bool, typer.Option(help="Let drivers come and go by themselves.")] = True,
    url: Annotated[
        str | None, typer.Option(help="Where stations connect; default: the instance that runs on the data folder.")
    ] = None,
    tls_url: Annotated[str | None, typer.Option(help="The same for stations that use TLS, wss://.")] = None,
    ca_file: Annotated[Path | None, typer.Option(help="PEM file of who signed the TLS certificate.")] = None,
    record: Annotated[Path | None, typer.Option(help="Write every acknowledged message to this file.")] = None,
    data: DataOption = None,
) -> None:
    """Run simulated charging stations, cars and drivers until Ctrl-C; or control those that run already.

    Without a verb it connects the stations of a scenario over real sockets. With one it asks the running simulator:
    list, add, plug, unplug, card, stop, emergency, fault, repair, offline, online, reboot, power_cut, tilt,
    refuse, ignore, spoil, obey.
    `ohmstead simulate verbs` says what each does and takes. Example: ohmstead simulate plug OHM-MALL-01 evse=2
    """
    facts = running_instance(data)
    nats_url = os.environ.get("OHMSTEAD_NATS_URL") or facts.get("nats_url")
    if verb == "verbs":
        typer.echo(_verbs())
    elif verb is not None:
        _control(nats_url, identity, verb, details or [])
    else:
        from ohmstead.simulator.fleet import Options

        folder = Path(facts["folder"]) if facts else None
        ours = folder / "ca" / "root.pem" if folder else None
        options = Options(
            url=url or _address("ws", facts.get("ocpp_port") or 9310),
            tls_url=tls_url or _address("wss", facts.get("ocpps_port") or 9311),
            ca_file=str(ca_file or ours) if ca_file or (ours and ours.exists()) else None,
            seed=seed,
            speed=speed,
            with_drivers=drivers,
            record=record,
            folder=folder / "simulator" if folder else None,
        )
        _run(_scenario(scenario, stations), options, None if url else nats_url)


def _address(scheme: str, port: int) -> str:
    return f"{scheme}://127.0.0.1:{port}/ocpp"


def _verbs() -> str:
    from ohmstead.simulator.control import VERBS

    lines = []
    for verb in VERBS.values():
        lines.append(f"{verb.name:<10} {verb.help}")
        lines += [f"{'':<10}   {name}=  {help_}" for name, help_ in verb.takes.items()]
    return "\n".join(lines)


def _scenario(name: str, stations: int | None) -> "Scenario":
    from ohmstead.simulator.scenario import ScenarioError, load

    try:
        found = load(name)
    except ScenarioError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(2) from wrong
    if stations is None:
        return found
    return found.only(stations) if stations <= len(found.stations) else found.multiplied(stations)


def _run(scenario: "Scenario", options: "Options", nats_url: str | None) -> None:
    import logging

    import uvloop

    from ohmstead.run.roles import stopping
    from ohmstead.simulator.running import simulate as live

    async def until_stopped() -> None:
        await live(scenario, options, nats_url=nats_url, until=stopping())

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    logging.getLogger("picows").setLevel(logging.WARNING)
    typer.echo(f"{len(scenario.stations)} stations connect to {options.url}. Ctrl-C stops them.")
    if options.folder:
        options.folder.mkdir(parents=True, exist_ok=True)
    uvloop.run(until_stopped())


def _control(nats_url: str | None, identity: str | None, verb: str, details: list[str]) -> None:
    from ohmstead.simulator.control import ControlRefused, send_once

    if identity is None and verb != "list":
        typer.echo(f"Which station? ohmstead simulate {verb} IDENTITY", err=True)
        raise typer.Exit(2)
    words = [detail.partition("=") for detail in details]
    wrong = [name for name, equals, _ in words if not equals]
    if wrong:
        typer.echo(f"{wrong[0]} is not NAME=VALUE, such as evse=2.", err=True)
        raise typer.Exit(2)
    if nats_url is None:
        typer.echo("No simulator runs here: start one with `ohmstead up --demo`.", err=True)
        raise typer.Exit(2)
    try:
        reply = asyncio.run(send_once(nats_url, identity or "*", verb, {name: value for name, _, value in words}))
    except ControlRefused as refused:
        typer.echo(str(refused), err=True)
        raise typer.Exit(2) from refused
    for station in reply.stations:
        typer.echo(_line(station))
    typer.echo(reply.sentence, err=not reply.done)
    if not reply.done:
        raise typer.Exit(1)


def _line(station: dict[str, object]) -> str:
    evses = station["evses"]
    assert isinstance(evses, list)
    plugs = ", ".join(f"{evse['number']} {evse['state']}{_charge(evse)}" for evse in evses)
    state = "online " if station["online"] else "offline"
    return f"{station['identity']:<20} {station['ocpp']:<6} {state} {plugs}"


def _charge(evse: dict[str, object]) -> str:
    if "session" not in evse:
        return f" ({evse['car']})" if "car" in evse else ""
    return f" ({evse.get('car', 'no car')}, {evse['power_w']} W, {evse['energy_wh']:.0f} Wh)"
