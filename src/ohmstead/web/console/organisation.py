"""The organisation itself: its name, how it treats unknown stations, defaults, and what is dangerous."""

from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from ohmstead.access import queries
from ohmstead.access.actions import change_organisation
from ohmstead.access.api_keys import revoke_every_api_key
from ohmstead.access.errors import AccessError
from ohmstead.access.members import remove_member
from ohmstead.access.models import UnknownStations
from ohmstead.access.rights import Right
from ohmstead.web.console import confirming
from ohmstead.web.scope import ConsoleRequest, console_view


class OrganisationForm(forms.Form):
    name = forms.CharField(max_length=120)
    unknown_stations = forms.ChoiceField(choices=UnknownStations.choices)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    time_zone = forms.CharField(max_length=64)

    def clean_time_zone(self) -> str:
        zone = str(self.cleaned_data["time_zone"])
        if zone not in available_timezones():
            raise forms.ValidationError(_("There is no such time zone."))
        return zone


@console_view(Right.PEOPLE)
def organisation(request: ConsoleRequest) -> HttpResponse:
    viewer = request.viewer
    mine = viewer.organisation
    now = {field: getattr(mine, field) for field in OrganisationForm.base_fields}
    form = OrganisationForm(request.POST) if request.method == "POST" else OrganisationForm(now)
    if request.method == "POST" and form.is_valid():
        try:
            change_organisation(mine, **form.cleaned_data, by=viewer.actor)
        except AccessError as error:
            form.add_error(None, _(str(error)))
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("organisation"))
    context = {
        "here": "organisation",
        "form": form,
        "zones": sorted(available_timezones()),
        "keys": queries.api_keys(mine).filter(revoked_at=None).count(),
    }
    return render(request, "console/organisation.html", context, status=422 if form.errors else 200)


@console_view(Right.INTEGRATE)
def revoke_every_key(request: ConsoleRequest) -> HttpResponse:
    mine = request.viewer.organisation
    if confirming.is_confirmed(request, mine.slug):
        count = revoke_every_api_key(mine, by=request.viewer.actor)
        messages.success(request, _("%(count)s keys are revoked.") % {"count": count})
        return HttpResponseRedirect(reverse("api-keys"))
    return confirming.ask(
        request,
        here="organisation",
        title=_("Revoke every API key?"),
        sentences=[_("All programs that use one are refused from their next request on. This cannot be undone.")],
        button=_("Revoke every key"),
        back=reverse("organisation"),
        type_this=mine.slug,
    )


@console_view()
def leave(request: ConsoleRequest) -> HttpResponse:
    """Anybody may leave but the last owner."""
    viewer = request.viewer
    membership = queries.members(viewer.organisation).get(user=viewer.user)
    if confirming.is_confirmed(request, viewer.organisation.slug):
        try:
            remove_member(membership, allowed=viewer.rights, by=viewer.actor)
        except AccessError as error:
            messages.error(request, _(str(error)))
        return HttpResponseRedirect(reverse("account"))
    return confirming.ask(
        request,
        here="organisation",
        title=_("Leave %(organisation)s?") % {"organisation": viewer.organisation.name},
        sentences=[_("You lose access at once. Only an owner can invite you again.")],
        button=_("Leave"),
        back=reverse("account"),
        type_this=viewer.organisation.slug,
    )
