"""`up`, the roles, and what prepares a database."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from ohmstead.run.cli.connection import DEFAULT_FOLDER, sentences, use_running_instance

app = typer.Typer(
    name="ohmstead",
    help="Run an EV charging network. `ohmstead up --demo` shows everything on one machine.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

DataOption = Annotated[
    Path | None,
    typer.Option(
        "--data",
        envvar="OHMSTEAD_DATA",
        help="Folder that keeps database, certificates and logs.",
        show_default="ohmstead-data",
    ),
]


@app.command(rich_help_panel="Start here")
def up(
    demo: Annotated[
        bool, typer.Option("--demo", help="Fill the network with a fictional town and simulate its stations and cars.")
    ] = False,
    reset: Annotated[bool, typer.Option("--reset", help="Delete all data in the data folder first; asks.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before --reset deletes.")] = False,
    data: DataOption = None,
    host: Annotated[
        str, typer.Option(envvar="OHMSTEAD_HOST", help="Address to listen on; 0.0.0.0 lets other machines in.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(envvar="OHMSTEAD_WEB_PORT", help="Port of the console and the API.")] = 8310,
    ocpp_port: Annotated[
        int, typer.Option(envvar="OHMSTEAD_OCPP_PORT", help="Port for stations, ws://; 0 is off.")
    ] = 9310,
    ocpps_port: Annotated[
        int, typer.Option(envvar="OHMSTEAD_OCPPS_PORT", help="Port for stations, wss://; 0 is off.")
    ] = 9311,
    nats_port: Annotated[int, typer.Option(help="Port of the built-in NATS server, on 127.0.0.1.")] = 4310,
    speed: Annotated[
        float, typer.Option(help="How much faster than real time the demo's cars charge.", min=0.1)
    ] = 10.0,
) -> None:
    """Start everything on this machine: database, message bus, gateway, worker, desk and console.

    Data stays in the data folder between runs. Ctrl-C stops every process.
    """
    from ohmstead.run import up as supervisor
    from ohmstead.run.data_folder import DataFolder

    folder = DataFolder((data or DEFAULT_FOLDER).expanduser().absolute())
    with sentences():
        if reset:
            _reset(folder.path, yes=yes)
        folder.prepare()
        typer.echo(f"Starting Ohmstead with its data in {folder.path} ...")
        supervisor.run(
            supervisor.Wish(
                folder=folder,
                demo=demo,
                host=host,
                web_port=port,
                ocpp_port=ocpp_port,
                ocpps_port=ocpps_port,
                nats_port=nats_port,
                speed=speed,
                say=typer.echo,
            )
        )
    typer.echo("Stopped.")


def _reset(path: Path, *, yes: bool) -> None:
    from ohmstead.run.data_folder import DataFolder
    from ohmstead.run.guardian import stop_leftovers

    folder = DataFolder(path)
    if not path.exists():
        return
    folder.prove_ours()
    if not yes:
        typer.confirm(f"Delete all data in {path}?", abort=True)
    with folder.held():
        stop_leftovers(folder)
        folder.wipe()


def _start(role: str) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ohmstead.run.settings")
    from ohmstead.run import roles
    from ohmstead.run.environment import environment

    with sentences():
        roles.start(role, environment())


@app.command(rich_help_panel="Roles, each a process of its own in production")
def gateway() -> None:
    """Hold the stations' OCPP sockets. Start as many as you need, each with its own OHMSTEAD_GATEWAY_NAME."""
    _start("gateway")


@app.command(rich_help_panel="Roles, each a process of its own in production")
def desk() -> None:
    """Answer the gateways: is this station welcome, may this card charge? And send operators' commands."""
    _start("desk")


@app.command(rich_help_panel="Roles, each a process of its own in production")
def worker() -> None:
    """Turn the journal of messages into sessions, readings and station states; run scheduled jobs."""
    _start("worker")


@app.command(rich_help_panel="Roles, each a process of its own in production")
def web() -> None:
    """Serve the console and the API."""
    _start("web")


@app.command(rich_help_panel="Keep it running")
def migrate() -> None:
    """Bring the database named by DATABASE_URL to the shape this release needs. Safe to repeat."""
    use_running_instance(None)
    with sentences():
        from ohmstead.run.prepare import set_up_django

        set_up_django()
        from ohmstead.run.database import migrate as bring_to_shape
        from ohmstead.run.environment import environment

        bring_to_shape(environment().database_url)
    typer.echo("The database is up to date.")


@app.command(hidden=True)
def prepare() -> None:
    """What `up` runs before the roles; prints one line of JSON."""
    from ohmstead.run.prepare import prepare_instance

    with sentences():
        typer.echo(json.dumps(prepare_instance()))


@app.command(hidden=True)
def history() -> None:
    """What `up --demo` runs beside the roles: a month of plausible past."""
    with sentences():
        from ohmstead.run.prepare import set_up_django

        set_up_django()
        from ohmstead.run.demo import seed_history

        typer.echo(f"{seed_history()} sessions written.")
