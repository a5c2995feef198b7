"""`ohmstead organisation ...` and `ohmstead user ...`: the first of each, before anybody can sign in."""

import secrets
from typing import Annotated, Final

import typer

from ohmstead.run.cli.business import OrganisationOption, instance, organisation_meant
from ohmstead.run.cli.main import DataOption

organisation = typer.Typer(no_args_is_help=True, help="Organisations that share this installation.")
user = typer.Typer(no_args_is_help=True, help="People who sign in to the console.")

_PASSWORD_BYTES: Final = 12


@organisation.command("add")
def add_organisation(
    slug: Annotated[str, typer.Argument(help="Short name for addresses, such as my-network.")],
    name: Annotated[str, typer.Argument(help="Name for people.")],
    data: DataOption = None,
) -> None:
    """Add an organisation. Its stations connect to /ocpp/<slug>/<identity>."""
    with instance(data):
        from ohmstead.access import actions
        from ohmstead.access.actors import Actor

        made = actions.create_organisation(slug, name, by=Actor.job("command line"))
        typer.echo(f"{made.name} is added; give it an owner: ohmstead user add EMAIL --organisation {made.slug}")


@user.command("add")
def add_user(
    email: Annotated[str, typer.Argument(help="E-mail address to sign in with.")],
    name: Annotated[str, typer.Option(help="Name of the person.")] = "",
    role: Annotated[str, typer.Option(help="owner, operator, technician, support, finance or reader.")] = "owner",
    organisation: OrganisationOption = None,
    data: DataOption = None,
) -> None:
    """Let a person sign in and work for an organisation. The password is shown this once."""
    with instance(data):
        from ohmstead.access import actions
        from ohmstead.access.actors import Actor
        from ohmstead.access.models import Role

        if role not in Role.values:
            typer.echo(f"{role} is none of {', '.join(Role.values)}.", err=True)
            raise typer.Exit(2)
        works_for, by = organisation_meant(organisation), Actor.job("command line")
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        made = actions.create_user(email, password, by=by, name=name)
        actions.add_member(works_for, made, Role(role), by=by)
        typer.echo(f"{made.email} may sign in, {Role(role).label.lower()} of {works_for.name}.")
        typer.echo(f"Password, shown this once: {password}")
