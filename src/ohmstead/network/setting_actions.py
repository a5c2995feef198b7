"""Writes of settings, each one transaction with its audit row: what stations shall be set to, and templates of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.access.models import Organisation
from ohmstead.network import commands
from ohmstead.network.bulk_actions import GENTLY, Manner, begin, plan
from ohmstead.network.errors import CommandRefused, TemplateExists
from ohmstead.network.models import Bulk, Command, DesiredValue, SettingTemplate, Station
from ohmstead.network.rules.secrets import is_secret
from ohmstead.network.rules.settings import comparable
from ohmstead.station.commands import AnyCommand, AttributeValue, SetSetting, WriteVariables

VALUES_AT_MOST: Final = 200
_FITS: Final = ("vendor", "model", "firmware", "dialect")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A setting and the value it shall have; 0 is no certain outlet."""

    name: str
    value: str
    evse: int = 0
    connector: int = 0

    @property
    def place(self) -> dict[str, Any]:
        return {"name": self.name, "evse": self.evse, "connector": self.connector}


@transaction.atomic(durable=True)
def set_values(station: Station, values: Sequence[Wanted], *, by: Actor, keep: bool = True) -> list[Command]:
    """Ask a station to take these values; `keep`: they shall stay so, and drift is told. Raises CommandRefused."""
    wanted = checked(values)
    if keep:
        _desire([station.pk], wanted, None)
    now = timezone.now()
    rows = [commands.queue(station.pk, wish, at=now, by=by) for wish in wishes(station, wanted)]
    record(by, "station.settings_wanted", station, names=[each.name for each in wanted], kept=keep)
    return rows


@transaction.atomic(durable=True)
def no_longer_want(station: Station, name: str, *, by: Actor, evse: int = 0, connector: int = 0) -> None:
    """The station may have there what it likes; nothing is sent."""
    gone, _ = DesiredValue.objects.filter(station=station, name=name, evse=evse, connector=connector).delete()
    if gone:
        record(by, "station.setting_unwanted", station, name=name)


@transaction.atomic(durable=True)
def save_template(
    organisation: Organisation,
    name: str,
    values: Sequence[Wanted],
    *,
    by: Actor,
    fits: Mapping[str, str] | None = None,
    template: SettingTemplate | None = None,
) -> SettingTemplate:
    """A new template, or a changed one; `fits` has vendor, model, firmware, dialect, each empty for any.

    Stations that have it already are not touched before it is applied again. Raises CommandRefused, TemplateExists.
    """
    wanted, name = checked(values), name.strip()[:120]
    if not name:
        raise CommandRefused("A template needs a name.")
    row = template or SettingTemplate(organisation=organisation)
    row.name, row.changed_at = name, timezone.now()
    row.values = [{**each.place, "value": each.value} for each in wanted]
    for field in _FITS:
        setattr(row, field, (fits or {}).get(field, "")[:64])
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        raise TemplateExists(f"There is a template named {name} already.") from None
    record(by, "setting_template.saved", row, values=len(wanted))
    return row


@transaction.atomic(durable=True)
def delete_template(template: SettingTemplate, *, by: Actor) -> None:
    """What its stations shall have stays as it is."""
    record(by, "setting_template.deleted", template)
    template.delete()


@transaction.atomic(durable=True)
def apply_template(
    template: SettingTemplate, stations: QuerySet[Station], *, by: Actor, manner: Manner = GENTLY
) -> Bulk:
    """Want the template's values of those `stations` it fits, and ask each for them. Raises NoStations."""
    fitting = fits(template, stations.filter(organisation=template.organisation))
    wanted = wanted_by(template)
    _desire(fitting.values_list("pk", flat=True), wanted, template)
    shown = WriteVariables(values=tuple(AttributeValue(name=each.name, value=each.value) for each in wanted))
    bulk = begin(template.organisation, template.name, shown, manner, by)
    plan(bulk, fitting, lambda station: wishes(station, wanted), by)
    record(by, "setting_template.applied", template, bulk=str(bulk.pk))
    return bulk


def fits(template: SettingTemplate, stations: QuerySet[Station]) -> QuerySet[Station]:
    """Those it is for: compared without case."""
    named = {f"{field}__iexact": getattr(template, field) for field in _FITS if getattr(template, field)}
    return stations.filter(**named)


def wanted_by(template: SettingTemplate) -> list[Wanted]:
    return [Wanted(**each) for each in template.values]


def wishes(station: Station, wanted: Sequence[Wanted]) -> list[AnyCommand]:
    """In as few messages as the station's version has for it: OCPP 1.6 knows one key at a time and no outlets."""
    if not station.dialect.startswith("ocpp2"):
        return [SetSetting(name=each.name, value=each.value) for each in wanted]
    values = [
        AttributeValue(name=each.name, value=each.value, evse=each.evse or None, connector=each.connector or None)
        for each in wanted
    ]
    return [WriteVariables(values=tuple(values))]


def checked(values: Sequence[Wanted]) -> list[Wanted]:
    """The last value of each place. Raises CommandRefused."""
    found = {(each.name.strip(), each.evse, each.connector): each for each in values}
    if not found or len(found) > VALUES_AT_MOST:
        raise CommandRefused(f"One to {VALUES_AT_MOST} values can be set at once.")
    for (name, evse, connector), each in found.items():
        if not name or len(name) > 200 or len(each.value) > 2_500 or min(evse, connector) < 0:
            raise CommandRefused("A setting has a name of 1 to 200 characters and a value of 2500 at most.")
        if is_secret(name):
            raise CommandRefused(f"{name} is a secret and is not kept: set it with its own command.")
    return [Wanted(name, each.value, evse, connector) for (name, evse, connector), each in found.items()]


def _desire(station_ids: Any, wanted: Sequence[Wanted], template: SettingTemplate | None) -> None:
    now = timezone.now()
    DesiredValue.objects.bulk_create(
        [
            DesiredValue(
                station_id=station_id,
                **each.place,
                value=each.value,
                comparable=comparable(each.value),
                template=template,
                wanted_at=now,
            )
            for station_id in station_ids
            for each in wanted
        ],
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["station", "name", "evse", "connector"],
        update_fields=["value", "comparable", "template", "wanted_at"],
    )
