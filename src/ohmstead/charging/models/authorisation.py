"""How people charge at a site, the lists stations keep, and why known tokens were refused."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.kit.ids import uuid7
from ohmstead.network.models import Site, Station


class OfflinePolicy(models.TextChoices):
    LISTED = "listed", "Cards on its list"
    EVERYONE = "everyone", "Everyone"
    NOBODY = "nobody", "Nobody"


class MayReserve(models.TextChoices):
    NOBODY = "nobody", "Nobody"
    MEMBERS = "members", "Members of a group"
    DRIVERS = "drivers", "Every driver"


class SiteRules(models.Model):
    """How people charge at a site; a site without a row has the defaults."""

    site = models.OneToOneField(Site, on_delete=models.CASCADE, primary_key=True, related_name="rules")
    free_vend = models.BooleanField(default=False)  # everybody charges
    offline = models.CharField(max_length=8, choices=OfflinePolicy, default=OfflinePolicy.LISTED)
    may_reserve = models.CharField(max_length=8, choices=MayReserve, default=MayReserve.DRIVERS)
    reserve_ahead_minutes = models.IntegerField(default=1440)
    reserve_longest_minutes = models.IntegerField(default=60)
    reserve_grace_minutes = models.IntegerField(default=15)  # a car that has not come by then is not coming
    reservations_per_driver = models.SmallIntegerField(default=1)
    reservation_fee = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    no_show_fee = models.DecimalField(max_digits=10, decimal_places=2, default=0)
    currency = models.CharField(max_length=3, default="EUR")

    def __str__(self) -> str:
        return str(self.site)


class ListState(models.TextChoices):
    PENDING = "pending", "Pending"
    IN_SYNC = "in_sync", "In sync"
    FAILED = "failed", "Failed"
    OFF = "off", "Not supported"


class LocalList(models.Model):
    """The list of tokens a station keeps for when it cannot ask us.

    `entries` is what it has under `version` (rules.local_list.Entry by canonical uid), null when that is not known;
    `sending` becomes that when the last of `command_ids` is accepted.
    """

    station = models.OneToOneField(Station, on_delete=models.CASCADE, primary_key=True, related_name="local_list")
    state = models.CharField(max_length=8, choices=ListState, default=ListState.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    version = models.IntegerField(default=0)
    entries = models.JSONField(null=True)
    sending = models.JSONField(null=True)
    sending_version = models.IntegerField(default=0)
    command_ids = ArrayField(models.UUIDField(), default=list)
    failures = models.SmallIntegerField(default=0)
    size = models.IntegerField(default=0)  # tokens on it
    left_out = models.BooleanField(default=False)  # more may charge there than the station can keep
    computed_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)  # the station for its version
    in_sync_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "computed_at"], name="local_list_due")]

    def __str__(self) -> str:
        return f"{self.station}: {self.state}"


class TokenRefusal(models.Model):
    """Why a known token was not let charge, counted per station and reason."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="token_refusals")
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="token_refusals")
    canonical_uid = models.CharField(max_length=255)
    code = models.CharField(max_length=24)  # rules.reasons.Reason
    evse = models.SmallIntegerField(null=True)
    reason = models.CharField(max_length=300)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    count = models.BigIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "canonical_uid", "station", "code"], name="token_refusal_once"
            )
        ]

    def __str__(self) -> str:
        return self.reason
