"""What a driver with an account keeps with us: vehicles, favourites, preferences, consents, and how they sign in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ohmstead.access.models import Organisation, User
from ohmstead.drivers.models.people import Driver
from ohmstead.kit.ids import uuid7
from ohmstead.network.models import Site


class CodePurpose(models.TextChoices):
    SIGN_IN = "sign_in", "Sign in"
    CHANGE_EMAIL = "change_email", "Change the e-mail address"


class SignInCode(models.Model):
    """A code and a link mailed to an address; neither is kept. Whoever enters it reads that address's mail."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    purpose = models.CharField(max_length=12, choices=CodePurpose, default=CodePurpose.SIGN_IN)
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, related_name="+")  # whose address changes
    email = models.EmailField(max_length=254)
    place = models.CharField(max_length=64, blank=True)  # keyed hash of where it was asked from
    code_hash = models.CharField(max_length=64)
    link_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "drivers_sign_in_code"
        indexes = [
            models.Index(fields=["email", "-asked_at"], name="sign_in_code_email"),
            models.Index(fields=["place", "-asked_at"], name="sign_in_code_place"),
            models.Index(fields=["expires_at"], name="sign_in_code_oldest"),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.asked_at}"


class Vehicle(models.Model):
    """A driver's car; `model_key` names a row of the catalogue, figures may differ from it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="vehicles")
    name = models.CharField(max_length=80)
    model_key = models.CharField(max_length=80, blank=True)
    battery_kwh = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    plugs = ArrayField(models.CharField(max_length=40), default=list)  # connector standards
    max_ac_kw = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    max_dc_kw = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    is_main = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["driver"], name="vehicle_main_once", condition=models.Q(is_main=True))
        ]

    def __str__(self) -> str:
        return self.name


class Favourite(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="favourites")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["driver", "site"], name="favourite_once")]

    def __str__(self) -> str:
        return f"{self.driver_id} likes {self.site_id}"


class Prefers(models.TextChoices):
    NOTHING = "", "No preference"
    PRICE = "price", "The cheapest hours"
    GREEN = "green", "The greenest hours"


class Preferences(models.Model):
    """`filters` is what the map begins with: plugs, minimum kW, free now."""

    driver = models.OneToOneField(Driver, on_delete=models.CASCADE, primary_key=True, related_name="preferences")
    filters = models.JSONField(default=dict)
    ready_by = models.TimeField(null=True)  # in the driver's time zone
    target_percent = models.SmallIntegerField(null=True)
    prefers = models.CharField(max_length=8, choices=Prefers, default=Prefers.NOTHING, blank=True)
    barrier_free = models.BooleanField(default=False)  # show places without steps first

    def __str__(self) -> str:
        return f"Preferences of {self.driver_id}"


class ConsentKind(models.TextChoices):
    AUTOCHARGE = "autocharge", "Recognise my car by its address"
    PLATES = "plates", "Recognise my licence plates"
    NEWS = "news", "News of the operator by e-mail"


class Consent(models.Model):
    """One row for each time something was agreed to or taken back; the newest of a kind counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(max_length=12, choices=ConsentKind)
    given = models.BooleanField()
    wording = models.CharField(max_length=300)  # what the person read
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["driver", "kind", "-at"], name="consent_newest")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.given}"


class ExportState(models.TextChoices):
    WAITING = "waiting", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"
    EXPIRED = "expired", "Expired"


class AccountExport(models.Model):
    """A driver's account and history as a ZIP file; forgotten when its time is over."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    driver = models.ForeignKey(Driver, on_delete=models.CASCADE, related_name="exports")
    state = models.CharField(max_length=8, choices=ExportState, default=ExportState.WAITING)
    done_percent = models.SmallIntegerField(default=0)
    content = models.BinaryField(null=True)
    size = models.IntegerField(default=0)
    asked_at = models.DateTimeField(auto_now_add=True)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "drivers_account_export"
        constraints = [
            models.UniqueConstraint(fields=["driver"], name="export_waiting_once", condition=models.Q(state="waiting"))
        ]

    def __str__(self) -> str:
        return f"{self.driver_id}: {self.state}"
