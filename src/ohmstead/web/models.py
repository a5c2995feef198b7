"""Tables of console and API themselves: who failed to sign in how often, and what writes were answered."""

from django.db import models

from ohmstead.access.models import Organisation, User
from ohmstead.kit.ids import uuid7


class SignInFailures(models.Model):
    """Failures in a row of one address from one place; deleted by a success."""

    key = models.CharField(primary_key=True, max_length=64)  # keyed hash: the table tells nothing by itself
    count = models.IntegerField(default=0)
    last_at = models.DateTimeField()

    class Meta:
        db_table = "web_sign_in_failures"

    def __str__(self) -> str:
        return f"{self.count} failures"


class KeptAnswer(models.Model):
    """What a write with an Idempotency-Key was answered; no `status` yet: it is being worked on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    asker_id = models.UUIDField()
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # of method, address and body
    asked_at = models.DateTimeField()
    status = models.SmallIntegerField(null=True)
    headers = models.TextField(blank=True)
    body = models.BinaryField(default=b"")  # encrypted

    class Meta:
        db_table = "web_api_kept_answer"
        constraints = [models.UniqueConstraint(fields=["organisation", "asker_id", "key"], name="api_answer_once")]
        indexes = [models.Index(fields=["asked_at"], name="api_answer_oldest")]

    def __str__(self) -> str:
        return self.key


class SavedFilter(models.Model):
    """What a list was narrowed to, under a name; without a person it belongs to everybody of the organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="saved_filters")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="saved_filters")
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500, blank=True)

    class Meta:
        db_table = "web_saved_filter"
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "page", "user", "name"], nulls_distinct=False, name="saved_filter_once"
            )
        ]

    def __str__(self) -> str:
        return self.name
