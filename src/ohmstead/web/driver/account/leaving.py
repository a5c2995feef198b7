"""Taking along what we know, and leaving for good."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ohmstead.charging.erasure import ErasureRefused, erase_driver
from ohmstead.drivers import exports
from ohmstead.drivers.models import AccountExport, ExportState
from ohmstead.web.driver.account.who import DriverRequest, account_view, known_driver


@account_view
def data(request: DriverRequest) -> HttpResponse:
    newest = AccountExport.objects.filter(driver=request.me.driver).defer("content").order_by("-asked_at").first()
    return render(request, "driver/account/data.html", {"export": newest, "tab": "account"})


@require_POST
@account_view
def ask_export(request: DriverRequest) -> HttpResponse:
    exports.ask_export(request.me.driver, by=request.me.actor)
    return HttpResponseRedirect(reverse("me-data"))


@account_view
def fetch_export(request: DriverRequest, export_id: UUID) -> HttpResponse:
    """Only by its driver, and only until its time is over."""
    ready = AccountExport.objects.filter(driver=request.me.driver, state=ExportState.READY, pk=export_id)
    found = ready.filter(expires_at__gt=timezone.now()).select_related("driver").first()
    if found is None or found.content is None:
        raise Http404("No such export.")
    exports.note_fetched(found, by=request.me.actor)
    answer = HttpResponse(bytes(found.content), content_type="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="account-{found.ready_at:%Y-%m-%d}.zip"'
    return answer


@require_POST
@known_driver
def erase(request: DriverRequest) -> HttpResponse:
    if request.POST.get("typed", "").strip().lower() != request.me.user.email:
        messages.error(request, _("Type your e-mail address exactly as it stands above. Nothing was erased."))
        return HttpResponseRedirect(reverse("me-data") + "#erase")
    try:
        erase_driver(request.me.driver, by=request.me.actor)
    except ErasureRefused as error:
        messages.error(request, _(str(error)))
        return HttpResponseRedirect(reverse("me-data") + "#erase")
    logout(request)
    messages.success(request, _("Your account is erased. What you charged stays in the books without your name."))
    return HttpResponseRedirect(reverse("enter"))
