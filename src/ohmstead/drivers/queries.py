"""Reads of tokens for others."""

from django.db.models import QuerySet

from ohmstead.access.models import Organisation
from ohmstead.drivers.models import Token
from ohmstead.station.tokens import canonical_uid


def tokens_of(organisation: Organisation) -> QuerySet[Token]:
    return Token.objects.filter(organisation=organisation).order_by("label", "uid")


def find_token(organisation: Organisation, uid: str) -> Token | None:
    """By any spelling."""
    return Token.objects.filter(organisation=organisation, canonical_uid=canonical_uid(uid)).first()
