"""Client certificates of stations: signed on request, remembered, revocable."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.journal.entry import Entry
from ohmstead.kit.ids import derived_id
from ohmstead.network import commands, timeline
from ohmstead.network.authority import Authority, Issued, RequestRefused, server_tls_files
from ohmstead.network.models import Certificate, Command, CommandState
from ohmstead.network.station_lines import LockedStation
from ohmstead.station.answers import Admission
from ohmstead.station.commands import DeliverCertificate
from ohmstead.station.events import CertificateRequested

__all__ = ["answer_requests", "authority", "remember", "server_tls_files"]

SIGNING: Final = "SignChargingStationCertificate"  # the trigger by which a station asks us to sign
TAKEN_OR_COMING: Final = (
    CommandState.PLANNED,
    CommandState.QUEUED,
    CommandState.WAITING,
    CommandState.SENT,
    CommandState.ACCEPTED,
)  # of a delivery: with any other end the station has no such certificate
SIGNED_PER_BATCH: Final = 50  # a signature takes about a millisecond; a flood of requests must not hold the worker


def authority() -> Authority:
    return Authority.open(Path(settings.OHMSTEAD_CA_FOLDER))


def remember(station_id: UUID, issued: Issued) -> Certificate:
    return Certificate.objects.create(
        station_id=station_id,
        serial=issued.serial,
        fingerprint=issued.fingerprint,
        not_before=issued.not_before,
        not_after=issued.not_after,
    )


def answer_requests(
    requests: Sequence[tuple[Entry, CertificateRequested]], stations: Mapping[UUID, LockedStation]
) -> None:
    """Sign each station's newest request and queue the delivery; the same journal entry is answered once."""
    newest = {entry.station_id: (entry, event) for entry, event in requests}
    ids = {station_id: derived_id("signed", entry.stream, entry.seq) for station_id, (entry, _) in newest.items()}
    answered = set(Command.objects.filter(id__in=ids.values()).values_list("id", flat=True)) if ids else set()
    for station_id in sorted(newest)[:SIGNED_PER_BATCH]:
        entry, event = newest[station_id]
        if ids[station_id] not in answered:
            _answer(entry, event, stations[station_id], ids[station_id])


def _answer(entry: Entry, event: CertificateRequested, station: LockedStation, command_id: UUID) -> None:
    try:
        issued = _sign(event, station, entry.at)
    except RequestRefused as refused:
        detail = {"reason": str(refused)}
        row_id = derived_id("refused", entry.stream, entry.seq)
        row = timeline.Row(row_id, station.id, entry.at, "certificate", "Certificate not signed", detail)
        timeline.put([row])
        return
    certificate = remember(station.id, issued)
    record(Actor.of_station(station.identity), "certificate.issued", certificate, serial=issued.serial)
    delivery = DeliverCertificate(chain_pem=issued.certificate_pem, purpose=event.purpose, request_id=event.request_id)
    certificate.delivery = commands.queue(station.id, delivery, at=entry.at, command_id=command_id)
    certificate.save(update_fields=["delivery"])


def _sign(event: CertificateRequested, station: LockedStation, now: datetime) -> Issued:
    if event.purpose != "station":
        raise RequestRefused("There is no authority for ISO 15118 certificates here.")
    if station.admission != Admission.ACCEPTED:
        raise RequestRefused("The station has not been accepted yet.")
    if station.security_profile == 0:
        raise RequestRefused("Set a password first: who comes without one may be anybody.")
    return authority().sign_station(event.csr_pem, station.identity, now)
