"""Stations and what they are made of."""

from django.db import models
from django.db.models.functions import Concat, Upper

from ohmstead.access.models import Organisation
from ohmstead.kit.ids import uuid7
from ohmstead.network.models.sites import Site
from ohmstead.network.searched import SearchedText
from ohmstead.station.answers import Admission
from ohmstead.station.states import PlugState


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
    # Where it stands, when that is not where its site is.
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    notes = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True)  # its admission is then "refused"; the past stays
    searched = SearchedText(
        expression=Upper(
            Concat(
                "identity",
                models.Value("\n"),
                "name",
                models.Value("\n"),
                "serial",
                models.Value("\n"),
                "vendor",
                models.Value(" "),
                "model",
            )
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [models.UniqueConstraint("organisation", Upper("identity"), name="station_identity_once")]
        indexes = [
            models.Index(fields=["gateway"], name="station_gateway", condition=~models.Q(gateway="")),
            models.Index(
                fields=["organisation", "identity"],
                name="station_in_service",
                condition=models.Q(admission=Admission.ACCEPTED.value),
            ),
            models.Index(
                fields=["organisation"],
                name="station_waiting",
                condition=models.Q(admission=Admission.PENDING.value),
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.identity


class Evse(models.Model):
    """One place to charge; a 1.6 connector is our EVSE."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="evses")
    number = models.SmallIntegerField()
    physical_reference = models.CharField(max_length=40, blank=True, db_default="")  # what is written on the place
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
    power_type = models.CharField(max_length=20, blank=True, db_default="")  # OCPI PowerType
    max_power_w = models.IntegerField(null=True)
    max_current_a = models.IntegerField(null=True)
    max_voltage_v = models.IntegerField(null=True)
    state = models.CharField(max_length=20, default=PlugState.UNKNOWN)
    state_at = models.DateTimeField(null=True)
    state_epoch = models.BigIntegerField(default=0)
    state_seq = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evse", "number"], name="connector_once")]

    def __str__(self) -> str:
        return f"{self.evse} / {self.number}"
