"""Organisations, the people who work for them, and what they may do."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Lower

from ohmstead.kit.ids import uuid7


class UnknownStations(models.TextChoices):
    HOLD = "hold", "Hold in the inbox until accepted"
    REFUSE = "refuse", "Refuse"


class Organisation(models.Model):
    """A tenant."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    unknown_stations = models.CharField(max_length=8, choices=UnknownStations, default=UnknownStations.HOLD)
    language = models.CharField(max_length=8, default="en")  # of mails to people whose own is not known
    time_zone = models.CharField(max_length=64, default="UTC")  # of sites that say none
    driver_host = models.CharField(max_length=253, blank=True)  # drivers who come by this host name are its own
    guests_may_charge = models.BooleanField(default=True)  # without an account, by the code on the plug
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("driver_host"), name="driver_host_once", condition=~models.Q(driver_host=""))
        ]

    def __str__(self) -> str:
        return self.name


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, known by e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=120, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]

    def __str__(self) -> str:
        return self.name or self.email


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    OPERATOR = "operator", "Operator"
    TECHNICIAN = "technician", "Technician"
    SUPPORT = "support", "Support"
    FINANCE = "finance", "Finance"
    READER = "reader", "Read-only"


class Membership(models.Model):
    """A user's role in an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role, default=Role.READER)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "user"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.user} in {self.organisation}: {self.role}"


class Invitation(models.Model):
    """An address that may join an organisation by opening the link mailed to it. The link's secret is not kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    role = models.CharField(max_length=12, choices=Role, default=Role.READER)
    secret_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="invitations")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "email"], name="invitation_once")]

    def __str__(self) -> str:
        return self.email


class ApiKey(models.Model):
    """A program's key to one organisation. The secret itself is never kept."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=120)
    prefix = models.CharField(max_length=16)  # how the secret begins, so that a person finds it again
    secret_hash = models.CharField(max_length=64, unique=True)
    scopes = ArrayField(models.CharField(max_length=16))  # names of rights
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="api_keys")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["organisation", "-created_at"], name="api_key_org_newest")]

    def __str__(self) -> str:
        return self.name


class AuditEntry(models.Model):
    """Who did what to which thing. Rows are never changed; the thing's name stays readable after it is gone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, null=True, related_name="audit_entries")
    at = models.DateTimeField(auto_now_add=True)
    actor_kind = models.CharField(max_length=8)  # user, key, station, guest, system
    actor_name = models.CharField(max_length=120)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="audit_entries")
    verb = models.CharField(max_length=60)  # station.accepted
    thing_kind = models.CharField(max_length=60)
    thing_id = models.CharField(max_length=40)
    thing_name = models.CharField(max_length=200, blank=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["organisation", "-at"], name="audit_org_newest"),
            models.Index(fields=["thing_kind", "thing_id"], name="audit_thing"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.verb} {self.thing_name}"
