"""Tables that wait for a person's word."""

from django.db import models

from ohmstead.access.models import Organisation, User
from ohmstead.kit.ids import uuid7


class ImportKind(models.TextChoices):
    SITES = "sites", "Sites"
    STATIONS = "stations", "Stations"


class ImportDraft(models.Model):
    """A file as it was uploaded; what it would do is worked out anew each time it is looked at."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="import_drafts")
    kind = models.CharField(max_length=8, choices=ImportKind)
    file_name = models.CharField(max_length=120)
    content = models.BinaryField()
    uploaded_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    uploaded_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    created = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)

    class Meta:
        db_table = "network_import_draft"
        indexes = [models.Index(fields=["organisation", "-uploaded_at"], name="import_draft_newest")]

    def __str__(self) -> str:
        return self.file_name
