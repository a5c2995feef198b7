"""Plugs promised to drivers, and drivers who wait for one."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.charging.models.sessions import Session
from ohmstead.drivers.models import Driver, Token
from ohmstead.kit.ids import uuid7
from ohmstead.network.models import Evse, Site


class ReservationState(models.TextChoices):
    BOOKED = "booked", "Booked"
    HELD = "held", "Held now"
    HONOURED = "honoured", "Charged"
    CANCELLED = "cancelled", "Cancelled"
    NO_SHOW = "no_show", "Nobody came"


OPEN_RESERVATIONS = (ReservationState.BOOKED, ReservationState.HELD)


class EnforcedBy(models.TextChoices):
    NOBODY = "", "Not yet"
    STATION = "station", "The station"
    DECISION = "decision", "Our answer to other cards"


class Reservation(models.Model):
    """A plug for a driver over a span of time; the database lets no two open ones overlap on a plug.

    `plug` is the EVSE's id as a number: only ranges can stand in such a constraint without an extension.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="reservations")
    number = models.IntegerField(unique=True)  # what stations call it
    site = models.ForeignKey(Site, on_delete=models.CASCADE, null=True, related_name="reservations")
    evse = models.ForeignKey(Evse, on_delete=models.CASCADE, related_name="reservations")
    plug = models.DecimalField(max_digits=39, decimal_places=0)
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="reservations")
    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="reservations")  # stations hear it
    any_of = models.CharField(max_length=4, blank=True)  # "any", "ac" or "dc": another plug of the site does as well
    during = DateTimeRangeField()
    state = models.CharField(max_length=10, choices=ReservationState, default=ReservationState.BOOKED)
    enforced_by = models.CharField(max_length=8, choices=EnforcedBy, default=EnforcedBy.NOBODY, blank=True)
    command_id = models.UUIDField(null=True)  # ReserveNow
    session = models.ForeignKey(Session, on_delete=models.SET_NULL, null=True, related_name="reservations")
    fee = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    no_show_fee = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="EUR")
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="reservation_no_overlap",
                expressions=[
                    (models.Func("plug", "plug", models.Value("[]"), function="numrange"), RangeOperators.OVERLAPS),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=models.Q(state__in=["booked", "held"]),
            )
        ]
        indexes = [
            models.Index(fields=["organisation", "-created_at"], name="reservation_newest"),
            models.Index(fields=["evse"], name="reservation_open", condition=models.Q(state__in=["booked", "held"])),
        ]

    def __str__(self) -> str:
        return f"{self.evse} for {self.driver}"


class WaitState(models.TextChoices):
    WAITING = "waiting", "Waiting"
    OFFERED = "offered", "Offered"
    ACCEPTED = "accepted", "Accepted"
    PASSED = "passed", "Passed on"
    EXPIRED = "expired", "Did not answer"
    LEFT = "left", "Left"


OPEN_WAITS = (WaitState.WAITING, WaitState.OFFERED)


class Wait(models.Model):
    """A driver in the queue of a full site; an offer is a short reservation until it is answered."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="waits")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="waits")
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="waits")
    token = models.ForeignKey(Token, on_delete=models.CASCADE, related_name="waits")
    any_of = models.CharField(max_length=4, default="any")
    state = models.CharField(max_length=8, choices=WaitState, default=WaitState.WAITING)
    place_at = models.DateTimeField()  # the queue's order; a snooze moves it
    not_before = models.DateTimeField(null=True)  # snoozed until then
    offer = models.ForeignKey(Reservation, on_delete=models.SET_NULL, null=True, related_name="offers")
    offer_until = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["site", "driver"], name="wait_once", condition=models.Q(state__in=["waiting", "offered"])
            )
        ]
        indexes = [
            models.Index(
                fields=["site", "place_at"], name="wait_open", condition=models.Q(state__in=["waiting", "offered"])
            )
        ]

    def __str__(self) -> str:
        return f"{self.driver} waits at {self.site}"
