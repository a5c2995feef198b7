"""What stands in a driver's account and history, as a ZIP of JSON files and a PDF; without readings of the meter."""

import io
import json
import zipfile
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model
from django.utils import timezone, translation

from ohmstead.access.actors import Actor
from ohmstead.charging.driver_history import by_month
from ohmstead.charging.models import Reservation
from ohmstead.drivers import exports
from ohmstead.drivers.models import AccountExport, ExportState, Preferences
from ohmstead.web.driver.account.pdf import history_pdf
from ohmstead.web.driver.account.who import Self

_NOT_TOLD = frozenset({"organisation", "driver", "user", "searched", "auth", "p256dh", "facts", "note"})


def make(export_id: UUID) -> None:
    """The job: each part is a step of the progress the driver sees."""
    export = AccountExport.objects.select_related("driver__organisation", "driver__user").get(pk=export_id)
    user = export.driver.user
    if export.state != ExportState.WAITING or user is None:
        return
    mine = Self(export.driver, export.driver.organisation, user, Actor.of_user(user))
    out = io.BytesIO()
    with translation.override(export.driver.language or mine.organisation.language):
        parts = _parts(mine)
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (name, content) in enumerate(parts.items(), start=1):
                archive.writestr(name, content())
                exports.note_progress(export, number * 95 // len(parts))
    exports.finish(export, out.getvalue(), timezone.now())


def _parts(mine: Self) -> dict[str, Callable[[], bytes]]:
    driver = mine.driver
    tables: dict[str, Iterable[Model]] = {
        "account": [driver],
        "vehicles": mine.vehicles(),
        "preferences": Preferences.objects.filter(driver=driver),
        "consents": driver.consents.order_by("at"),
        "cards-and-other-tokens": mine.tokens(),
        "groups": driver.memberships.all(),
        "favourites": driver.favourites.all(),
        "notices": mine.notices(),
        "devices": driver.push_subscriptions.all(),
        "licence-plates-recognised": mine.plate_uses(),
        "reservations": Reservation.objects.filter(driver=driver),
        "sessions": mine.sessions(),
    }
    found: dict[str, Callable[[], bytes]] = {f"{name}.json": _as_json(rows) for name, rows in tables.items()}
    return found | {"sessions.pdf": lambda: _pdf(mine)}


def _as_json(rows: Iterable[Model]) -> Callable[[], bytes]:
    def content() -> bytes:
        said = [_told(row) for row in rows]
        return json.dumps(said, cls=DjangoJSONEncoder, indent=2, ensure_ascii=False).encode()

    return content


def _told(row: Model) -> dict[str, Any]:
    deferred = row.get_deferred_fields()
    return {
        field.name: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.name not in _NOT_TOLD and field.attname not in deferred
    }


def _pdf(mine: Self) -> bytes:
    found = mine.sessions()
    return history_pdf(mine, list(found[:2_000]), by_month(found, mine.zone), None, None)
