"""What was asked of stations, one by one and many at a time."""

from django.db import models

from ohmstead.access.models import Organisation, User
from ohmstead.kit.ids import uuid7
from ohmstead.network.models.stations import Station


class BulkState(models.TextChoices):
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    CANCELLED = "cancelled", "Cancelled"
    STOPPED = "stopped", "Stopped after failures"


class Bulk(models.Model):
    """The same work for many stations, so many at a time; its commands are rows from the start."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="bulks")
    title = models.CharField(max_length=160)
    kind = models.CharField(max_length=40)
    command = models.JSONField()  # as asked, without secrets
    chosen = models.JSONField(default=dict)  # the filter by which the stations were chosen
    state = models.CharField(max_length=10, choices=BulkState, default=BulkState.RUNNING)
    reason = models.CharField(max_length=300, blank=True)
    pace = models.IntegerField()  # stations at work at the same time
    stop_after = models.IntegerField(null=True)  # failures
    waits_s = models.IntegerField(null=True)  # for stations that are offline, from their turn on
    retries = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="retried_by")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    asked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-asked_at"], name="bulk_newest"),
            models.Index(fields=["asked_at"], name="bulk_running", condition=models.Q(state="running")),
        ]

    def __str__(self) -> str:
        return self.title


class CommandState(models.TextChoices):
    PLANNED = "planned", "Planned"  # its bulk has not come to it yet
    QUEUED = "queued", "Queued"
    WAITING = "waiting", "Waiting for the station"
    SENT = "sent", "Sent"
    ACCEPTED = "accepted", "Accepted"
    REJECTED = "rejected", "Rejected"
    TIMED_OUT = "timed_out", "Timed out"
    OFFLINE = "offline", "Station offline"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


class Work(models.TextChoices):
    """What goes on after a station agreed: a download, an upload, a report in parts."""

    NONE = "", "None"
    RUNNING = "running", "Under way"
    DONE = "done", "Done"
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
    history = models.JSONField(default=list)  # [{"state": ..., "at": ..., "reason": ...}], oldest first
    work = models.CharField(max_length=8, choices=Work, default=Work.NONE, blank=True)
    progress = models.CharField(max_length=60, blank=True)  # the station's newest word on its work
    progress_at = models.DateTimeField(null=True)
    request_id = models.BigIntegerField(null=True)  # by which later messages name this command
    key = models.CharField(max_length=80, blank=True)  # the asker's own; asked twice with it, it is one command
    repeats = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="repeated_by")
    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, null=True, related_name="commands")
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    asked_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)  # until then it waits for a station that is away
    sent_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["station", "-asked_at"], name="command_station_newest"),
            models.Index(
                fields=["station", "asked_at"],
                name="command_under_way",
                condition=models.Q(state__in=["queued", "waiting", "sent"]),
            ),
            models.Index(
                fields=["station", "request_id"],
                name="command_request",
                condition=models.Q(request_id__isnull=False),
            ),
            models.Index(fields=["progress_at"], name="command_at_work", condition=models.Q(work="running")),
            models.Index(fields=["bulk", "state"], name="command_bulk", condition=models.Q(bulk__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["station", "key"], name="command_key_once", condition=~models.Q(key=""))
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.station}: {self.state}"


class Report(models.Model):
    """A part of what a station sent later, because a command asked for it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    command = models.ForeignKey(Command, on_delete=models.CASCADE, related_name="reports")
    number = models.IntegerField()  # in the order of arrival, from 0
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    payload = models.JSONField()
    last = models.BooleanField(default=True)  # no more parts are announced

    class Meta:
        db_table = "network_command_report"
        indexes = [models.Index(fields=["command", "number"], name="report_in_order")]

    def __str__(self) -> str:
        return f"{self.command_id} {self.action} {self.number}"
