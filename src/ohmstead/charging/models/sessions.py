"""Sessions, what they are folded from, and the meter readings inside and outside them.

Only the worker writes sessions; people and jobs leave a `Closing`, which the worker folds in like anything said.
"""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Least

from ohmstead.access.models import Organisation
from ohmstead.drivers.models import Token
from ohmstead.kit.ids import uuid7
from ohmstead.network.models import Station
from ohmstead.network.searched import StoredField

NO_SESSION = UUID(int=0)  # a reading or mark that named no transaction


class SessionState(models.TextChoices):
    RUNNING = "running", "Running"
    ENDED = "ended", "Ended"
    LOST = "lost", "Lost"
    REFUSED = "refused", "Refused"  # the station asked, we said no, and no energy flowed


class Session(models.Model):
    """One charge, folded from events by content: the id is derived from station and transaction.

    `facts` holds what the fold needs to go on (see rules/); the other columns are its result.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    # Both are the first column of an index below.
    organisation = models.ForeignKey(Organisation, models.CASCADE, db_index=False, related_name="sessions")
    station = models.ForeignKey(Station, models.CASCADE, db_index=False, related_name="sessions")
    evse = models.SmallIntegerField(null=True)
    connector = models.SmallIntegerField(null=True)
    transaction_id = models.CharField(max_length=64)
    token = models.ForeignKey(Token, on_delete=models.SET_NULL, null=True, db_index=False, related_name="sessions")
    token_uid = models.CharField(max_length=255, blank=True)  # canonical
    state = models.CharField(max_length=8, choices=SessionState, default=SessionState.RUNNING)
    charging_state = models.CharField(max_length=20, blank=True)
    started_at = models.DateTimeField()  # first evidence while the start is unknown
    start_heard = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    stop_heard = models.BooleanField(default=False)
    open_until = models.DateTimeField(null=True)  # no event after this can change the session but its own
    last_event_at = models.DateTimeField()
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
    remote_start_id = models.BigIntegerField(null=True)
    flags = ArrayField(models.CharField(max_length=40), default=list)
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["station", "-started_at"], name="session_station_newest"),
            models.Index(fields=["organisation", "-started_at"], name="session_org_newest"),
            models.Index(fields=["station", "open_until"], name="session_open_until"),
            models.Index(
                fields=["organisation", "token_uid"], name="session_running", condition=models.Q(state="running")
            ),
            models.Index(fields=["token", "-started_at"], name="session_token_newest"),
            models.Index(fields=["transaction_id"], name="session_transaction"),
            models.Index(fields=["token_uid"], name="session_of_unknown", condition=models.Q(token=None)),
            # What is rare is found without reading the million rows between.
            models.Index(
                fields=["organisation", "-started_at"],
                name="session_lost_or_refused",
                condition=models.Q(state__in=["lost", "refused"]),
            ),
            models.Index(fields=["organisation", "-started_at"], name="session_flagged", condition=~models.Q(flags=[])),
        ]

    def __str__(self) -> str:
        return f"{self.station_id} {self.transaction_id}"


class Standing(models.Model):
    """What a station and its plugs do, in one narrow row that triggers keep (migration 0010): lists, chips, map and
    overview filter, count and add up these.

    `rank` is that of the plug state that matters most, `shown` that of the whole station, offline (0) before all.
    """

    station = models.OneToOneField(Station, on_delete=models.CASCADE, primary_key=True, related_name="standing")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    site_id = models.UUIDField(null=True)
    in_service = models.BooleanField()  # was let in
    apart = models.BooleanField()  # stands elsewhere than its site, or has none
    online = models.BooleanField()
    own_rank = models.SmallIntegerField()
    rank = models.SmallIntegerField()
    plugs = models.SmallIntegerField(default=0)
    free = models.SmallIntegerField(default=0)  # of the plugs, whether online or not
    charging = models.SmallIntegerField(default=0)
    faulted = models.SmallIntegerField(default=0)
    out_of_use = models.SmallIntegerField(default=0)
    shown = StoredField(
        expression=Case(
            When(online=False, then=Value(0)),
            default=Least(F("own_rank"), F("rank")),
            output_field=models.SmallIntegerField(),
        ),
        output_field=models.SmallIntegerField(),
        db_persist=True,
    )

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "shown"], name="standing_shown", condition=models.Q(in_service=True))
        ]

    def __str__(self) -> str:
        return f"{self.station_id}: {self.shown}"


class MeterReading(models.Model):
    """One moment of a meter, in a table partitioned by month. `session_id` is the one the station named, or NO_SESSION.

    `evse` 0: the station did not say. Which session an unnamed reading falls into is asked by time (queries.py).
    """

    pk = models.CompositePrimaryKey("station_id", "at", "evse", "context", "session_id")
    station_id = models.UUIDField()
    at = models.DateTimeField()
    evse = models.SmallIntegerField()
    context = models.SmallIntegerField()  # station.readings.ReadingContext
    session_id = models.UUIDField(default=NO_SESSION)
    register_wh = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    export_register_wh = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    power_w = models.FloatField(null=True)
    offered_power_w = models.FloatField(null=True)
    current_l1_a = models.FloatField(null=True)
    current_l2_a = models.FloatField(null=True)
    current_l3_a = models.FloatField(null=True)
    voltage_l1_v = models.FloatField(null=True)
    voltage_l2_v = models.FloatField(null=True)
    voltage_l3_v = models.FloatField(null=True)
    soc_percent = models.FloatField(null=True)
    temperature_c = models.FloatField(null=True)
    frequency_hz = models.FloatField(null=True)
    more = models.JSONField(null=True)
    signed = ArrayField(models.TextField(), null=True)

    class Meta:
        managed = False
        db_table = "charging_reading"

    def __str__(self) -> str:
        return f"{self.station_id} {self.at}"


class Mark(models.Model):
    """A state an EVSE or a transaction was in from `at` on, or a boot of the whole station (evse 0)."""

    pk = models.CompositePrimaryKey("station_id", "at", "evse", "connector", "session_id", "state")
    station_id = models.UUIDField()
    at = models.DateTimeField()
    evse = models.SmallIntegerField()
    connector = models.SmallIntegerField(default=0)
    session_id = models.UUIDField(default=NO_SESSION)
    state = models.CharField(max_length=20)
    number = models.BigIntegerField(default=0)  # highest 2.x seqNo it came with: orders states of the same second

    def __str__(self) -> str:
        return f"{self.station_id} / {self.evse}: {self.state}"


class StrayStop(models.Model):
    """A stop that named no transaction, and the session it was matched with, if any."""

    id = models.UUIDField(primary_key=True, editable=False)  # derived from its content
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="stray_stops")
    evse = models.SmallIntegerField(null=True)
    at = models.DateTimeField()
    token_uid = models.CharField(max_length=255, blank=True)
    register_wh = models.DecimalField(max_digits=18, decimal_places=3, null=True)
    reason = models.CharField(max_length=20)
    session_id = models.UUIDField(null=True)

    class Meta:
        indexes = [models.Index(fields=["station", "at"], name="stray_stop_station")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.at}"


class Closing(models.Model):
    """Someone gave a session up as of what was known then; if the station speaks of it later, it goes on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="closings")
    by_hand = models.BooleanField(default=False)
    as_of = models.DateTimeField()
    reason = models.CharField(max_length=300)
    asked_at = models.DateTimeField()
    applied = models.BooleanField(default=False)

    class Meta:
        indexes = [models.Index(fields=["session"], name="closing_unapplied", condition=models.Q(applied=False))]

    def __str__(self) -> str:
        return self.reason


class QuarantinedEntry(models.Model):
    """A journal entry whose projection raised; the rest of its shard went on."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stream = models.IntegerField()
    seq = models.BigIntegerField()
    station_id = models.UUIDField()
    at = models.DateTimeField()
    action = models.CharField(max_length=60, blank=True)
    error = models.TextField()
    quarantined_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="quarantined_once")]

    def __str__(self) -> str:
        return f"{self.stream}/{self.seq}"
