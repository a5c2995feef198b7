"""What stations say they trust, from their answers to the questions about it."""

from collections.abc import Sequence
from typing import Any, Final

from ohmstead import wire
from ohmstead.journal.entry import Entry
from ohmstead.network.commands import command_of, parsed
from ohmstead.network.models import Command, InstalledCertificate
from ohmstead.station import commands as c
from ohmstead.station.events import AnyEvent, CommandAnswered

_OURS: Final = frozenset({"GetInstalledCertificateIds", "DeleteCertificate"})


def learn(batch: Sequence[tuple[Entry, AnyEvent]]) -> None:
    answers = {
        command_of(event.message_id): (entry, event.payload)
        for entry, event in batch
        if isinstance(event, CommandAnswered) and event.action in _OURS and event.payload is not None
    }
    if not answers:
        return
    for row in Command.objects.filter(id__in=[each for each in answers if each]).order_by("id"):
        entry, answer = answers[row.id]
        assert answer is not None
        match parsed(row):
            case c.ListCertificates() as asked:
                _listed(entry, asked, answer)
            case c.DeleteCertificate() as asked if answer.get("status") in ("Accepted", "NotFound"):
                InstalledCertificate.objects.filter(
                    station=entry.station_id,
                    serial_number__iexact=asked.certificate.serial_number,
                    issuer_key_hash__iexact=asked.certificate.issuer_key_hash,
                ).delete()


def _listed(entry: Entry, asked: c.ListCertificates, answer: dict[str, Any]) -> None:
    """The answer replaces what was known of the kinds that were asked for."""
    if answer.get("status") not in ("Accepted", "NotFound"):
        return
    before = InstalledCertificate.objects.filter(station=entry.station_id, reported_at__lte=entry.at)
    (before.filter(kind__in=asked.kinds) if asked.kinds else before).delete()
    only = asked.kinds[0] if len(asked.kinds) == 1 else ""
    rows = [
        InstalledCertificate(
            station_id=entry.station_id,
            kind=kind or only or "csms_root",
            hash_algorithm=each.hash_algorithm,
            issuer_name_hash=each.issuer_name_hash,
            issuer_key_hash=each.issuer_key_hash,
            serial_number=each.serial_number[:40],
            place=place,
            reported_at=entry.at,
        )
        for kind, chain in wire.read_installed(answer)
        for place, each in enumerate(chain)
    ]
    for row, key in zip(rows, sorted(row.id for row in rows), strict=True):  # ids of one instant have no order
        row.id = key
    InstalledCertificate.objects.bulk_create(rows)
