"""What drivers are told, how they want to be told, and what became of telling."""

from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.drivers.models.people import Driver
from ohmstead.kit.ids import uuid7


class NoticeKind(models.TextChoices):
    STARTED = "started", "Charging has begun"
    SUSPENDED = "suspended", "Charging has paused"
    NEARLY_DONE = "nearly_done", "Nearly full"
    DONE = "done", "Charging has ended"
    FAULT = "fault", "Something is wrong with the plug"


class Channel(models.TextChoices):
    PUSH = "push", "On this device"
    EMAIL = "email", "By e-mail"
    SMS = "sms", "By text message"


class NoticeChoice(models.Model):
    """Said otherwise than usual (rules.notices.USUAL)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=12, choices=NoticeKind)
    channel = models.CharField(max_length=5, choices=Channel)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["driver", "kind", "channel"], name="notice_choice_once")]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}: {self.wanted}"


class PushSubscription(models.Model):
    """A browser that may be woken. Its keys encrypt for it alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="push_subscriptions")
    endpoint = models.CharField(max_length=1000, unique=True)
    p256dh = models.CharField(max_length=200)
    auth = models.CharField(max_length=60)
    browser = models.CharField(max_length=80, blank=True)
    language = models.CharField(max_length=8, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    heard_at = models.DateTimeField(null=True)  # its server last took a notice

    def __str__(self) -> str:
        return self.browser or self.endpoint[:60]


class PushKey(models.Model):
    """The key that proves to push services that a notice is ours (VAPID); made once and kept sealed."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    private_key = models.BinaryField()
    public_key = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "drivers_push_key"
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="push_key_once")]

    def __str__(self) -> str:
        return self.public_key


class Notice(models.Model):
    """Something a driver is told once; `key` is the same whenever the same thing is told again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=12, choices=NoticeKind)
    key = models.CharField(max_length=120)
    charge_id = models.UUIDField(null=True)  # the session it is about
    details = models.JSONField(default=dict)  # place, plug, energy_wh, soc_percent
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["driver", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["driver", "-at"], name="notice_newest"),
            models.Index(fields=["at"], name="notice_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class SendingState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    FAILED = "failed", "Failed"


class Sending(models.Model):
    """A notice on its way by one channel to one address; `id` is the key by which a repetition is known."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="sendings")
    channel = models.CharField(max_length=5, choices=Channel)
    subscription = models.ForeignKey(PushSubscription, on_delete=models.SET_NULL, null=True, related_name="sendings")
    state = models.CharField(max_length=8, choices=SendingState, default=SendingState.WAITING)
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["notice", "channel", "subscription"], nulls_distinct=False, name="sending_once"
            )
        ]
        indexes = [models.Index(fields=["next_at"], name="sending_due", condition=models.Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.notice_id} by {self.channel}: {self.state}"
