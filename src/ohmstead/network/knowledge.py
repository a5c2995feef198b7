"""What is known of a station beyond its messages: which reads are complete, what it refused, what it was set to."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import F, Q

from ohmstead import wire
from ohmstead.journal.entry import Entry
from ohmstead.network.commands import command_of, parsed
from ohmstead.network.models import Command, DesiredValue, Knowledge, StationMonitor, Variable
from ohmstead.network.rules.secrets import is_secret
from ohmstead.network.rules.settings import comparable
from ohmstead.network.rules.work import is_last
from ohmstead.network.station_lines import LockedStation
from ohmstead.network.text import plain
from ohmstead.station import commands as c
from ohmstead.station.events import AnyEvent, Booted, CommandAnswered, StationNotice

type Said = tuple[Entry, AnyEvent]

REFUSALS: Final = frozenset({"NotSupported", "NotImplemented"})
CLOCKS_DIFFER: Final = timedelta(minutes=10)  # between the machines that stamp a command and its report
_SETS: Final = frozenset({"SetVariables", "ChangeConfiguration"})
_TAKEN: Final = frozenset({"Accepted", "RebootRequired"})


def learn(batch: Sequence[Said], stations: Mapping[UUID, LockedStation]) -> None:
    """After the reports themselves are folded in."""
    answers = [(entry, event) for entry, event in batch if isinstance(event, CommandAnswered)]
    _note_firmware([entry.station_id for entry, event in batch if isinstance(event, Booted)], stations)
    _note_refusals(answers, stations)
    _note_reads(batch, stations)
    _note_sets([(entry, event) for entry, event in answers if event.action in _SETS and event.payload is not None])
    _note_cleared([(entry, event) for entry, event in answers if event.action == "ClearVariableMonitoring"])


def _note_firmware(booted: Sequence[UUID], stations: Mapping[UUID, LockedStation]) -> None:
    """Other firmware may do other things: what was refused and what was read is forgotten."""
    if not booted:
        return
    for known in Knowledge.objects.filter(station_id__in=booted).order_by("pk").select_for_update():
        if known.firmware != stations[known.pk].line.firmware:
            known.firmware = stations[known.pk].line.firmware
            known.refused, known.read_at, known.asked_at, known.unanswered = {}, None, None, 0
            known.save()


def _note_refusals(answers: Sequence[tuple[Entry, CommandAnswered]], stations: Mapping[UUID, LockedStation]) -> None:
    words = [(entry, what, word) for entry, event in answers for what, word in [_refusal(event)] if what]
    refusing = {each: stations[each].line.firmware for each in sorted({e.station_id for e, _, word in words if word})}
    known = {each.pk: each for each in _known({entry.station_id for entry, _, _ in words}, refusing)}
    changed = set()
    for entry, what, word in words:
        row = known.get(entry.station_id)
        if row is None or (word == "" and what not in row.refused):
            continue
        if word:
            row.refused[plain(what, 90)] = {"word": word, "at": entry.at.isoformat()}
        else:
            del row.refused[what]
        changed.add(row)
    Knowledge.objects.bulk_update(changed, ["refused"])


def _refusal(event: CommandAnswered) -> tuple[str, str]:
    """What was refused and with which word; an empty word: it was done."""
    if event.error_code is not None:
        return (event.action, event.error_code) if event.error_code in REFUSALS else ("", "")
    return event.action, ""


def _known(stations: set[UUID], create: Mapping[UUID, str]) -> list[Knowledge]:
    if not stations:
        return []
    rows = [Knowledge(station_id=each, firmware=firmware) for each, firmware in create.items()]
    Knowledge.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Knowledge.objects.filter(station_id__in=stations).order_by("pk").select_for_update())


def _note_reads(batch: Sequence[Said], stations: Mapping[UUID, LockedStation]) -> None:
    """A read of everything that is complete: what it did not name is gone from the station."""
    for entry, event in batch:
        command = _read_of_all(entry, event)
        if command is None:
            continue
        began_at = (command.sent_at or command.asked_at) - CLOCKS_DIFFER
        if command.kind == c.GetMonitors.__name__:
            StationMonitor.objects.filter(station=entry.station_id, reported_at__lt=began_at).delete()
            continue
        Variable.objects.filter(station=entry.station_id, reported_at__lt=began_at).delete()
        known = {"read_at": entry.at, "unanswered": 0, "firmware": stations[entry.station_id].line.firmware}
        Knowledge.objects.update_or_create(station_id=entry.station_id, defaults=known)


def _read_of_all(entry: Entry, event: AnyEvent) -> Command | None:
    """The command that asked for everything, when this is the end of its report."""
    if isinstance(event, CommandAnswered) and event.action == "GetConfiguration" and event.payload is not None:
        asked = Q(pk=command_of(event.message_id))
    elif isinstance(event, StationNotice) and event.action in ("NotifyReport", "NotifyMonitoringReport"):
        request = event.payload.get("requestId")
        if not isinstance(request, int) or not is_last(event.payload):
            return None
        asked = Q(request_id=request)
    else:
        return None
    kinds = (c.GetSettings.__name__, c.GetInventory.__name__, c.GetMonitors.__name__)
    found = Command.objects.filter(asked, station=entry.station_id, kind__in=kinds).order_by("-asked_at").first()
    if found is None:
        return None
    match parsed(found):
        case c.GetSettings(names=()) | c.GetInventory(extent="full") | c.GetMonitors(variables=(), kinds=()):
            return found
    return None


def _note_sets(answers: Sequence[tuple[Entry, CommandAnswered]]) -> None:
    """What a station was set to, and with which word it took it."""
    by_id = {command_of(event.message_id): (entry, event) for entry, event in answers}
    if not by_id:
        return
    for row in Command.objects.filter(id__in=[each for each in by_id if each]).order_by("id"):
        entry, event = by_id[row.id]
        assert event.payload is not None
        for place, value, word in _set(parsed(row), event.payload):
            _note_set(row, entry, place, value, word)


def _set(command: c.AnyCommand, answer: dict[str, Any]) -> list[tuple[dict[str, Any], str, str]]:
    """(where, the value asked for, the station's word) of every actual value that was to be set."""
    if isinstance(command, c.SetSetting):
        wanted = [({"name": command.name, "evse": 0, "connector": 0}, command.value)]
    elif isinstance(command, c.WriteVariables):
        wanted = [
            ({"name": each.name, "evse": each.evse or 0, "connector": each.connector or 0}, each.value)
            for each in command.values
        ]
    else:
        return []
    items = [item.word for item in wire.read_items(answer)]
    words = items or [str(answer.get("status", ""))]
    return [(place, value, word) for (place, value), word in zip(wanted, words, strict=False)]


def _note_set(row: Command, entry: Entry, place: dict[str, Any], value: str, word: str) -> None:
    DesiredValue.objects.filter(station=row.station_id, **place).update(
        outcome=plain(word, 40), outcome_at=entry.at, command=row
    )
    ours = Variable.objects.filter(station=row.station_id, attribute="actual", **place)
    if word == "RebootRequired":
        ours.update(needs_reboot=True)
    elif word in _TAKEN and not is_secret(place["name"]):
        ours.filter(reported_at__lte=entry.at).update(
            value=plain(value, 2_500), comparable=comparable(value), needs_reboot=False, reported_at=entry.at
        )


def _note_cleared(answers: Sequence[tuple[Entry, CommandAnswered]]) -> None:
    for entry, event in answers:
        results = (event.payload or {}).get("clearMonitoringResult")
        found = [_cleared(each) for each in (results if isinstance(results, list) else ())]
        gone = [each for each in found if each is not None]
        StationMonitor.objects.filter(station=entry.station_id, monitor_id__in=gone).delete()


def _cleared(result: Any) -> int | None:
    over = isinstance(result, dict) and result.get("status") in ("Accepted", "NotFound")
    number = result.get("id") if over else None
    return number if isinstance(number, int) else None


def note_asked(station_id: UUID, firmware: str, at: Any) -> None:
    """We have asked for all settings by ourselves."""
    known, _ = Knowledge.objects.get_or_create(station_id=station_id, defaults={"firmware": firmware})
    Knowledge.objects.filter(pk=known.pk).update(asked_at=at, unanswered=F("unanswered") + 1)
