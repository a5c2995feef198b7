"""The roots that Plug & Charge contracts are checked against: added from PEM, removed."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ohmstead.access.rights import Right
from ohmstead.network.contract_root_actions import distrust_root, trust_root
from ohmstead.network.errors import ContractRootRefused
from ohmstead.network.models import ContractRoot
from ohmstead.web.console import confirming
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view


@never_cache
@console_view(Right.CONFIGURE)
def contract_roots(request: ConsoleRequest) -> HttpResponse:
    viewer = request.viewer
    if request.method != "POST":
        return render(request, "console/contract_roots.html", _page(viewer))
    pem = request.POST.get("certificate_pem", "")
    try:
        added = trust_root(viewer.organisation, pem, by=viewer.actor)
    except ContractRootRefused as refused:
        context = _page(viewer) | {"problem": _(str(refused)), "pem": pem}
        return render(request, "console/contract_roots.html", context, status=422)
    messages.success(request, _("Contracts that lead to %(name)s are accepted now.") % {"name": added.name})
    return HttpResponseRedirect(reverse("contract-roots"))


@console_view(Right.CONFIGURE)
def remove(request: ConsoleRequest, root_id: UUID) -> HttpResponse:
    root = ContractRoot.objects.filter(organisation=request.viewer.organisation, pk=root_id).first()
    if root is None:
        raise Http404("No such root.")
    if confirming.is_confirmed(request, root.name):
        distrust_root(root, by=request.viewer.actor)
        messages.success(request, _("%(name)s is no longer trusted.") % {"name": root.name})
        return HttpResponseRedirect(reverse("contract-roots"))
    return confirming.ask(
        request,
        here="contract-roots",
        title=_("No longer trust %(name)s?") % {"name": root.name},
        sentences=[_("Cars with a contract from it are refused from now on. Charges that run go on.")],
        button=_("Remove root"),
        back=reverse("contract-roots"),
        type_this=root.name,
    )


def _page(viewer: Viewer) -> dict[str, Any]:
    found = ContractRoot.objects.filter(organisation=viewer.organisation).order_by("name", "added_at")
    return {"here": "contract-roots", "roots": list(found), "now": timezone.now()}
