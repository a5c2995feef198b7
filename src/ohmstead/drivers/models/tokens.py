"""What drivers present."""

from django.db import models
from django.db.models.functions import Concat, Upper

from ohmstead.access.models import Organisation
from ohmstead.drivers.models.people import Driver, Group
from ohmstead.kit.ids import uuid7
from ohmstead.network.searched import SearchedText
from ohmstead.station.tokens import TokenKind


class TokenStatus(models.TextChoices):
    VALID = "valid", "Valid"
    BLOCKED = "blocked", "Blocked"
    EXPIRED = "expired", "Expired"
    ORDERED = "ordered", "Not activated"


class Token(models.Model):
    """`canonical_uid` is what tokens are compared by; `uid` keeps the spelling that was entered.

    What a station never reads (an app, a guest, a plate) has a uid of our making; the plate stands in `plate`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    driver = models.ForeignKey(Driver, on_delete=models.SET_NULL, null=True, related_name="tokens")
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, related_name="tokens")  # a fleet's own
    uid = models.CharField(max_length=255)
    canonical_uid = models.CharField(max_length=255)
    printed_number = models.CharField(max_length=40, blank=True)  # on the card, without spaces, upper case
    plate = models.CharField(max_length=16, blank=True)  # letters and digits
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in TokenKind], default=TokenKind.RFID)
    status = models.CharField(max_length=8, choices=TokenStatus, default=TokenStatus.VALID)
    blocked_because = models.CharField(max_length=200, blank=True)
    master = models.BooleanField(default=False)  # may stop any session of the organisation, and starts none
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    parent_uid = models.CharField(
        max_length=255, blank=True
    )  # tokens with the same parent may stop each other's sessions
    label = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)  # lists kept at stations follow it
    searched = SearchedText(
        expression=Upper(Concat("label", models.Value("\n"), "uid")), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "canonical_uid"], name="token_once"),
            models.UniqueConstraint(
                fields=["organisation", "printed_number"],
                name="token_printed_once",
                condition=~models.Q(printed_number=""),
            ),
            models.UniqueConstraint(
                fields=["organisation", "plate"], name="token_plate_once", condition=~models.Q(plate="")
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-changed_at"], name="token_changed")]

    def __str__(self) -> str:
        return self.label or self.plate or self.printed_number or self.uid
