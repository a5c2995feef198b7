"""What a change really changes, for the row and for the audit trail."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Model


def changed(row: Model, wanted: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(before, after) of those values that differ."""
    after = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    return {name: getattr(row, name) for name in after}, after


def write(row: Model, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(row, name, value)


def with_whole_position(place: Any, values: dict[str, Any]) -> dict[str, Any]:
    """Half a position given is checked together with the half that is stored."""
    names = ("latitude", "longitude")
    return {name: getattr(place, name) for name in names if any(n in values for n in names)} | values
