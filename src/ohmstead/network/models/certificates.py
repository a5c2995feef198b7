"""Certificates of stations."""

from django.db import models

from ohmstead.kit.ids import uuid7
from ohmstead.network.models.stations import Station


class Certificate(models.Model):
    """A client certificate our authority issued to a station."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="certificates")
    serial = models.CharField(max_length=40, unique=True)  # hex
    fingerprint = models.CharField(max_length=64, unique=True)  # SHA-256, hex
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.station}: {self.serial}"
