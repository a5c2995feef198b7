"""How drivers come into a group by themselves."""

from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.drivers.models.people import Driver, Group
from ohmstead.kit.ids import uuid7


class GroupInvitation(models.Model):
    """A link that lets drivers into a group: for one address, or for whoever holds it, until its uses are spent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254, blank=True)  # empty: for anybody with the link
    secret_hash = models.CharField(max_length=64, unique=True)
    most_uses = models.IntegerField(default=1)
    uses = models.IntegerField(default=0)
    manages = models.BooleanField(default=False)
    invited_by = models.ForeignKey(Driver, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "drivers_group_invitation"
        constraints = [
            models.UniqueConstraint(
                fields=["group", "email"], name="group_invitation_once", condition=~models.Q(email="")
            )
        ]

    def __str__(self) -> str:
        return self.email or "a link"


class GroupDomain(models.Model):
    """Whoever proves an address of this domain belongs to the group."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=120)

    class Meta:
        db_table = "drivers_group_domain"
        constraints = [models.UniqueConstraint(fields=["organisation", "domain"], name="group_domain_once")]

    def __str__(self) -> str:
        return self.domain
