"""The page behind an invitation's link: who opens it joins the organisation."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from ohmstead.access.members import accept_invitation
from ohmstead.access.models import User
from ohmstead.access.queries import invitation_for


class NewAccount(forms.Form):
    name = forms.CharField(max_length=120, required=False)
    password = forms.CharField(max_length=200, required=False, strip=False)

    def clean_password(self) -> str | None:
        password = self.cleaned_data["password"]
        if password:
            try:
                validate_password(password)
            except ValidationError as error:
                raise forms.ValidationError(error.messages) from None
        return password or None


@never_cache
def invitation(request: Any, secret: str) -> HttpResponse:
    found = invitation_for(secret, timezone.now())
    if found is None:
        return _gone(request)
    is_known = User.objects.filter(email=found.email).exists()
    form = NewAccount(request.POST or None)
    if request.method == "POST" and (is_known or form.is_valid()):
        given = {} if is_known else {"name": form.cleaned_data["name"], "password": form.cleaned_data["password"]}
        user = accept_invitation(found, **given)
        if request.user.pk == user.pk:
            return HttpResponseRedirect(reverse("overview"))
        said = _("You belong to %(organisation)s now. Sign in as %(email)s.")
        messages.success(request, said % {"organisation": found.organisation.name, "email": user.email})
        return HttpResponseRedirect(reverse("sign-in"))
    context = {"invitation": found, "is_known": is_known, "form": form, "organisation": found.organisation}
    return render(request, "accounts/invitation.html", context)


def _gone(request: HttpRequest) -> HttpResponse:
    context = {
        "title": _("This invitation no longer holds"),
        "sentence": _("It was used, withdrawn or is older than a week. Ask for a new one."),
        "back": reverse("sign-in"),
        "back_word": _("Back to sign-in"),
    }
    return render(request, "accounts/told.html", context, status=404)
