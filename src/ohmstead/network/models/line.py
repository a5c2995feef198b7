"""The line to the stations: gateways, what they must hear, who was turned away, what had to be mended."""

from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.kit.ids import uuid7
from ohmstead.network.models.stations import Station


class Gateway(models.Model):
    """A gateway process, as it last said of itself."""

    name = models.CharField(primary_key=True, max_length=80)
    stream = models.IntegerField()
    connections = models.IntegerField(default=0)
    entries_total = models.BigIntegerField(default=0)
    draining = models.BooleanField(default=False)
    seen_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class Announcement(models.Model):
    """What the gateways must hear of a station: written with the change, deleted when the bus took it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="announcements")
    admission = models.CharField(max_length=8)
    close = models.CharField(max_length=120, blank=True)  # why the gateway should close the socket

    def __str__(self) -> str:
        return f"{self.station_id}: {self.admission}"


class Refusal(models.Model):
    """Attempts that ended at the door, counted per identity and reason, so that the installer can be told why."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="refusals")
    identity = models.CharField(max_length=60)
    remote_address = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=30)
    sentence = models.CharField(max_length=300)
    count = models.BigIntegerField(default=1)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "identity", "code"], nulls_distinct=False, name="refusal_once"
            )
        ]
        indexes = [models.Index(fields=["-last_at"], name="refusal_newest")]

    def __str__(self) -> str:
        return f"{self.identity}: {self.code}"


class Deviation(models.Model):
    """A kind of mend made to what a station sent, counted; the raw text of the newest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="deviations")
    code = models.CharField(max_length=40)
    action = models.CharField(max_length=60)
    sentence = models.CharField(max_length=200)
    example = models.CharField(max_length=200, blank=True)
    count = models.BigIntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "code", "action"], name="deviation_once")]

    def __str__(self) -> str:
        return f"{self.station}: {self.code}"


class StationEvent(models.Model):
    """The timeline of a station: what it told us that is no status, no session and no reading."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="events")
    at = models.DateTimeField()
    kind = models.CharField(max_length=20)  # connection, boot, security, firmware, log, notice, rejected, certificate
    title = models.CharField(max_length=120)
    detail = models.JSONField(default=dict)

    class Meta:
        db_table = "network_station_event"
        indexes = [models.Index(fields=["station", "-at"], name="station_event_newest")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.kind}: {self.title}"
