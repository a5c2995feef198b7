"""`ohmstead doctor`."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from ohmstead.run.cli.connection import sentences, use_running_instance
from ohmstead.run.cli.main import DataOption, app


@app.command(rich_help_panel="Keep it running")
def doctor(
    station: Annotated[
        str | None, typer.Option("--station", help="Identity of a station that does not connect: say why.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Look over an installation and say in plain words what is wrong.

    Exit code 0: all is well. 1: something needs attention. 2: nothing to look at.
    """
    use_running_instance(data)
    with sentences():
        from ohmstead.run.prepare import set_up_django

        set_up_django()
        from ohmstead.run.doctor.line import examine_line
        from ohmstead.run.doctor.station import examine_station
        from ohmstead.run.doctor.system import examine_system
        from ohmstead.run.environment import environment

        here = environment()
        findings = list(examine_system(here))
        for finding in findings:
            typer.echo(str(finding))
        reachable = any(finding.what == "database" and finding.fine for finding in findings)
        more = examine_station(station, here, datetime.now(UTC)) if station else examine_line(here)
        for finding in more if reachable else ():
            findings.append(finding)
            typer.echo(str(finding))
    if not all(finding.fine for finding in findings):
        raise typer.Exit(1)
