"""Sites, stations and what stands on them."""

from django.db import models
from django.db.models.functions import Upper

from ohmstead.access.models import Organisation, User
from ohmstead.kit.ids import uuid7
from ohmstead.station.answers import Admission
from ohmstead.station.states import PlugState


class Site(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=80, blank=True)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    time_zone = models.CharField(max_length=40, default="UTC")

    def __str__(self) -> str:
        return self.name


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


class Station(models.Model):
    """`epoch` is the fencing number of its newest connection; `gateway` holds that connection, empty when offline."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="stations")
    site = models.ForeignKey(Site, on_delete=models.SET_NULL, null=True, related_name="stations")
    identity = models.CharField(max_length=48)
    name = models.CharField(max_length=120, blank=True)
    admission = models.CharField(
        max_length=8, choices=[(a.value, a.value) for a in Admission], default=Admission.PENDING
    )
    security_profile = models.SmallIntegerField(default=0)  # the least it must use
    password_hash = models.CharField(max_length=64, blank=True)
    next_password_hash = models.CharField(max_length=64, blank=True)  # sent over the air, not yet confirmed
    certificate_fingerprint = models.CharField(max_length=64, blank=True)  # what it showed last, or was sent last
    vendor = models.CharField(max_length=64, blank=True)
    model = models.CharField(max_length=64, blank=True)
    serial = models.CharField(max_length=64, blank=True)
    firmware = models.CharField(max_length=64, blank=True)
    dialect = models.CharField(max_length=12, blank=True)
    heartbeat_interval_s = models.IntegerField(default=300)
    epoch = models.BigIntegerField(default=0)
    gateway = models.CharField(max_length=80, blank=True)
    remote_address = models.CharField(max_length=64, blank=True)
    online = models.BooleanField(default=False)
    # Which journal entry last said "connected" or "disconnected": nothing older may overwrite it.
    link_epoch = models.BigIntegerField(default=0)
    link_stream = models.IntegerField(default=0)
    link_seq = models.BigIntegerField(default=0)
    state = models.CharField(max_length=20, default=PlugState.UNKNOWN)
    state_at = models.DateTimeField(null=True)  # the station's time, never later than arrival; the newest wins
    state_epoch = models.BigIntegerField(default=0)  # with state_seq: who wins when the times are equal
    state_seq = models.BigIntegerField(default=0)
    error_code = models.CharField(max_length=64, blank=True)
    connected_at = models.DateTimeField(null=True)
    disconnected_at = models.DateTimeField(null=True)
    booted_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint("organisation", Upper("identity"), name="station_identity_once")]
        indexes = [models.Index(fields=["gateway"], name="station_gateway", condition=~models.Q(gateway=""))]

    def __str__(self) -> str:
        return self.name or self.identity


class Evse(models.Model):
    """One place to charge; a 1.6 connector is our EVSE."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="evses")
    number = models.SmallIntegerField()
    max_power_w = models.IntegerField(null=True)
    state = models.CharField(max_length=20, default=PlugState.UNKNOWN)
    state_at = models.DateTimeField(null=True)
    state_epoch = models.BigIntegerField(default=0)
    state_seq = models.BigIntegerField(default=0)
    error_code = models.CharField(max_length=64, blank=True)
    vendor_error_code = models.CharField(max_length=64, blank=True)
    info = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "number"], name="evse_once")]

    def __str__(self) -> str:
        return f"{self.station} / {self.number}"


class Connector(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    evse = models.ForeignKey(Evse, on_delete=models.CASCADE, related_name="connectors")
    number = models.SmallIntegerField()
    standard = models.CharField(max_length=30, blank=True)  # OCPI ConnectorType
    format = models.CharField(max_length=10, blank=True)  # SOCKET, CABLE
    state = models.CharField(max_length=20, default=PlugState.UNKNOWN)
    state_at = models.DateTimeField(null=True)
    state_epoch = models.BigIntegerField(default=0)
    state_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evse", "number"], name="connector_once")]

    def __str__(self) -> str:
        return f"{self.evse} / {self.number}"


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
