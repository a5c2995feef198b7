"""Tokens: what a driver presents. Accounts and vehicles join them later."""

from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.kit.ids import uuid7
from ohmstead.station.tokens import TokenKind


class TokenStatus(models.TextChoices):
    VALID = "valid", "Valid"
    BLOCKED = "blocked", "Blocked"
    EXPIRED = "expired", "Expired"


class Token(models.Model):
    """`canonical_uid` is what tokens are compared by; `uid` keeps the spelling that was entered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    uid = models.CharField(max_length=255)
    canonical_uid = models.CharField(max_length=255)
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in TokenKind], default=TokenKind.RFID)
    status = models.CharField(max_length=8, choices=TokenStatus, default=TokenStatus.VALID)
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    parent_uid = models.CharField(
        max_length=255, blank=True
    )  # tokens with the same parent may stop each other's sessions
    label = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "canonical_uid"], name="token_once")]

    def __str__(self) -> str:
        return self.label or self.uid
