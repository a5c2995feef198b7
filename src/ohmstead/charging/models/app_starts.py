"""Starts asked for in the app, and the limits drivers set for their sessions."""

from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.charging.models.sessions import Session
from ohmstead.drivers.models import Token
from ohmstead.kit.ids import uuid7
from ohmstead.network.models import Command, Evse


class AppStart(models.Model):
    """One wish to charge, however often the button was pressed: `key` is of the page it was pressed on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="app_starts")
    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="app_starts")
    evse = models.ForeignKey(Evse, on_delete=models.CASCADE, related_name="app_starts")
    command = models.OneToOneField(Command, on_delete=models.CASCADE, related_name="app_start")
    key = models.CharField(max_length=80)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="app_start_once")]
        indexes = [models.Index(fields=["token", "-asked_at"], name="app_start_newest")]

    def __str__(self) -> str:
        return f"{self.token} at {self.evse}"


class SessionLimit(models.Model):
    """The driver wants the session to stop when the first of these is reached; None is no limit."""

    session = models.OneToOneField(Session, on_delete=models.CASCADE, primary_key=True, related_name="limit")
    energy_wh = models.DecimalField(max_digits=12, decimal_places=3, null=True)
    minutes = models.IntegerField(null=True)
    soc_percent = models.SmallIntegerField(null=True)
    reached = models.CharField(max_length=8, blank=True)  # energy, time or soc
    reached_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"limit of {self.session}"
