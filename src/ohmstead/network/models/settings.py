"""Settings of stations: what they report, what we want of them, and what they noticed by themselves."""

from django.db import models
from django.db.models.functions import Upper

from ohmstead.access.models import Organisation
from ohmstead.kit.ids import uuid7
from ohmstead.network.models.commands import Command
from ohmstead.network.models.stations import Station


class Knowledge(models.Model):
    """How much is known of a station: its settings, when they were read, and what it has refused."""

    station = models.OneToOneField(Station, on_delete=models.CASCADE, primary_key=True, related_name="knowledge")
    firmware = models.CharField(max_length=64, blank=True)  # of which all this was learned
    read_at = models.DateTimeField(null=True)  # all settings
    asked_at = models.DateTimeField(null=True)  # for all settings, by ourselves
    unanswered = models.SmallIntegerField(default=0)  # such questions since the last report
    refused = models.JSONField(default=dict)  # OCPP action -> {"word", "at"}

    class Meta:
        db_table = "network_station_knowledge"

    def __str__(self) -> str:
        return f"{self.station_id}"


class Placed(models.Model):
    """Names a setting: a key, or `Component.Variable` with instances in brackets; 0 is no certain outlet."""

    name = models.CharField(max_length=200)
    evse = models.SmallIntegerField(default=0)
    connector = models.SmallIntegerField(default=0)

    class Meta:
        abstract = True


class Variable(Placed):
    """A setting or measured thing as the station last reported it; the value of a secret is never here."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="variables")
    attribute = models.CharField(max_length=8, default="actual")
    value = models.TextField(null=True)
    comparable = models.CharField(max_length=200, blank=True)  # rules.settings.comparable(value)
    mutability = models.CharField(max_length=10, blank=True)
    kind = models.CharField(max_length=20, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    least = models.FloatField(null=True)
    most = models.FloatField(null=True)
    choices = models.TextField(blank=True)
    can_be_watched = models.BooleanField(null=True)
    needs_reboot = models.BooleanField(default=False)  # it said so when it was last changed
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "network_station_variable"
        constraints = [
            models.UniqueConstraint(fields=["station", "name", "evse", "connector", "attribute"], name="variable_once")
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.name}"


class SettingTemplate(models.Model):
    """A named set of values, for the stations that fit; an empty filter fits every station."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="setting_templates")
    name = models.CharField(max_length=120)
    vendor = models.CharField(max_length=64, blank=True)
    model = models.CharField(max_length=64, blank=True)
    firmware = models.CharField(max_length=64, blank=True)
    dialect = models.CharField(max_length=12, blank=True)
    values = models.JSONField(default=list)  # [{"name", "value", "evse", "connector"}]
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "network_setting_template"
        constraints = [models.UniqueConstraint("organisation", Upper("name"), name="setting_template_once")]

    def __str__(self) -> str:
        return self.name


class DesiredValue(Placed):
    """What a setting shall be; where the station reports something else, it has drifted."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="desired_values")
    value = models.TextField()
    comparable = models.CharField(max_length=200, blank=True)
    template = models.ForeignKey(SettingTemplate, on_delete=models.SET_NULL, null=True, related_name="desired_values")
    wanted_at = models.DateTimeField()
    outcome = models.CharField(max_length=40, blank=True)  # the station's word when it was last asked
    outcome_at = models.DateTimeField(null=True)
    command = models.ForeignKey(Command, on_delete=models.SET_NULL, null=True)

    class Meta:
        db_table = "network_desired_value"
        constraints = [
            models.UniqueConstraint(fields=["station", "name", "evse", "connector"], name="desired_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.name}"


class StationMonitor(Placed):
    """What a station watches of itself, as it last reported."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="monitors")
    monitor_id = models.BigIntegerField()
    kind = models.CharField(max_length=30)
    value = models.FloatField()
    severity = models.SmallIntegerField()
    in_sessions_only = models.BooleanField(default=False)
    origin = models.CharField(max_length=30, blank=True)
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "network_station_monitor"
        constraints = [models.UniqueConstraint(fields=["station", "monitor_id"], name="monitor_once")]

    def __str__(self) -> str:
        return f"{self.station_id} monitor {self.monitor_id}"


class Noticed(Placed):
    """An event of the device model: a value that changed, crossed a threshold, or was due."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="noticed")
    at = models.DateTimeField()
    event_id = models.BigIntegerField()
    trigger = models.CharField(max_length=20)
    value = models.TextField()
    origin = models.CharField(max_length=30, blank=True)
    cause = models.BigIntegerField(null=True)
    tech_code = models.CharField(max_length=50, blank=True)
    tech_info = models.CharField(max_length=500, blank=True)
    cleared = models.BooleanField(default=False)
    transaction_id = models.CharField(max_length=36, blank=True)
    monitor_id = models.BigIntegerField(null=True)
    severity = models.SmallIntegerField(null=True)

    class Meta:
        db_table = "network_noticed"
        indexes = [models.Index(fields=["station", "-at"], name="noticed_newest")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.name}: {self.value}"
