"""What must be true of an instance before its roles start: tables, certificates, somebody who can sign in."""

import os
import secrets
from typing import Any, Final

from ohmstead.run.environment import Environment, environment

FIRST_OWNER: Final = "owner@localhost"


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ohmstead.run.settings")
    import django

    django.setup()


def prepare_instance() -> dict[str, Any]:
    """`logins` worth showing at the terminal, `tls`: certificate, key and client authorities of the wss:// listener."""
    set_up_django()
    from ohmstead.run.database import migrate

    here = environment()
    migrate(here.database_url)
    return {"tls": _tls_files(here), **(_demo_logins() if here.demo else _first_login())}


def _tls_files(here: Environment) -> list[str]:
    """The operator's own, or ones that the built-in authority issues."""
    if here.tls_certificate and here.tls_key:
        return [str(here.tls_certificate), str(here.tls_key), str(here.tls_client_ca or "")]
    from django.conf import settings

    from ohmstead.network.authority import server_tls_files

    names = [here.host] if here.host not in ("127.0.0.1", "0.0.0.0", "::", "localhost") else []
    return [str(path) for path in server_tls_files(settings.OHMSTEAD_CA_FOLDER, [*names, "localhost", "127.0.0.1"])]


def _demo_logins() -> dict[str, Any]:
    from ohmstead.run import demo

    demo.seed(reset=False)
    return {"logins": [{**login, "role": str(login["role"])} for login in demo.LOGINS]}


def _first_login() -> dict[str, Any]:
    """An owner for an empty database; the password is told this once and kept nowhere."""
    from ohmstead.access.actions import found_organisation
    from ohmstead.access.actors import SYSTEM
    from ohmstead.access.models import Organisation

    if Organisation.objects.exists():
        return {"logins": []}
    password = secrets.token_urlsafe(12)
    found_organisation("main", "My network", owner_email=FIRST_OWNER, owner_password=password, by=SYSTEM)
    return {"logins": [{"email": FIRST_OWNER, "password": password, "role": "Owner"}], "shown_once": True}
