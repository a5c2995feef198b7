"""Filters of the station list kept under a name."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.access.rights import Right
from ohmstead.web.saved_filters import BadFilter, remove_filter, save_filter, saved_filters
from ohmstead.web.scope import ConsoleRequest, console_view

PAGE = "stations"


@require_POST
@console_view()
def save(request: ConsoleRequest) -> HttpResponse:
    """Everybody keeps filters; who may change the network shares them."""
    query = QueryDict(request.POST.get("query", "")[:1_000])
    shared = request.POST.get("shared") == "1" and request.viewer.has(Right.NETWORK)
    try:
        found = save_filter(request.viewer, PAGE, request.POST.get("name", ""), query, shared=shared)
    except BadFilter as refused:
        messages.error(request, gettext(str(refused)))
        return HttpResponseRedirect(f"{reverse('stations')}?{query.urlencode()}")
    messages.success(request, _("The filter %(name)s is saved.") % {"name": found})
    return HttpResponseRedirect(f"{reverse('stations')}?{found.query}")


@require_POST
@console_view()
def remove(request: ConsoleRequest, filter_id: UUID) -> HttpResponse:
    found = saved_filters(request.viewer, PAGE).filter(pk=filter_id).first()
    if found is None or (found.user_id is None and not request.viewer.has(Right.NETWORK)):
        raise Http404("No such filter.")
    remove_filter(request.viewer, found)
    messages.success(request, _("The filter %(name)s is removed.") % {"name": found})
    return HttpResponseRedirect(reverse("stations"))
