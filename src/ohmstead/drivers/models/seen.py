"""What stations saw of tokens, and what was noticed about it."""

from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.kit.ids import uuid7
from ohmstead.network.models import Station


class Sighting(models.Model):
    """A token, known or not, at a station: when, how often, and what it heard last. Kept for some days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sightings")
    canonical_uid = models.CharField(max_length=255)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="sightings")
    uid = models.CharField(max_length=255)  # as the station spells it
    kind = models.CharField(max_length=20)
    evse = models.SmallIntegerField(null=True)
    verdict = models.CharField(max_length=30)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.BigIntegerField(default=1)
    minute_at = models.DateTimeField()  # begin of the minute that minute_count counts
    minute_count = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "canonical_uid", "station"], name="sighting_once")
        ]
        indexes = [models.Index(fields=["organisation", "-last_at"], name="sighting_newest")]

    def __str__(self) -> str:
        return f"{self.uid} at {self.station}"


class AlarmKind(models.TextChoices):
    TWO_PLACES = "two_places", "Same card at two places"
    TOO_OFTEN = "too_often", "Presented too often"
    WRONG_PLATE = "wrong_plate", "Plate matched wrongly"


class Alarm(models.Model):
    """Something about a token that an operator should look at; told once, counted while it goes on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="token_alarms")
    kind = models.CharField(max_length=12, choices=AlarmKind)
    canonical_uid = models.CharField(max_length=255)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, null=True, related_name="token_alarms")
    sentence = models.CharField(max_length=300)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.IntegerField(default=1)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "canonical_uid", "station"],
                nulls_distinct=False,
                name="alarm_open_once",
                condition=models.Q(settled_at__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return self.sentence
