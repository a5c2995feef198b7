"""How people charge at a site: without a card or with one, while a station is offline, and by reservation."""

from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from ohmstead.access.rights import Right
from ohmstead.charging.rules.site_rules import FIELDS, MAY_RESERVE, OFFLINE
from ohmstead.charging.site_rules import rules_at, set_rules
from ohmstead.network.errors import BadValues
from ohmstead.web.console.entries import Entries
from ohmstead.web.console.sites import the_site
from ohmstead.web.scope import ConsoleRequest, console_view

_DAYS: Final = (60, 240, 720, 1440, 2880, 10_080, 20_160)  # how far ahead: an hour to two weeks


@console_view(Right.NETWORK)
def edit(request: ConsoleRequest, site_id: UUID) -> HttpResponse:
    site = the_site(request.viewer, site_id)
    rules = rules_at(site)
    entries, status = Entries.of(rules, FIELDS), 200
    if request.method == "POST":
        entries = Entries.posted(request, FIELDS)
        try:
            set_rules(site, entries.values, by=request.viewer.actor)
        except BadValues as refused:
            entries.refuse(refused)
            status = 422
        else:
            messages.success(request, _("How people charge at %(site)s is saved.") % {"site": site})
            return HttpResponseRedirect(reverse("site", args=[site.pk]))
    context = {
        "here": "sites",
        "site": site,
        "form": entries,
        "free_vend": entries.values["free_vend"] in ("on", "True"),
        "offline": OFFLINE,
        "may_reserve": MAY_RESERVE,
        "ahead": sorted({*_DAYS, rules.reserve_ahead_minutes}),
    }
    return render(request, "console/site_rules.html", context, status=status)
