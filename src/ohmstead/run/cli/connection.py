"""How a command finds the instance it talks to, and how it says what went wrong."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what a person can mend into its sentence and exit code 2."""
    from ohmstead.run.data_folder import CannotStart
    from ohmstead.run.environment import BadSetting
    from ohmstead.run.roles import RoleCannotStart

    try:
        yield
    except (CannotStart, RoleCannotStart, BadSetting) as known:
        typer.echo(str(known), err=True)
        raise typer.Exit(2) from known


def use_running_instance(data: Path | None) -> None:
    """Point this process at the instance `ohmstead up` runs on the data folder, unless DATABASE_URL names one."""
    from ohmstead.run.data_folder import DataFolder

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ohmstead.run.settings")
    if "DATABASE_URL" in os.environ:
        return
    folder = DataFolder((data or Path(os.environ.get("OHMSTEAD_DATA", "ohmstead-data"))).expanduser().absolute())
    facts = folder.read_running()
    if not facts:
        typer.echo(
            f"Nothing runs on {folder.path}: start it with `ohmstead up`, name another folder with OHMSTEAD_DATA, "
            "or set DATABASE_URL.",
            err=True,
        )
        raise typer.Exit(2)
    os.environ |= {
        "DATABASE_URL": facts["database_url"],
        "OHMSTEAD_NATS_URL": facts["nats_url"],
        "OHMSTEAD_DATA": str(folder.path),
        "OHMSTEAD_SECRET_KEY": folder.secret_key(),
        "OHMSTEAD_HOST": facts["host"],
        "OHMSTEAD_WEB_PORT": str(facts["web_port"]),
        "OHMSTEAD_OCPP_PORT": str(facts["ocpp_port"]),
        "OHMSTEAD_OCPPS_PORT": str(facts["ocpps_port"]),
        "OHMSTEAD_DEMO": "1" if facts["demo"] else "0",
    }
