"""The command line `ohmstead`. Commands import what they need when they run, so that help answers at once."""

from ohmstead.run.cli import doctor, simulate
from ohmstead.run.cli.main import app
from ohmstead.run.cli.people import organisation, user
from ohmstead.run.cli.station import station
from ohmstead.run.cli.wire import wire

app.add_typer(station, name="station", rich_help_panel="Use it")
app.add_typer(organisation, name="organisation", rich_help_panel="Use it")
app.add_typer(user, name="user", rich_help_panel="Use it")
app.add_typer(wire, name="wire", rich_help_panel="Use it")

__all__ = ["app", "doctor", "simulate"]
