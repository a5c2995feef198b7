"""Reads of settings: reported, wanted, drifted; the number of queries never depends on the rows."""

from typing import Any

from django.db.models import Case, CharField, Count, F, OuterRef, Q, QuerySet, Subquery, Value, When

from ohmstead.access.models import Organisation
from ohmstead.network.models import DesiredValue, Knowledge, Noticed, SettingTemplate, Station, StationMonitor, Variable
from ohmstead.station.answers import Admission


def knowledge(station: Station) -> Knowledge:
    """When its settings were read and what it has refused; an empty one for a station that told nothing."""
    return Knowledge.objects.filter(station=station).first() or Knowledge(station=station)


def variables(station: Station, *, search: str = "") -> QuerySet[Variable]:
    """By name; `search` looks in names."""
    found = Variable.objects.filter(station=station)
    if search := search.strip():
        found = found.filter(name__icontains=search)
    return found.order_by("name", "evse", "connector", "attribute")


def monitors(station: Station) -> QuerySet[StationMonitor]:
    return StationMonitor.objects.filter(station=station).order_by("name", "monitor_id")


def noticed(station: Station, limit: int = 100) -> QuerySet[Noticed]:
    """Newest first."""
    return Noticed.objects.filter(station=station).order_by("-at", "-id")[:limit]


def desired(station: Station) -> QuerySet[Any]:
    """What the station shall have, each with `reported` and `drift` (see with_drift)."""
    return with_drift(DesiredValue.objects.filter(station=station)).select_related("template").order_by("name")


def drift(organisation: Organisation) -> QuerySet[Any]:
    """Everything that stations of ours report otherwise than wanted."""
    ours = DesiredValue.objects.filter(station__organisation=organisation, station__admission=Admission.ACCEPTED)
    return (
        with_drift(ours)
        .exclude(drift="none")
        .select_related("station", "template")
        .order_by("station__identity", "name", "evse")
    )


def with_drift(values: QuerySet[DesiredValue]) -> QuerySet[Any]:
    """Annotate `reported` and `drift`.

    `drift` is none, differs, needs_reboot (taken, at work after the next start), or not_reported.
    """
    here = Variable.objects.filter(
        station=OuterRef("station"),
        name=OuterRef("name"),
        evse=OuterRef("evse"),
        connector=OuterRef("connector"),
        attribute="actual",
    )
    told = values.annotate(
        reported=Subquery(here.values("value")[:1]),
        _comparable=Subquery(here.values("comparable")[:1]),
        _needs_reboot=Subquery(here.values("needs_reboot")[:1]),
    )
    return told.annotate(
        drift=Case(
            When(_comparable=F("comparable"), then=Value("none")),
            When(_needs_reboot=True, then=Value("needs_reboot")),
            When(_comparable=None, then=Value("not_reported")),
            default=Value("differs"),
            output_field=CharField(),
        )
    )


def templates(organisation: Organisation) -> QuerySet[Any]:
    """By name, with `stations`: how many shall have its values."""
    stations = Count("desired_values__station", distinct=True, filter=Q(desired_values__isnull=False))
    return SettingTemplate.objects.filter(organisation=organisation).annotate(stations=stations).order_by("name")
