"""Groups of drivers: limits per month, private sites, and who is in them."""

from decimal import Decimal, InvalidOperation
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.drivers import people, queries
from ohmstead.drivers.errors import DriverRefused
from ohmstead.drivers.models import Group, GroupKind
from ohmstead.web.console.drivers import the_driver
from ohmstead.web.console.entries import Entries
from ohmstead.web.console.stations import uuid_of
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

KIND_WORDS: Final = {
    GroupKind.EMPLOYEES: gettext_lazy("Employees"),
    GroupKind.RESIDENTS: gettext_lazy("Residents"),
    GroupKind.MEMBERS: gettext_lazy("Members"),
    GroupKind.FLEET: gettext_lazy("Fleet"),
}
_LIMITS: Final = ("energy_kwh", "money_per_month", "sessions_per_month", "hours", "sessions_at_once")
FIELDS: Final = ("name", "kind", "parent", *_LIMITS)
_MOST: Final = 500


def the_group(viewer: Viewer, group_id: UUID) -> Group:
    found = queries.groups(viewer.organisation).filter(pk=group_id).first()
    if found is None:
        raise Http404("No such group.")
    return found


@console_view(Right.DRIVERS)
def groups(request: ConsoleRequest) -> HttpResponse:
    found = queries.groups(request.viewer.organisation).prefetch_related("sites")
    rows = list(found.annotate(drivers=Count("memberships", distinct=True))[:_MOST])
    lines = [(group, KIND_WORDS[GroupKind(group.kind)], _limit_words(group)) for group in rows]
    return render(request, "console/driver_groups.html", {"here": "driver-groups", "lines": lines})


@console_view(Right.DRIVERS)
def add(request: ConsoleRequest) -> HttpResponse:
    return _saved(request, None)


@console_view(Right.DRIVERS)
def edit(request: ConsoleRequest, group_id: UUID) -> HttpResponse:
    return _saved(request, the_group(request.viewer, group_id))


@require_POST
@console_view(Right.DRIVERS)
def join(request: ConsoleRequest, driver_id: UUID) -> HttpResponse:
    driver = the_driver(request.viewer, driver_id)
    group_id = uuid_of(request.POST.get("group", ""))
    if group_id is None:
        messages.error(request, _("Choose a group first."))
    else:
        group = the_group(request.viewer, group_id)
        people.join_group(group, driver, by=request.viewer.actor, manages=request.POST.get("manages") == "on")
    return HttpResponseRedirect(reverse("driver", args=[driver.pk]))


@require_POST
@console_view(Right.DRIVERS)
def leave(request: ConsoleRequest, driver_id: UUID, group_id: UUID) -> HttpResponse:
    driver = the_driver(request.viewer, driver_id)
    people.leave_group(the_group(request.viewer, group_id), driver, by=request.viewer.actor)
    return HttpResponseRedirect(reverse("driver", args=[driver.pk]))


def _saved(request: ConsoleRequest, group: Group | None) -> HttpResponse:
    if request.method != "POST":
        chosen = [site.pk for site in group.sites.all()] if group else []
        return _form(request, _entries(group), group, chosen)
    entries, viewer = Entries.posted(request, FIELDS), request.viewer
    ids = [found for text in request.POST.getlist("sites") if (found := uuid_of(text)) is not None]
    values = _values(viewer, entries)
    if not entries.errors:
        try:
            values["sites"] = list(viewer.sites().filter(pk__in=ids))
            if group is None:
                group = people.create_group(viewer.organisation, by=viewer.actor, **values)
            else:
                people.change_group(group, by=viewer.actor, **values)
        except DriverRefused as refused:
            entries.errors["name"] = _(str(refused))
    if entries.errors:
        return _form(request, entries, group, ids, status=422)
    messages.success(request, _("%(group)s is saved.") % {"group": group})
    return HttpResponseRedirect(reverse("driver-groups"))


def _entries(group: Group | None) -> Entries:
    if group is None:
        return Entries(dict.fromkeys(FIELDS, "") | {"kind": GroupKind.MEMBERS})
    entries = Entries.of(group, ("name", "kind", "money_per_month", "sessions_per_month", "sessions_at_once"))
    energy_wh, minutes = group.energy_wh_per_month, group.minutes_per_month
    entries.values |= {
        "parent": str(group.parent_id or ""),
        "energy_kwh": "" if energy_wh is None else f"{(energy_wh / 1000).normalize():f}",
        "hours": "" if minutes is None else f"{(Decimal(minutes) / 60).normalize():f}",
    }
    return entries


def _values(viewer: Viewer, entries: Entries) -> dict[str, Any]:
    numbers = {name: _number(entries, name) for name in _LIMITS}
    parent_id = uuid_of(entries.values["parent"])
    kind = entries.values["kind"]
    energy_kwh, hours = numbers["energy_kwh"], numbers["hours"]
    return {
        "name": entries.values["name"],
        "kind": GroupKind(kind) if kind in GroupKind.values else GroupKind.MEMBERS,
        "parent": queries.groups(viewer.organisation).filter(pk=parent_id).first() if parent_id else None,
        "limits": people.Limits(
            energy_wh_per_month=None if energy_kwh is None else energy_kwh * 1000,
            money_per_month=numbers["money_per_month"],
            sessions_per_month=_whole(numbers["sessions_per_month"]),
            minutes_per_month=None if hours is None else int(hours * 60),
            sessions_at_once=_whole(numbers["sessions_at_once"]),
        ),
    }


def _number(entries: Entries, name: str) -> Decimal | None:
    text = entries.values[name].strip().replace(",", ".")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal(-1)
    if not number.is_finite() or not 0 <= number <= 30_000:
        entries.errors[name] = _("This is a number from 0 to 30,000, or empty for no limit.")
        return None
    return number


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)


def _limit_words(group: Group) -> list[str]:
    words = []
    if group.energy_wh_per_month is not None:
        words.append(_("%(number)s kWh") % {"number": f"{(group.energy_wh_per_month / 1000).normalize():f}"})
    if group.money_per_month is not None:
        words.append(_("%(number)s in money") % {"number": group.money_per_month})
    if group.sessions_per_month is not None:
        words.append(_("%(number)s sessions") % {"number": group.sessions_per_month})
    if group.minutes_per_month is not None:
        words.append(_("%(number)s hours") % {"number": f"{(Decimal(group.minutes_per_month) / 60).normalize():f}"})
    if group.sessions_at_once is not None:
        words.append(_("%(number)s at once") % {"number": group.sessions_at_once})
    return words


def _form(
    request: ConsoleRequest, entries: Entries, group: Group | None, chosen: list[UUID], status: int = 200
) -> HttpResponse:
    viewer = request.viewer
    parents = queries.groups(viewer.organisation)
    context = {
        "here": "driver-groups",
        "form": entries,
        "group": group,
        "kinds": [(kind.value, word) for kind, word in KIND_WORDS.items()],
        "parents": list(parents.exclude(pk=group.pk) if group else parents),
        "sites": list(viewer.sites().order_by("name")),
        "chosen": chosen,
    }
    return render(request, "console/driver_group_form.html", context, status=status)
