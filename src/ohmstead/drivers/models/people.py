"""Drivers and the groups they belong to."""

from django.db import models
from django.db.models.functions import Cast, Concat, Upper

from ohmstead.access.models import Organisation, User
from ohmstead.kit.ids import uuid7
from ohmstead.network.models import Site
from ohmstead.network.searched import SearchedText


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
