"""What must be true of an instance before its roles start: tables, somebody who can sign in."""

import os
import secrets
from typing import Any, Final

from ohmstead.run.environment import environment

FIRST_OWNER: Final = "owner@localhost"


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ohmstead.run.settings")
    import django

    django.setup()


def prepare_instance() -> dict[str, Any]:
    """The logins worth showing at the terminal, and whether they are shown this once."""
    set_up_django()
    from ohmstead.run.database import migrate

    here = environment()
    migrate(here.database_url)
    told = _demo_logins() if here.demo else _first_login()
    return told if here.mail_url else {**told, "mail_folder": str(here.mail_folder)}


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
