"""Places where stations stand."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models.functions import Upper

from ohmstead.access.models import Organisation
from ohmstead.kit.ids import uuid7
from ohmstead.network.rules import opening_text
from ohmstead.network.rules.opening import Hours, is_open
from ohmstead.network.rules.site_facts import Visibility


class Site(models.Model):
    """One that was removed keeps its row: sessions of the past name it, and it can be brought back."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="sites")
    name = models.CharField(max_length=120)
    address = models.CharField(max_length=200, blank=True)
    postal_code = models.CharField(max_length=16, blank=True)
    city = models.CharField(max_length=80, blank=True)
    country = models.CharField(max_length=2, blank=True)  # ISO 3166-1 alpha-2
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    time_zone = models.CharField(max_length=40, default="UTC")
    opening = models.JSONField(default=dict, blank=True)  # rules.opening_text; empty: round the clock
    access_notes = models.TextField(blank=True)
    help_phone = models.CharField(max_length=40, blank=True)
    visibility = models.CharField(
        max_length=8, choices=[(v.value, v.value) for v in Visibility], default=Visibility.PUBLIC
    )
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organisation", Upper("name"), condition=models.Q(removed_at=None), name="site_name_once"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def hours(self) -> Hours:
        return opening_text.from_json(self.opening)

    @property
    def hours_text(self) -> str:
        return opening_text.week_text(self.hours)

    def is_open(self, now: datetime) -> bool:
        return is_open(self.hours, now, ZoneInfo(self.time_zone))


class SitePhoto(models.Model):
    """A picture of a site; its files are in PhotoFile, one for each size."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="photos")
    caption = models.CharField(max_length=120, blank=True)
    width = models.IntegerField()
    height = models.IntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "network_site_photo"
        indexes = [models.Index(fields=["site", "added_at"], name="site_photo_oldest")]

    def __str__(self) -> str:
        return self.caption or f"Photo of {self.site}"

    @property
    def organisation_id(self) -> UUID:
        return self.site.organisation_id


class PhotoFile(models.Model):
    """In the database, so that every web process has it and a backup is whole."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    photo = models.ForeignKey(SitePhoto, on_delete=models.CASCADE, related_name="files")
    size = models.CharField(max_length=8)  # network.photos.SIZES
    content = models.BinaryField()  # JPEG

    class Meta:
        db_table = "network_photo_file"
        constraints = [models.UniqueConstraint(fields=["photo", "size"], name="photo_size_once")]

    def __str__(self) -> str:
        return f"{self.photo_id} {self.size}"
