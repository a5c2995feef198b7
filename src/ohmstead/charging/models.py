"""Sessions and the meter readings inside and outside them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.drivers.models import Token
from ohmstead.network.models import Station


class SessionState(models.TextChoices):
    RUNNING = "running", "Running"
    ENDED = "ended", "Ended"
    LOST = "lost", "Lost"


class Session(models.Model):
    """One charge, folded from events by content: the id is derived from station and transaction.

    `facts` holds what the fold needs to go on (see rules/); the other columns are its result.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sessions")
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="sessions")
    evse = models.SmallIntegerField(null=True)
    connector = models.SmallIntegerField(null=True)
    transaction_id = models.CharField(max_length=64)
    token = models.ForeignKey(Token, on_delete=models.SET_NULL, null=True, related_name="sessions")
    token_uid = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=8, choices=SessionState, default=SessionState.RUNNING)
    charging_state = models.CharField(max_length=20, blank=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    last_event_at = models.DateTimeField(null=True)
    start_register_wh = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    end_register_wh = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    energy_wh = models.DecimalField(max_digits=18, decimal_places=3, default=0)
    power_w = models.FloatField(null=True)
    max_power_w = models.FloatField(null=True)
    soc_start_percent = models.FloatField(null=True)
    soc_percent = models.FloatField(null=True)
    suspended_car_s = models.IntegerField(default=0)
    suspended_station_s = models.IntegerField(default=0)
    stop_reason = models.CharField(max_length=20, blank=True)
    verdict = models.CharField(max_length=30, blank=True)
    flags = ArrayField(models.CharField(max_length=40), default=list)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["station", "-started_at"], name="session_station_newest"),
            models.Index(fields=["organisation", "-started_at"], name="session_org_newest"),
            models.Index(fields=["token"], name="session_running_token", condition=models.Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.transaction_id}"
