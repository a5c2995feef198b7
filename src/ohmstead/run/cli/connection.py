"""How a command finds the instance it talks to, and how it says what went wrong."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer

DEFAULT_FOLDER = Path("ohmstead-data")


@contextmanager
def sentences() -> Iterator[None]:
    """Turn what a person can mend into its sentence and exit code 2."""
    try:
        yield
    except _told_as_they_are() as known:
        typer.echo(str(known), err=True)
        raise typer.Exit(2) from known
    except _database_away() as away:
        first_line = str(away).strip().partition("\n")[0]
        typer.echo(f"The database does not answer: {first_line}", err=True)
        raise typer.Exit(2) from away


def _told_as_they_are() -> tuple[type[Exception], ...]:
    from ohmstead.run.data_folder import CannotStart
    from ohmstead.run.environment import BadSetting
    from ohmstead.run.roles import RoleCannotStart

    return CannotStart, RoleCannotStart, BadSetting


def _database_away() -> tuple[type[Exception], ...]:
    import psycopg
    from django.db import OperationalError

    return psycopg.OperationalError, OperationalError


def running_instance(data: Path | None) -> dict[str, Any]:
    """What `ohmstead up` runs on the data folder, with the `folder` itself; empty when nothing does."""
    from ohmstead.run.data_folder import DataFolder

    folder = DataFolder((data or Path(os.environ.get("OHMSTEAD_DATA", DEFAULT_FOLDER))).expanduser().absolute())
    facts = folder.read_running()
    return {**facts, "folder": str(folder.path), "secret_key": folder.secret_key()} if facts else {}


def use_running_instance(data: Path | None) -> None:
    """Point this process at the instance that runs on the data folder, unless DATABASE_URL names another."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ohmstead.run.settings")
    if "DATABASE_URL" in os.environ:
        return
    facts = running_instance(data)
    if not facts:
        typer.echo(
            f"Nothing runs on {data or os.environ.get('OHMSTEAD_DATA', DEFAULT_FOLDER)}: start it with `ohmstead up`, "
            "name another folder with --data, or set DATABASE_URL.",
            err=True,
        )
        raise typer.Exit(2)
    os.environ |= {
        "DATABASE_URL": facts["database_url"],
        "OHMSTEAD_NATS_URL": facts["nats_url"],
        "OHMSTEAD_DATA": facts["folder"],
        "OHMSTEAD_SECRET_KEY": facts["secret_key"],
        "OHMSTEAD_HOST": facts["host"],
        "OHMSTEAD_WEB_PORT": str(facts["web_port"]),
        "OHMSTEAD_OCPP_PORT": str(facts["ocpp_port"]),
        "OHMSTEAD_OCPPS_PORT": str(facts["ocpps_port"]),
        "OHMSTEAD_DEFAULT_ORGANISATION": facts["organisation"],
        "OHMSTEAD_DEMO": "1" if facts["demo"] else "0",
    }
