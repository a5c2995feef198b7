"""What must be true of the data before the roles start."""

import os
from typing import Any

from ohmstead.run.environment import environment


def set_up_django() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ohmstead.run.settings")
    import django

    django.setup()


def prepare_instance() -> dict[str, Any]:
    """Migrate; the logins worth showing at the terminal come back."""
    set_up_django()
    from ohmstead.run.database import migrate

    migrate(environment().database_url)
    return {"logins": []}
