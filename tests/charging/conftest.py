"""An organisation with stations, and a projection to tell them to."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest

from .voices import Voice


@pytest.fixture
def organisation(database: str) -> Any:
    from ohmstead.access.models import Organisation

    return Organisation.objects.create(slug="town", name="Town")


@pytest.fixture
def voice(organisation: Any) -> Voice:
    return new_voice(organisation, "CS-1")


@pytest.fixture
def told(voice: Voice) -> Callable[..., list[Any]]:
    """Tell the projection what was heard, each entry a batch of its own; the sessions, by start."""
    from ohmstead.charging.held import Held

    held = Held()

    def tell(*heard: Any) -> list[Any]:
        for each in heard:
            tell_batch([each], held)
        return sessions()

    return tell


def new_voice(organisation: Any, identity: str) -> Voice:
    from ohmstead.network.models import Station

    return Voice(Station.objects.create(organisation=organisation, identity=identity, admission="accepted").pk)


def tell_batch(batch: Iterable[Any], held: Any = None) -> Any:
    from django.db import transaction

    from ohmstead.charging.projection import project

    with transaction.atomic():
        return project(list(batch), held)


def sessions() -> list[Any]:
    from ohmstead.charging.models import Session

    return list(Session.objects.order_by("started_at", "id"))
