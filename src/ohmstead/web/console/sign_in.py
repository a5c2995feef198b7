"""Sign-in with e-mail address and password."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ohmstead.access.models import Membership, Role
from ohmstead.web import demo
from ohmstead.web.console import lockout


class SignInForm(AuthenticationForm):
    username = forms.EmailField(
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True}),
    )
    error_messages = {
        "invalid_login": _("E-mail address and password do not match."),
        "inactive": _("E-mail address and password do not match."),
        "locked": _("Too many attempts. Wait 15 minutes, then try again; other people can still sign in."),
    }

    def clean_username(self) -> str:
        return str(self.cleaned_data["username"]).strip().lower()

    def clean(self) -> dict[str, Any]:
        email = self.cleaned_data.get("username", "")
        if self.request is None or not email:
            return super().clean()
        if lockout.is_locked(self.request, email):
            raise ValidationError(self.error_messages["locked"], code="locked")
        try:
            cleaned = super().clean()
        except ValidationError:
            lockout.note_failure(self.request, email)
            raise
        lockout.note_success(self.request, email)
        return cleaned


@dataclass(frozen=True, slots=True)
class DemoLogin:
    email: str
    role_word: str


class SignIn(LoginView):
    template_name = "accounts/sign_in.html"
    form_class = SignInForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        if settings.OHMSTEAD_DEMO:
            context["demo_logins"] = _demo_logins()
            context["demo_password"] = demo.PASSWORD
        return context


def _demo_logins() -> list[DemoLogin]:
    """Only the people the demo made: nobody else's address is ever shown."""
    found = Membership.objects.filter(user__email__endswith=f"@{demo.DOMAIN}", organisation__slug=demo.SLUG)
    return [DemoLogin(m.user.email, str(Role(m.role).label)) for m in found.select_related("user").order_by("id")]
