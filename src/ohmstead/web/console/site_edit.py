"""Sites added, changed, removed and brought back."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.network import site_actions
from ohmstead.network.errors import BadValues, SiteExists, SiteInUse
from ohmstead.network.models import Site
from ohmstead.network.rules.site_facts import checked_site, countries, time_zones
from ohmstead.web.console import confirming, site_form
from ohmstead.web.console.entries import Entries
from ohmstead.web.console.sites import the_site
from ohmstead.web.scope import ConsoleRequest, console_view


@console_view(Right.NETWORK)
def add(request: ConsoleRequest) -> HttpResponse:
    if request.method != "POST":
        entries = site_form.blank()
        newest = request.viewer.sites().order_by("-id").first()  # most networks live in one place
        entries.values["time_zone"] = newest.time_zone if newest else "UTC"
        entries.values["country"] = newest.country if newest else ""
        return _form(request, entries, [])
    return _save(request, None)


@console_view(Right.NETWORK)
def edit(request: ConsoleRequest, site_id: UUID) -> HttpResponse:
    site = the_site(request.viewer, site_id)
    if request.method != "POST":
        return _form(request, *site_form.of_site(site), site)
    return _save(request, site)


def _save(request: ConsoleRequest, site: Site | None) -> HttpResponse:
    entries, rows = site_form.posted(request)
    viewer = request.viewer
    try:
        values: Any = site_form.values(entries, rows)
        if site is None:
            site = site_actions.create_site(viewer.organisation, by=viewer.actor, **values)
        else:
            site_actions.update_site(site, by=viewer.actor, **values)
    except BadValues as refused:
        entries.refuse(refused)
        texts = {name: entries.values[name] for name in site_form.FIELDS if name not in ("latitude", "longitude")}
        entries.refuse(BadValues(checked_site(texts)[1]))  # hours may have been refused first: show all at once
        return _form(request, entries, rows, site, status=422)
    messages.success(request, _("%(site)s is saved.") % {"site": site})
    return HttpResponseRedirect(reverse("site", args=[site.pk]))


def _form(
    request: ConsoleRequest, entries: Entries, rows: list[dict[str, str]], site: Site | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "here": "sites",
        "site": site,
        "form": entries,
        "exceptions": site_form.with_spare(rows),
        "countries": sorted(countries().items(), key=lambda pair: pair[1]),
        "zones": sorted(time_zones()),
    }
    return render(request, "console/site_form.html", context, status=status)


@console_view(Right.NETWORK)
def remove(request: ConsoleRequest, site_id: UUID) -> HttpResponse:
    site = the_site(request.viewer, site_id)
    if not confirming.is_confirmed(request, site.name):
        return confirming.ask(
            request,
            here="sites",
            title=_("Remove %(site)s?") % {"site": site},
            sentences=[
                _("Its sessions and its past stay readable. The site can be brought back from the list of sites.")
            ],
            button=_("Remove the site"),
            back=reverse("site", args=[site.pk]),
            type_this=site.name,
        )
    try:
        site_actions.remove_site(site, by=request.viewer.actor)
    except SiteInUse as refused:
        messages.error(request, str(refused))
        return HttpResponseRedirect(reverse("site", args=[site.pk]))
    messages.success(request, _("%(site)s is removed. It can be brought back below.") % {"site": site})
    return HttpResponseRedirect(reverse("sites"))


@require_POST
@console_view(Right.NETWORK)
def restore(request: ConsoleRequest, site_id: UUID) -> HttpResponse:
    site = the_site(request.viewer, site_id)
    try:
        site_actions.restore_site(site, by=request.viewer.actor)
    except SiteExists:
        said = _("Another site is named %(site)s by now: rename that one first.")
        messages.error(request, said % {"site": site})
        return HttpResponseRedirect(reverse("sites"))
    messages.success(request, _("%(site)s is back.") % {"site": site})
    return HttpResponseRedirect(reverse("site", args=[site.pk]))
