"""Drivers, the groups they belong to, what they present, and what was noticed about it."""

from django.db import models
from django.db.models.functions import Cast, Concat, Upper

from ohmstead.access.models import Organisation, User
from ohmstead.kit.ids import uuid7
from ohmstead.network.models import Site, Station
from ohmstead.network.searched import SearchedText
from ohmstead.station.tokens import TokenKind


class Driver(models.Model):
    """A person who charges, with an account (`user`) or without one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="drivers")
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="drivers")
    name = models.CharField(max_length=120)
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    language = models.CharField(max_length=5, blank=True)
    time_zone = models.CharField(max_length=40, blank=True)
    needs = models.CharField(max_length=300, blank=True)  # what helps this person at a plug, in their words
    note = models.CharField(max_length=300, blank=True)
    may_pay = models.BooleanField(default=True)  # a means of payment is known, or none is needed
    autocharge = models.BooleanField(default=False)  # the driver wants cars to be recognised
    created_at = models.DateTimeField(auto_now_add=True)
    searched = SearchedText(
        expression=Upper(
            Concat("name", models.Value("\n"), Cast("email", models.CharField()), models.Value("\n"), "phone")
        ),
        output_field=models.TextField(),
        db_persist=True,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], name="driver_user_once", condition=models.Q(user__isnull=False)
            )
        ]
        indexes = [models.Index(fields=["organisation", "name"], name="driver_by_name")]

    def __str__(self) -> str:
        return self.name or self.email


class GroupKind(models.TextChoices):
    EMPLOYEES = "employees", "Employees"
    RESIDENTS = "residents", "Residents"
    MEMBERS = "members", "Members"
    FLEET = "fleet", "Fleet"


class Group(models.Model):
    """Drivers who share rights and limits; limits are per driver and calendar month, None is without limit.

    A group without a limit of its own has its parent's, and so it is with the sites it opens.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="driver_groups")
    parent = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="children")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=10, choices=GroupKind, default=GroupKind.MEMBERS)
    energy_wh_per_month = models.DecimalField(max_digits=14, decimal_places=3, null=True)
    money_per_month = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # in the organisation's currency
    sessions_per_month = models.IntegerField(null=True)
    minutes_per_month = models.IntegerField(null=True)
    sessions_at_once = models.SmallIntegerField(null=True)
    members = models.ManyToManyField(Driver, through="GroupMember", related_name="groups")
    sites = models.ManyToManyField(Site, related_name="driver_groups")  # private sites it may charge at
    changed_at = models.DateTimeField(auto_now=True)  # lists kept at stations follow it

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "name"], name="group_name_once")]

    def __str__(self) -> str:
        return self.name


class GroupMember(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="memberships")
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="memberships")
    manages = models.BooleanField(default=False)  # may invite and remove the others

    class Meta:
        constraints = [models.UniqueConstraint(fields=["group", "driver"], name="group_member_once")]

    def __str__(self) -> str:
        return f"{self.driver} in {self.group}"


class TokenStatus(models.TextChoices):
    VALID = "valid", "Valid"
    BLOCKED = "blocked", "Blocked"
    EXPIRED = "expired", "Expired"
    ORDERED = "ordered", "Not activated"


class Token(models.Model):
    """`canonical_uid` is what tokens are compared by; `uid` keeps the spelling that was entered.

    What a station never reads (an app, a guest, a plate) has a uid of our making; the plate stands in `plate`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="tokens")
    driver = models.ForeignKey(Driver, on_delete=models.SET_NULL, null=True, related_name="tokens")
    group = models.ForeignKey(Group, on_delete=models.SET_NULL, null=True, related_name="tokens")  # a fleet's own
    uid = models.CharField(max_length=255)
    canonical_uid = models.CharField(max_length=255)
    printed_number = models.CharField(max_length=40, blank=True)  # on the card, without spaces, upper case
    plate = models.CharField(max_length=16, blank=True)  # letters and digits
    kind = models.CharField(max_length=20, choices=[(k.value, k.value) for k in TokenKind], default=TokenKind.RFID)
    status = models.CharField(max_length=8, choices=TokenStatus, default=TokenStatus.VALID)
    blocked_because = models.CharField(max_length=200, blank=True)
    master = models.BooleanField(default=False)  # may stop any session of the organisation, and starts none
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    parent_uid = models.CharField(
        max_length=255, blank=True
    )  # tokens with the same parent may stop each other's sessions
    label = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)  # lists kept at stations follow it
    searched = SearchedText(
        expression=Upper(Concat("label", models.Value("\n"), "uid")), output_field=models.TextField(), db_persist=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "canonical_uid"], name="token_once"),
            models.UniqueConstraint(
                fields=["organisation", "printed_number"],
                name="token_printed_once",
                condition=~models.Q(printed_number=""),
            ),
            models.UniqueConstraint(
                fields=["organisation", "plate"], name="token_plate_once", condition=~models.Q(plate="")
            ),
        ]
        indexes = [models.Index(fields=["organisation", "-changed_at"], name="token_changed")]

    def __str__(self) -> str:
        return self.label or self.plate or self.printed_number or self.uid


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
