"""Cameras that read plates, what they read, and what was offered because of it."""

from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.drivers.models import Token
from ohmstead.kit.ids import uuid7
from ohmstead.network.models import Evse, Site


class Camera(models.Model):
    """A camera that watches certain plugs; it proves itself by the secret in its address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="cameras")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="cameras")
    name = models.CharField(max_length=120)
    secret_hash = models.CharField(max_length=64, unique=True)
    evses = models.ManyToManyField(Evse, related_name="cameras")
    least_confidence_percent = models.SmallIntegerField(default=85)
    kept_hours = models.SmallIntegerField(default=24)  # what was read is forgotten after so long
    heard_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True)  # what was wrong with its last message
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="camera_name_once")]

    def __str__(self) -> str:
        return self.name


class PlateOfferState(models.TextChoices):
    OPEN = "open", "Waits for the plug"
    STARTED = "started", "Started"
    REFUSED = "refused", "Refused"
    EXPIRED = "expired", "Nobody plugged in"
    WRONG = "wrong", "Was not this car"


class PlateOffer(models.Model):
    """A customer's plate was read at a camera: a charge starts by itself when a plug it watches goes in.

    Plates that are no customer's are not stored at all.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="plate_offers")
    camera = models.ForeignKey(Camera, on_delete=models.CASCADE, related_name="offers")
    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="plate_offers")
    plate_read = models.CharField(max_length=16)
    exact = models.BooleanField(default=True)
    confidence_percent = models.FloatField()
    read_at = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=8, choices=PlateOfferState, default=PlateOfferState.OPEN)
    reason = models.CharField(max_length=300, blank=True)
    evse = models.ForeignKey(Evse, on_delete=models.SET_NULL, null=True, related_name="plate_offers")
    command_id = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["camera", "token"], name="plate_offer_once", condition=models.Q(state="open")
            )
        ]
        indexes = [models.Index(fields=["token", "-read_at"], name="plate_offer_newest")]

    def __str__(self) -> str:
        return f"{self.plate_read} at {self.camera}"
