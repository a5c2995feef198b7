"""What was asked of stations."""

from django.db import models

from ohmstead.access.models import User
from ohmstead.kit.ids import uuid7
from ohmstead.network.models.stations import Station


class CommandState(models.TextChoices):
    QUEUED = "queued", "Queued"
    SENT = "sent", "Sent"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    TIMED_OUT = "timed_out", "Timed out"
    OFFLINE = "offline", "Station offline"
    FAILED = "failed", "Failed"


class Command(models.Model):
    """Something we asked of a station; every state it went through is visible to the person who asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="commands")
    kind = models.CharField(max_length=40)
    command = models.JSONField()  # station.commands struct
    state = models.CharField(max_length=10, choices=CommandState, default=CommandState.QUEUED)
    reason = models.CharField(max_length=300, blank=True)
    answer = models.JSONField(null=True)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["station", "-asked_at"], name="command_station_newest"),
            models.Index(fields=["asked_at"], name="command_open", condition=models.Q(state__in=["queued", "sent"])),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.station}: {self.state}"
