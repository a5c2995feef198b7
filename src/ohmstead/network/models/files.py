"""Files that stations send and fetch: logs, and firmware."""

from django.db import models

from ohmstead.access.models import Organisation, User
from ohmstead.kit.ids import uuid7
from ohmstead.network.models.commands import Command
from ohmstead.network.models.stations import Station


class StoredFile(models.Model):
    """Content in chunks beside everything else, so that any web process can take it and give it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    size_bytes = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)  # set when it is complete
    md5 = models.CharField(max_length=32, blank=True)  # what OCPP's PublishFirmware wants
    began_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "network_stored_file"
        indexes = [models.Index(fields=["began_at"], name="stored_file_broken", condition=models.Q(sha256=""))]

    def __str__(self) -> str:
        return self.name


class StoredChunk(models.Model):
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="chunks")
    number = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        db_table = "network_stored_chunk"
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="stored_chunk_once")]

    def __str__(self) -> str:
        return f"{self.file_id} {self.number}"


class StationFile(models.Model):
    """A log a station was asked to upload; `token_hash` is of the secret in the address it was given."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="files")
    command = models.OneToOneField(Command, on_delete=models.SET_NULL, null=True, related_name="station_file")
    kind = models.CharField(max_length=20)
    token_hash = models.CharField(max_length=64, unique=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # nothing is taken afterwards
    attempts = models.SmallIntegerField(default=0)
    stored = models.OneToOneField(StoredFile, on_delete=models.SET_NULL, null=True, related_name="station_file")
    sender = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)  # why the last attempt failed

    class Meta:
        db_table = "network_station_file"
        indexes = [models.Index(fields=["station", "-asked_at"], name="station_file_newest")]

    def __str__(self) -> str:
        return f"{self.station}: {self.kind}"


class FirmwareImage(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="firmware_images")
    stored = models.OneToOneField(StoredFile, on_delete=models.PROTECT, related_name="firmware_image")
    vendor = models.CharField(max_length=64)
    model = models.CharField(max_length=64, blank=True)  # empty: every model of the vendor
    version = models.CharField(max_length=64)
    signature = models.TextField(blank=True)  # base64, as the manufacturer gave it
    signing_certificate_pem = models.TextField(blank=True)
    notes = models.TextField(blank=True)
    added_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True)
    added_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "network_firmware_image"
        indexes = [models.Index(fields=["organisation", "-added_at"], name="firmware_newest")]

    def __str__(self) -> str:
        return f"{self.vendor} {self.model} {self.version}".replace("  ", " ")

    @property
    def is_signed(self) -> bool:
        return bool(self.signature and self.signing_certificate_pem)


class FirmwareUpdate(models.Model):
    """An image on its way to a station; how it goes stands on the command, `confirmed_at` when it booted with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="firmware_updates")
    image = models.ForeignKey(FirmwareImage, on_delete=models.CASCADE, related_name="updates")
    command = models.OneToOneField(Command, on_delete=models.CASCADE, related_name="firmware_update")
    token_hash = models.CharField(max_length=64, unique=True)
    version_before = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    fetched_at = models.DateTimeField(null=True)  # first
    fetched_bytes = models.BigIntegerField(default=0)
    confirmed_at = models.DateTimeField(null=True)
    booted_with = models.CharField(max_length=64, blank=True)  # the version of the first start after it

    class Meta:
        db_table = "network_firmware_update"

    def __str__(self) -> str:
        return f"{self.image} for {self.station}"
