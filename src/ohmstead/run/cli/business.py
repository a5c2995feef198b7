"""What commands about the business share: Django on the instance, its errors as sentences, the organisation meant."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ohmstead.run.cli.connection import sentences, use_running_instance

if TYPE_CHECKING:
    from ohmstead.access.models import Organisation

OrganisationOption = Annotated[
    str | None, typer.Option("--organisation", help="Short name of the organisation, where there are several.")
]


@contextmanager
def instance(data: Path | None) -> Iterator[None]:
    """Errors of the business become their sentence and exit code 2."""
    use_running_instance(data)
    with sentences():
        from ohmstead.run.prepare import set_up_django

        set_up_django()
        from ohmstead.access.errors import AccessError
        from ohmstead.network.errors import NetworkError
        from ohmstead.run.cli.commands import BadCommand
        from ohmstead.station.identity import InvalidIdentity

        try:
            yield
        except (AccessError, NetworkError, InvalidIdentity, BadCommand) as known:
            typer.echo(str(known), err=True)
            raise typer.Exit(2) from known


def organisation_meant(slug: str | None) -> "Organisation":
    from django.conf import settings

    from ohmstead.access.errors import BadOrganisation
    from ohmstead.access.models import Organisation

    slug = slug or settings.OHMSTEAD_DEFAULT_ORGANISATION
    found = list(Organisation.objects.filter(slug=slug) if slug else Organisation.objects.order_by("slug")[:2])
    if len(found) != 1:
        known = ", ".join(Organisation.objects.order_by("slug").values_list("slug", flat=True)) or "none yet"
        raise BadOrganisation(f"Name one organisation with --organisation: {known}.")
    return found[0]
