"""Events, who is told of them, and what became of telling."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.kit.ids import uuid7


class CurrentTransaction(models.Func):
    """The number of the writing transaction: events are read in its order, so that no late commit is skipped."""

    function = "txid_current"
    arity = 0
    output_field = models.BigIntegerField()


class Event(models.Model):
    """Something that happened. `key` makes it unique: folding the same news twice tells it once."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=120)
    at = models.DateTimeField()
    data = models.JSONField()
    written_at = models.DateTimeField(auto_now_add=True)
    transaction = models.BigIntegerField(db_default=CurrentTransaction())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "kind", "key"], name="event_once")]
        indexes = [
            models.Index(fields=["organisation", "transaction", "id"], name="event_in_order"),
            models.Index(fields=["written_at"], name="event_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class EventReader(models.Model):
    """An organisation whose programs read the stream of events; its events are written until then."""

    organisation = models.OneToOneField(Organisation, on_delete=models.CASCADE, primary_key=True, related_name="+")
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.organisation_id} until {self.until}"


class Webhook(models.Model):
    """An address that is told. Secrets are sealed; the previous one signs too until `previous_until`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="webhooks")
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=120, blank=True)
    kinds = ArrayField(models.CharField(max_length=40), default=list)  # empty: all
    active = models.BooleanField(default=True)
    secret = models.BinaryField()
    previous_secret = models.BinaryField(default=b"")
    previous_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    failures = models.IntegerField(default=0)  # in a row
    probed_at = models.DateTimeField(null=True)  # while it is failing
    disabled_because = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["organisation"], name="webhook_active", condition=models.Q(active=True))]

    def __str__(self) -> str:
        return self.description or self.url


class DeliveryState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    DELIVERED = "delivered", "Delivered"
    FAILED = "failed", "Failed"


class Delivery(models.Model):
    """One event on its way to one webhook. `claimed_until`: somebody is trying it now."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="deliveries")
    state = models.CharField(max_length=10, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="delivery_once")]
        indexes = [
            models.Index(fields=["webhook", "-created_at"], name="delivery_newest"),
            models.Index(fields=["next_at"], name="delivery_due", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} to {self.webhook_id}: {self.state}"


class Attempt(models.Model):
    """One try of a delivery: `status` None means that no answer came, and `error` says why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    took_ms = models.IntegerField()
    status = models.SmallIntegerField(null=True)
    answer = models.CharField(max_length=500, blank=True)  # how it began
    error = models.CharField(max_length=300, blank=True)

    class Meta:
        indexes = [models.Index(fields=["delivery", "-at"], name="attempt_newest")]

    def __str__(self) -> str:
        return f"{self.delivery_id}: {self.status or self.error}"
