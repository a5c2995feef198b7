"""The command line `ohmstead`. Commands import what they need when they run, so that help answers at once."""

from ohmstead.run.cli import doctor
from ohmstead.run.cli.main import app

__all__ = ["app", "doctor"]
