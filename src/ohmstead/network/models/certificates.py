"""Certificates: those we issued to stations, those they say they trust, and the roots we trust for contracts."""

from django.db import models

from ohmstead.access.models import Organisation
from ohmstead.kit.ids import uuid7
from ohmstead.network.models.commands import Command
from ohmstead.network.models.stations import Station


class Certificate(models.Model):
    """A client certificate our authority issued to a station."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="certificates")
    serial = models.CharField(max_length=40, unique=True)  # hex
    fingerprint = models.CharField(max_length=64, unique=True)  # SHA-256, hex
    not_before = models.DateTimeField()
    not_after = models.DateTimeField()
    delivery = models.OneToOneField(Command, on_delete=models.SET_NULL, null=True, related_name="certificate")
    used_at = models.DateTimeField(null=True)  # first connection with it
    revoked_at = models.DateTimeField(null=True)
    revoked_because = models.CharField(max_length=120, blank=True)

    def __str__(self) -> str:
        return f"{self.station}: {self.serial}"


class InstalledCertificate(models.Model):
    """One that a station says it has, named by hashes in hexadecimal; a chain's members follow their leaf."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    station = models.ForeignKey(Station, on_delete=models.CASCADE, related_name="installed_certificates")
    kind = models.CharField(max_length=30)  # csms_root, manufacturer_root, v2g_chain ...
    hash_algorithm = models.CharField(max_length=6)
    issuer_name_hash = models.CharField(max_length=128)
    issuer_key_hash = models.CharField(max_length=128)
    serial_number = models.CharField(max_length=40)
    place = models.SmallIntegerField(default=0)  # in its chain; 0 is the certificate itself
    reported_at = models.DateTimeField()

    class Meta:
        db_table = "network_installed_certificate"
        indexes = [models.Index(fields=["station", "kind"], name="installed_of_station")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.kind} {self.serial_number}"


class ContractRoot(models.Model):
    """A root (mobility operator or V2G) from which this organisation accepts Plug & Charge contracts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="contract_roots")
    name = models.CharField(max_length=120)  # its common name
    fingerprint = models.CharField(max_length=64)  # SHA-256, hex
    certificate_pem = models.TextField()
    not_after = models.DateTimeField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "network_contract_root"
        constraints = [
            models.UniqueConstraint(fields=["organisation", "fingerprint"], name="contract_root_once"),
        ]

    def __str__(self) -> str:
        return self.name
