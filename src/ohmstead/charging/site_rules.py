"""How people charge at a site: said by the operator, and carried to its stations for when they cannot ask."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.charging.models import LocalList, SiteRules
from ohmstead.charging.rules.site_rules import checked_rules, offline_settings
from ohmstead.network.errors import BadValues
from ohmstead.network.models import DesiredValue, Site, Station, Variable
from ohmstead.network.setting_actions import Wanted, set_values
from ohmstead.station.answers import Admission

AT_ONCE: Final = 200  # stations in a round
_BY: Final = Actor.job("offline rules")


def rules_at(site: Site) -> SiteRules:
    """What holds there; not saved where the operator has said nothing."""
    return SiteRules.objects.filter(site=site).first() or SiteRules(site=site)


@transaction.atomic(durable=True)
def set_rules(site: Site, values: Mapping[str, object], *, by: Actor) -> SiteRules:
    """What is left out stays as it is. Raises BadValues with a sentence for each field.

    Reservations that are made keep the terms they were made under.
    """
    found, problems = checked_rules(values)
    if problems:
        raise BadValues(problems)
    Site.objects.select_for_update().get(pk=site.pk)
    rules = rules_at(site)
    changed = {name: value for name, value in found.items() if getattr(rules, name) != value}
    for name, value in changed.items():
        setattr(rules, name, value)
    rules.save()
    if changed:
        record(by, "site.rules_changed", site, **{name: str(value) for name, value in changed.items()})
    if "offline" in changed:
        LocalList.objects.filter(station__site=site).update(computed_at=None)
    return rules


def keep_offline_rules(limit: int = AT_ONCE) -> int:
    """Ask stations for the settings their site's rule means, each once; how many were asked.

    Only where an operator has said something about the site. A station that has told its settings is asked for those
    it has; what it refuses stays as drift on its page.
    """
    stations = list(
        Station.objects.filter(admission=Admission.ACCEPTED, online=True, site__rules__isnull=False)
        .exclude(dialect="")
        .select_related("site__rules")
        .annotate(telling=Exists(Variable.objects.filter(station=OuterRef("pk"))))
    )
    wanted = {station.pk: offline_settings(station.site.rules.offline, station.dialect) for station in stations}  # type: ignore[union-attr]
    names = {name for settings in wanted.values() for name in settings}
    desired = _by_station(DesiredValue, list(wanted), names)
    told = _by_station(Variable, list(wanted), names)
    asked = 0
    for station in stations:
        known = told.get(station.pk, {})
        values = [
            Wanted(name, value)
            for name, value in wanted[station.pk].items()
            if desired.get(station.pk, {}).get(name) != value and (name in known or not station.telling)
        ]
        if values and asked < limit:
            set_values(station, values, by=_BY)
            asked += 1
    return asked


def _by_station(
    model: type[DesiredValue] | type[Variable], station_ids: list[UUID], names: set[str]
) -> dict[UUID, dict[str, str | None]]:
    found: dict[UUID, dict[str, str | None]] = {}
    rows = model._default_manager.filter(station__in=station_ids, name__in=names, evse=0)
    for station_id, name, value in rows.values_list("station_id", "name", "value"):
        found.setdefault(station_id, {})[name] = value
    return found
