"""Keys for programs: list, make, revoke."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from ohmstead.access.api_keys import create_api_key, revoke_api_key
from ohmstead.access.errors import BadApiKey
from ohmstead.access.models import ApiKey
from ohmstead.access.queries import api_keys
from ohmstead.access.rights import Right, rights_named
from ohmstead.web.console import confirming
from ohmstead.web.console.right_words import RIGHT_WORDS
from ohmstead.web.scope import ConsoleRequest, Viewer, console_view

_MOST: Final = 200
_LIFETIMES: Final = (
    ("30", gettext_lazy("30 days")),
    ("90", gettext_lazy("90 days")),
    ("365", gettext_lazy("One year")),
    ("", gettext_lazy("No end")),
)


class ApiKeyForm(forms.Form):
    """Only the maker's own rights can be given to the key."""

    name = forms.CharField(max_length=120)
    scopes = forms.MultipleChoiceField(
        error_messages={"required": gettext_lazy("Choose at least one: without any, the key opens nothing.")}
    )
    lifetime = forms.ChoiceField(choices=_LIFETIMES, required=False)

    def __init__(self, viewer: Viewer, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: Any = self.fields["scopes"]
        choices.choices = [(right.value, RIGHT_WORDS[right].word) for right in Right if viewer.has(right)]


@never_cache
@console_view(Right.INTEGRATE)
def keys(request: ConsoleRequest) -> HttpResponse:
    viewer = request.viewer
    form = ApiKeyForm(viewer, request.POST or None)
    if request.method == "POST" and form.is_valid():
        days = form.cleaned_data["lifetime"]
        try:
            key, secret = create_api_key(
                viewer.organisation,
                form.cleaned_data["name"],
                rights_named(form.cleaned_data["scopes"]),
                allowed=viewer.rights,
                by=viewer.actor,
                expires_at=timezone.now() + timedelta(days=int(days)) if days else None,
            )
        except BadApiKey as error:
            form.add_error(None, _(str(error)))
        else:
            context = {"here": "api-keys", "key": key, "secret": secret, "example": _example(request, secret)}
            return render(request, "console/api_key_made.html", context)
    return render(request, "console/api_keys.html", _page(viewer, form), status=422 if form.errors else 200)


def _page(viewer: Viewer, form: ApiKeyForm) -> dict[str, Any]:
    now = timezone.now()
    rows = list(api_keys(viewer.organisation)[:_MOST])
    return {
        "here": "api-keys",
        "keys": [key for key in rows if not _is_over(key, now)],
        "former": [key for key in rows if _is_over(key, now)],
        "form": form,
        "rights": [(right, RIGHT_WORDS[right]) for right in Right if viewer.has(right)],
        "chosen": form.data.getlist("scopes") if form.is_bound else [Right.VIEW],  # type: ignore[attr-defined]
        "lifetimes": _LIFETIMES,
        "lifetime": form.data.get("lifetime", "90"),
    }


def _is_over(key: ApiKey, now: Any) -> bool:
    return key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now)


def _example(request: ConsoleRequest, secret: str) -> str:
    address = request.build_absolute_uri("/api/v1/stations")
    return f'curl -H "Authorization: Bearer {secret}" {address}'


@console_view(Right.INTEGRATE)
def revoke(request: ConsoleRequest, key_id: UUID) -> HttpResponse:
    key = api_keys(request.viewer.organisation).filter(pk=key_id).first()
    if key is None:
        raise Http404("No such key.")
    if confirming.is_confirmed(request):
        revoke_api_key(key, by=request.viewer.actor)
        messages.success(request, _("%(name)s is revoked. It opens nothing any more.") % {"name": key.name})
        return HttpResponseRedirect(reverse("api-keys"))
    return confirming.ask(
        request,
        here="api-keys",
        title=_("Revoke the key %(name)s?") % {"name": key.name},
        sentences=[_("Programs that use it are refused from their next request on. This cannot be undone.")],
        button=_("Revoke key"),
        back=reverse("api-keys"),
    )
