"""`python -m ohmstead` is the command line."""

from ohmstead.run.cli import app

app(prog_name="ohmstead")
