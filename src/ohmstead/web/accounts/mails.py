"""Mails of our own making."""

from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from ohmstead.access.models import Invitation


def send_invitation(request: HttpRequest, invitation: Invitation, secret: str) -> None:
    """In the organisation's language: the person's own is not known."""
    organisation = invitation.organisation
    link = request.build_absolute_uri(reverse("invitation", args=[secret]))
    with translation.override(organisation.language):
        context = {"invitation": invitation, "organisation": organisation, "link": link}
        subject = _("%(organisation)s invites you to Ohmstead") % {"organisation": organisation.name}
        body = render_to_string("accounts/mail/invitation.txt", context)
    EmailMessage(" ".join(subject.split()), body, to=[invitation.email]).send()
