"""The door: who may come in, decided for whole batches so that a reconnect storm is a few statements."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from ohmstead.access.models import UnknownStations
from ohmstead.bus.messages import AdmitReply, AdmitRequest, DoorRefused
from ohmstead.integration.listeners import memory
from ohmstead.network import announcing, refusals
from ohmstead.network.models import Certificate, Station
from ohmstead.network.rules.door import Expected, IssuedCertificate, Refused, Visitor, refusal
from ohmstead.network.text import plain
from ohmstead.station.answers import Admission

HELD_AT_MOST: Final = 1_000  # pending stations of one organisation; more would bury the real ones


@dataclass(frozen=True, slots=True)
class _House:
    id: UUID
    slug: str
    name: str
    holds_unknown: bool


@dataclass(frozen=True, slots=True)
class _Known:
    id: UUID
    identity: str
    expected: Expected
    next_password_hash: str
    heartbeat_interval_s: int
    vendor: str
    model: str
    firmware: str


type _Key = tuple[UUID, str]  # organisation, identity in capitals
type _Certificates = dict[tuple[UUID, str, str], IssuedCertificate]  # a key and the fingerprint it came with


def admit(requests: Sequence[AdmitRequest], *, at: datetime | None = None) -> list[AdmitReply]:
    """Answer every request, in order: three statements for known stations, whatever the number of requests."""
    if not requests:
        return []
    at = at or timezone.now()
    houses = _houses(requests)
    held = False
    while True:
        with transaction.atomic():
            known, certificates = _lock_stations(requests, houses)
            newcomers = [] if held else _newcomers(requests, houses, known)
            if not newcomers:
                return _answer(requests, houses, known, certificates, at)
        _hold(newcomers)  # committed before anybody locks them: two desks never wait for each other in a ring
        held = True


def note_refused(words: Sequence[DoorRefused], *, at: datetime | None = None) -> None:
    """Keep what gateways refused by themselves beside our own refusals."""
    houses = _houses(words)
    refusals.note(
        [
            (house.id if house else None, word, Refused(word.code, word.sentence, word.http_status))
            for word, house in zip(words, houses, strict=True)
        ],
        at or timezone.now(),
    )


def _houses(requests: Sequence[AdmitRequest | DoorRefused]) -> list[_House | None]:
    """The organisation each request speaks to; no slug means the configured one, else the only one."""
    default = settings.OHMSTEAD_DEFAULT_ORGANISATION
    slugs = {request.organisation or default for request in requests} - {""}
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT id, slug, name, unknown_stations, false FROM access_organisation WHERE slug = ANY(%s)
               UNION ALL (SELECT id, slug, name, unknown_stations, true FROM access_organisation LIMIT 2)""",
            [sorted(slugs)],
        )
        rows = cursor.fetchall()
    houses = [_House(row[0], row[1], row[2], row[3] == UnknownStations.HOLD) for row in rows]
    by_slug = {house.slug: house for house in houses}
    first = [house for house, row in zip(houses, rows, strict=True) if row[4]]
    only = first[0] if len(first) == 1 else None
    return [by_slug.get(slug) if (slug := request.organisation or default) else only for request in requests]


def _key(request: AdmitRequest, house: _House) -> _Key:
    return house.id, request.identity.upper()


def _lock_stations(
    requests: Sequence[AdmitRequest], houses: Sequence[_House | None]
) -> tuple[dict[_Key, _Known], _Certificates]:
    asked = sorted(
        {
            (*_key(request, house), request.certificate_fingerprint or "")
            for request, house in zip(requests, houses, strict=True)
            if house is not None
        }
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT s.organisation_id, s.identity, s.id, s.admission, s.security_profile, s.password_hash,
                      s.next_password_hash, s.heartbeat_interval_s, s.vendor, s.model, s.firmware,
                      c.fingerprint, owner.identity, c.station_id = s.id, c.revoked_at
               FROM unnest(%s::uuid[], %s::text[], %s::text[]) AS asked (organisation_id, identity, fingerprint)
               JOIN network_station s
                 ON s.organisation_id = asked.organisation_id AND upper(s.identity) = asked.identity
               LEFT JOIN network_certificate c ON c.fingerprint = asked.fingerprint
               LEFT JOIN network_station owner ON owner.id = c.station_id
               ORDER BY s.id FOR NO KEY UPDATE OF s""",
            [[str(each[0]) for each in asked], [each[1] for each in asked], [each[2] for each in asked]],
        )
        rows = cursor.fetchall()
    known = {(row[0], row[1].upper()): _known(row) for row in rows}
    certificates = {(row[0], row[1].upper(), row[11]): IssuedCertificate(*row[12:15]) for row in rows if row[11]}
    return known, certificates


def _known(row: tuple) -> _Known:
    hashes = tuple(each for each in (row[5], row[6]) if each)
    return _Known(row[2], row[1], Expected(Admission(row[3]), row[4], hashes), *row[6:11])


def _newcomers(
    requests: Sequence[AdmitRequest], houses: Sequence[_House | None], known: dict[_Key, _Known]
) -> list[tuple[_House, str]]:
    found: dict[_Key, tuple[_House, str]] = {}
    for request, house in zip(requests, houses, strict=True):
        if house is not None and house.holds_unknown and (key := _key(request, house)) not in known:
            found.setdefault(key, (house, request.identity))
    return [found[key] for key in sorted(found)]


def _hold(newcomers: Sequence[tuple[_House, str]]) -> None:
    """Put unknown stations into the inbox as pending rows, as far as it has room."""
    ids = sorted({house.id for house, _ in newcomers})
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT organisation_id, count(*) FROM network_station
               WHERE organisation_id = ANY(%s) AND admission = 'pending' GROUP BY 1""",
            [ids],
        )
        pending = Counter(dict(cursor.fetchall()))
    rows = []
    for house, identity in newcomers:
        pending[house.id] += 1
        if pending[house.id] <= HELD_AT_MOST:
            rows.append(Station(organisation_id=house.id, identity=identity, admission=Admission.PENDING))
    Station.objects.bulk_create(rows, ignore_conflicts=True)
    if memory.wanted():
        announcing.waiting(Station.objects.filter(pk__in=[each.pk for each in rows]))


