"""What comes after a station agreed, on the command's row: parts of reports, progress of firmware and uploads."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db.models import Count

from ohmstead.journal.entry import Entry
from ohmstead.kit.ids import derived_id
from ohmstead.network.commands import passed
from ohmstead.network.models import Command, CommandState, Report, Work
from ohmstead.network.rules import work
from ohmstead.network.rules.secrets import without_secrets
from ohmstead.network.text import plain, plain_json
from ohmstead.station.events import AnyEvent, FirmwareStatusChanged, LogStatusChanged, StationNotice

MOST_PARTS: Final = 500
PART_MAX_BYTES: Final = 200_000
MOST_LINES: Final = 60  # of a history; a station may repeat "Downloading" for hours
SILENT_AT_MOST: Final = {True: timedelta(minutes=15), False: timedelta(hours=12)}  # reports, everything else
_PUBLISHED: Final = "PublishFirmwareStatusNotification"
_STATUS_KINDS: Final = {"firmware": ("UpdateFirmware",), "log": ("GetLog",), "publish": ("PublishFirmware",)}
_REPORTING: Final = {kind.__name__: action for kind, action in work.REPORTED_IN.items()}

type Said = tuple[Entry, AnyEvent]
type _Status = tuple[str, str, int | None]  # kind of work, the station's word, the request it names


def follow(said: Sequence[Said]) -> list[UUID]:
    """Fold what was said into the commands it belongs to; the ids of those that changed."""
    told = [(entry, event) for entry, event in said if _request_of(event) is not None or _status_of(event)]
    if not told:
        return []
    rows = _Rows({entry.station_id for entry, _ in told}, {_request_of(event) for _, event in told})
    parts: list[Report] = []
    for entry, event in told:
        status = _status_of(event)
        if status is not None:
            row = rows.asked(entry.station_id, status[2], _STATUS_KINDS[status[0]])
            if row is not None and _progressed(row, status, entry.at):
                rows.changed[row.id] = row
        elif isinstance(event, StationNotice):
            kinds = [kind for kind, action in _REPORTING.items() if action == event.action]
            row = rows.asked(entry.station_id, _request_of(event), kinds)
            if row is not None and (part := rows.part(row, entry, event)) is not None:
                parts.append(part)
    Report.objects.bulk_create(parts, ignore_conflicts=True)
    fields = ["state", "reason", "history", "work", "progress", "progress_at"]
    Command.objects.bulk_update(rows.changed.values(), fields)
    return list(rows.changed)


class _Rows:
    """The commands a batch may speak of, locked."""

    def __init__(self, stations: set[UUID], requests: set[int | None]) -> None:
        kinds = [*_REPORTING, *(kind for kinds in _STATUS_KINDS.values() for kind in kinds)]
        ours = Command.objects.filter(station_id__in=stations, kind__in=kinds)
        named = ours.filter(request_id__in=[each for each in requests if each is not None])
        running = ours.filter(work=Work.RUNNING)
        ids = [*named.values_list("id", flat=True), *running.values_list("id", flat=True)]
        self._found = list(Command.objects.filter(id__in=ids).order_by("id").select_for_update(no_key=True))
        self._counts: dict[UUID, int] = dict(
            Report.objects.filter(command_id__in=ids).values_list("command_id").annotate(count=Count("pk"))
        )
        self.changed: dict[UUID, Command] = {}

    def asked(self, station_id: UUID, request_id: int | None, kinds: Sequence[str]) -> Command | None:
        """The newest that fits; without a number, as in OCPP 1.6, the newest that is under way."""
        for row in sorted(self._found, key=lambda row: (row.asked_at, row.id), reverse=True):
            if row.station_id != station_id or row.kind not in kinds:
                continue
            if row.request_id == request_id or (request_id is None and row.work == Work.RUNNING):
                return row
        return None

    def part(self, row: Command, entry: Entry, event: StationNotice) -> Report | None:
        number = self._counts.get(row.id, 0)
        if number >= MOST_PARTS:
            return None
        self._counts[row.id] = number + 1
        last = work.is_last(event.payload)
        row.work = Work.DONE if last else Work.RUNNING
        row.progress, row.progress_at = event.action[:60], entry.at
        self.changed[row.id] = row
        return Report(
            id=derived_id("report", entry.stream, entry.seq),
            command=row,
            number=number,
            at=entry.at,
            action=event.action[:60],
            payload=_bounded(event.payload),
            last=last,
        )


def _request_of(event: AnyEvent) -> int | None:
    if isinstance(event, FirmwareStatusChanged | LogStatusChanged):
        return event.request_id
    if isinstance(event, StationNotice) and (event.action in work.REPORTS or event.action == _PUBLISHED):
        found = event.payload.get("requestId")
        return found if isinstance(found, int) and abs(found) < 2**63 else None
    return None


def _status_of(event: AnyEvent) -> _Status | None:
    match event:
        case FirmwareStatusChanged():
            return "firmware", event.status, event.request_id
        case LogStatusChanged():
            return "log", event.status, event.request_id
        case StationNotice(action="PublishFirmwareStatusNotification"):
            return "publish", str(event.payload.get("status", "")), _request_of(event)
    return None


def _progressed(row: Command, status: _Status, at: datetime) -> bool:
    """What is over stays over: a word that comes late or again changes nothing."""
    kind, word, _ = status
    if row.work in (Work.DONE, Work.FAILED) or word == "Idle":
        return False
    verdict = work.verdict_on(kind, word)
    row.work = Work.RUNNING if verdict is None else Work.DONE if verdict else Work.FAILED
    if row.state in (CommandState.SENT, CommandState.TIMED_OUT):
        row.state = CommandState.ACCEPTED  # it does what it was asked: its answer was lost
    row.progress, row.progress_at = plain(word, 60), at
    if verdict is False:
        row.reason = plain(word, 300)
    if len(row.history) < MOST_LINES:
        row.history = [*row.history, passed(row.progress, at)]
    return True


def give_up_silent(now: datetime) -> list[UUID]:
    """End work of which nothing was heard for too long; the commands ended."""
    rows = Command.objects.filter(work=Work.RUNNING, progress_at__lt=now - min(SILENT_AT_MOST.values()))
    ended = []
    for row in rows.order_by("id").select_for_update(no_key=True):
        assert row.progress_at is not None
        if row.progress_at < now - SILENT_AT_MOST[row.kind in _REPORTING]:
            row.work, row.reason = Work.FAILED, "Nothing more was heard of it."
            row.history = [*row.history, passed("failed", now, row.reason)]
            ended.append(row)
    Command.objects.bulk_update(ended, ["work", "reason", "history"])
    return [row.id for row in ended]


def _bounded(payload: dict[str, Any]) -> Any:
    kept = plain_json(without_secrets(payload))
    size = len(msgspec.json.encode(kept))
    return kept if size <= PART_MAX_BYTES else {"too_large_bytes": size}
