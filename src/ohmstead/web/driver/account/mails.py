"""Mails to drivers about their account."""

from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from ohmstead.access.models import Organisation
from ohmstead.drivers.sign_in_codes import Asked


def send_code(request: HttpRequest, organisation: Organisation, email: str, asked: Asked) -> None:
    """The same mail whether the address is known or not; none when too many went there."""
    if asked.code is None or asked.secret is None:
        return
    subject = _("%(code)s is your code for %(organisation)s") % {"code": asked.code, "organisation": organisation.name}
    _send(subject, "code", email, _with_link(request, organisation, asked))


def send_new_address(request: HttpRequest, organisation: Organisation, email: str, asked: Asked) -> None:
    if asked.code is not None and asked.secret is not None:
        subject = _("Confirm your new address for %(organisation)s") % {"organisation": organisation.name}
        _send(subject, "new_address", email, _with_link(request, organisation, asked))


def send_address_changed(request: HttpRequest, organisation: Organisation, email: str) -> None:
    """To the address that was the account's: whoever did not do this must hear of it."""
    subject = _("Your address at %(organisation)s was changed") % {"organisation": organisation.name}
    _send(subject, "address_changed", email, {"organisation": organisation})


def _with_link(request: HttpRequest, organisation: Organisation, asked: Asked) -> dict[str, object]:
    link = request.build_absolute_uri(reverse("enter-link", args=[asked.secret]))
    return {"organisation": organisation, "code": asked.code, "link": link}


def _send(subject: str, name: str, email: str, context: dict[str, object]) -> None:
    body = render_to_string(f"driver/account/mail/{name}.txt", context)
    EmailMessage(" ".join(subject.split()), body, to=[email.strip().lower()]).send()