def _answer(
    requests: Sequence[AdmitRequest],
    houses: Sequence[_House | None],
    known: dict[_Key, _Known],
    certificates: _Certificates,
    at: datetime,
) -> list[AdmitReply]:
    let_in: dict[int, _Known] = {}
    kept_out: dict[int, Refused] = {}
    for index, (request, house) in enumerate(zip(requests, houses, strict=True)):
        station = known.get(_key(request, house)) if house else None
        if house is None or station is None:
            kept_out[index] = _stranger(request, house)
        elif refused := refusal(_visitor(request, house, certificates), station.expected):
            kept_out[index] = refused
        else:
            let_in[index] = station
    epochs = _raise_epochs(requests, let_in)
    refusals.note(
        [(house.id if (house := houses[i]) else None, requests[i], refused) for i, refused in kept_out.items()], at
    )
    return [
        _welcome(let_in[index], houses[index], epochs[index])
        if index in let_in
        else AdmitReply(
            admission=Admission.REFUSED, reason=kept_out[index].sentence, http_status=kept_out[index].http_status
        )
        for index in range(len(requests))
    ]


def _visitor(request: AdmitRequest, house: _House, certificates: _Certificates) -> Visitor:
    return Visitor(
        identity=request.identity,
        security_profile=request.security_profile,
        password_hash=request.password_hash,
        certificate_name=request.certificate_name,
        certificate=certificates.get((*_key(request, house), request.certificate_fingerprint or "")),
    )


def _stranger(request: AdmitRequest, house: _House | None) -> Refused:
    if house is None and request.organisation:
        sentence = f"There is no organisation {request.organisation[:40]!r}. Check the address of the station."
        return Refused("no_organisation", sentence, 404)
    if house is None:
        sentence = "The address names no organisation and there is no single one. Use /ocpp/<organisation>/<identity>."
        return Refused("no_organisation", sentence, 404)
    if house.holds_unknown:
        sentence = f"{house.name} has too many stations waiting to be accepted. Accept or refuse some in the inbox."
        return Refused("inbox_full", sentence, 404)
    return Refused(
        "unknown_station", f"{house.name} does not know station {request.identity}. Add it in the console first.", 404
    )


def _raise_epochs(requests: Sequence[AdmitRequest], let_in: dict[int, _Known]) -> dict[int, int]:
    """The fencing number of each new connection; a station that stands in the batch twice gets two, in order."""
    if not let_in:
        return {}
    times: Counter[UUID] = Counter()
    turn: dict[int, int] = {}
    newest: dict[UUID, AdmitRequest] = {}
    switched: set[UUID] = set()
    for index, station in let_in.items():
        times[station.id] += 1
        turn[index] = times[station.id]
        newest[station.id] = requests[index]
        if station.next_password_hash and requests[index].password_hash == station.next_password_hash:
            switched.add(station.id)  # it came with the new password: the old one is over
    ids = list(newest)
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE network_station s
               SET epoch = s.epoch + v.times, gateway = v.gateway, remote_address = v.remote_address,
                   certificate_fingerprint = COALESCE(NULLIF(v.fingerprint, ''), s.certificate_fingerprint),
                   password_hash = CASE WHEN v.switched THEN s.next_password_hash ELSE s.password_hash END,
                   next_password_hash = CASE WHEN v.switched THEN '' ELSE s.next_password_hash END
               FROM unnest(%s::uuid[], %s::int[], %s::text[], %s::text[], %s::text[], %s::bool[])
                 AS v (id, times, gateway, remote_address, fingerprint, switched)
               WHERE s.id = v.id RETURNING s.id, s.epoch""",
            [
                [str(each) for each in ids],
                [times[each] for each in ids],
                [newest[each].gateway[:80] for each in ids],
                [plain(newest[each].remote_address, 64) for each in ids],
                [(newest[each].certificate_fingerprint or "")[:64] for each in ids],
                [each in switched for each in ids],
            ],
        )
        last: dict[UUID, int] = dict(cursor.fetchall())
    _note_used([each.certificate_fingerprint for each in newest.values() if each.certificate_fingerprint])
    return {index: last[station.id] - times[station.id] + turn[index] for index, station in let_in.items()}


def _note_used(fingerprints: list[str]) -> None:
    """A certificate of ours that a station came with is in use."""
    if fingerprints:
        Certificate.objects.filter(fingerprint__in=fingerprints, used_at=None).update(used_at=timezone.now())


def _welcome(station: _Known, house: _House | None, epoch: int) -> AdmitReply:
    assert house is not None
    return AdmitReply(
        admission=station.expected.admission,
        station_id=station.id,
        organisation_id=house.id,
        epoch=epoch,
        heartbeat_interval_s=station.heartbeat_interval_s,
        vendor=station.vendor or None,
        model=station.model or None,
        firmware=station.firmware or None,
    )
