"""How drivers come into a group by themselves."""

from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.drivers.models.people import Group
from ohmstead.kit.ids import uuid7


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
