"""The door: e-mail address and password, or a code by mail, or a passkey."""

from dataclasses import dataclass
from typing import Any

from allauth.account.views import LoginView
from django.conf import settings

from ohmstead.access.models import Membership, Role
from ohmstead.web import demo


@dataclass(frozen=True, slots=True)
class DemoLogin:
    email: str
    role_word: str


class SignIn(LoginView):
    template_name = "accounts/sign_in.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context["next"] = self.get_next_url() or ""
        if settings.OHMSTEAD_DEMO:
            context["demo_logins"] = _demo_logins()
            context["demo_password"] = demo.PASSWORD
        return context


def _demo_logins() -> list[DemoLogin]:
    """Only the people the demo made: nobody else's address is ever shown."""
    its_own = [email for email, _, _ in demo.PEOPLE]
    found = Membership.objects.filter(user__email__in=its_own, organisation__slug=demo.SLUG)
    return [DemoLogin(m.user.email, str(Role(m.role).label)) for m in found.select_related("user").order_by("id")]
