"""Lists of tokens kept at stations, in step with ours: sent as differences, anew when the station lost count."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import F, Max, Q, QuerySet

from ohmstead.access.actors import Actor
from ohmstead.access.audit import record
from ohmstead.charging.listed_tokens import capacity, tokens_for
from ohmstead.charging.models import ListState, LocalList
from ohmstead.charging.rules.local_list import Entry, messages
from ohmstead.drivers.models import Group, Token
from ohmstead.network import commands
from ohmstead.network.models import Command, CommandState, Station
from ohmstead.station.answers import Admission
from ohmstead.station.commands import GetTokenListVersion

AT_ONCE: Final = 200  # stations in a round
AGAIN_AFTER: Final = timedelta(hours=1)  # for changes that nothing announces: tokens that become valid, groups moved
ASKED_EVERY: Final = timedelta(days=1)
CLOCKS_APART: Final = timedelta(seconds=30)  # whoever wrote the change has another clock than we
MOST_FAILURES: Final = 3
FAILED_FOR: Final = timedelta(hours=6)  # then it is tried again
_BY: Final = Actor.job("local lists")
_NOT_SUPPORTED: Final = ("NotSupported", "NotImplemented")


def keep_in_step(now: datetime) -> int:
    """One round: take in what stations answered, then send what has changed; how many lists were looked at."""
    looked_at = 0
    for station_id in _due(now):
        with transaction.atomic():
            kept = _locked(station_id)
            if kept is not None:
                looked_at += 1
                _advance(kept, now)
    return looked_at


@transaction.atomic
def send_anew(station: Station, *, by: Actor) -> None:
    """Whatever the station says it has: the whole list goes out with the next round."""
    LocalList.objects.update_or_create(
        station=station,
        defaults={
            "entries": None, "sending": None, "command_ids": [], "failures": 0, "computed_at": None,
            "state": ListState.PENDING, "reason": "",
        },
    )  # fmt: skip
    record(by, "station.list_sent_anew", station)


def _due(now: datetime) -> list[UUID]:
    """Stations with an answer to take in, a change to send, or a version to be asked for; the longest waiting first."""
    ready = Station.objects.filter(admission=Admission.ACCEPTED, online=True).exclude(dialect="")
    waiting = ready.filter(Q(local_list=None) | Q(local_list__state=ListState.PENDING))
    settled = ready.exclude(Q(local_list=None) | Q(local_list__state=ListState.PENDING))
    changed = Q(local_list__computed_at__lt=now - AGAIN_AFTER) | Q(local_list__computed_at=None)
    for organisation_id, changed_at in _changes(settled, now):
        changed |= Q(organisation_id=organisation_id, local_list__computed_at__lt=changed_at + CLOCKS_APART)
    due = waiting | settled.filter(changed | Q(booted_at__gt=F("local_list__asked_at")))
    return list(
        due.order_by(F("local_list__computed_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:AT_ONCE]
    )


def _changes(settled: QuerySet[Station], now: datetime) -> list[tuple[UUID, datetime]]:
    """When tokens or groups of each organisation last changed, if that is lately."""
    lately = now - AGAIN_AFTER
    found: dict[UUID, datetime] = {}
    for things in (Token.objects, Group.objects):
        rows = things.filter(changed_at__gt=lately).values_list("organisation_id").annotate(at=Max("changed_at"))
        for organisation_id, at in rows:
            found[organisation_id] = max(at, found.get(organisation_id, at))
    return list(found.items())


def _locked(station_id: UUID) -> LocalList | None:
    LocalList.objects.get_or_create(station_id=station_id)
    found = LocalList.objects.select_for_update(of=("self",), skip_locked=True).filter(station_id=station_id)
    return found.select_related("station").first()


def _advance(kept: LocalList, now: datetime) -> None:
    if kept.command_ids and not _take_answers(kept, now):
        return  # still under way
    if kept.state == ListState.OFF or (kept.state == ListState.FAILED and not _may_try_again(kept, now)):
        kept.computed_at = now
    elif kept.entries is not None and _version_is_due(kept, now):
        _ask_version(kept, now)
    else:
        _send_changes(kept, now)
    kept.save()


def _may_try_again(kept: LocalList, now: datetime) -> bool:
    if kept.in_sync_at is not None and kept.station.booted_at is not None and kept.station.booted_at > kept.in_sync_at:
        return True
    return kept.asked_at is None or kept.asked_at < now - FAILED_FOR


def _version_is_due(kept: LocalList, now: datetime) -> bool:
    booted = kept.station.booted_at
    if kept.asked_at is None or kept.asked_at < now - ASKED_EVERY:
        return True
    return booted is not None and booted > kept.asked_at


def _ask_version(kept: LocalList, now: datetime) -> None:
    row = commands.queue(kept.station_id, GetTokenListVersion(), at=now, by=_BY)
    kept.command_ids, kept.sending, kept.asked_at = [row.pk], None, now
    kept.state = ListState.PENDING


def _send_changes(kept: LocalList, now: datetime) -> None:
    most, at_once = capacity(kept.station)
    wanted, kept.left_out = tokens_for(kept.station, most, now)
    known = None if kept.entries is None else _decoded(kept.entries)
    chunks = messages(wanted, known, kept.version, at_once)
    kept.computed_at, kept.size = now, len(wanted)
    if not chunks:
        kept.state, kept.in_sync_at, kept.failures = ListState.IN_SYNC, now, 0
        return
    kept.command_ids = [commands.queue(kept.station_id, chunk, at=now, by=_BY).pk for chunk in chunks]
    kept.sending = msgspec.to_builtins(wanted)
    kept.sending_version, kept.state, kept.reason = chunks[-1].version, ListState.PENDING, ""
    kept.asked_at = kept.asked_at or now


def _take_answers(kept: LocalList, now: datetime) -> bool:
    """Whether all that was sent has ended."""
    sent = list(Command.objects.filter(pk__in=kept.command_ids))
    if any(row.state in commands.OPEN for row in sent):
        return False
    asked_version = kept.sending is None
    kept.command_ids = []
    bad = next((row for row in sent if row.state != CommandState.ACCEPTED), None)
    if bad is not None or not sent:
        _failed(kept, bad, now)
    elif asked_version:
        _compare_version(kept, sent[0].answer or {}, now)
    else:
        kept.entries, kept.version, kept.sending = kept.sending, kept.sending_version, None
        kept.state, kept.in_sync_at, kept.failures, kept.reason = ListState.IN_SYNC, now, 0, ""
    return True


def _compare_version(kept: LocalList, answer: Mapping[str, Any], now: datetime) -> None:
    has = answer.get("listVersion", answer.get("versionNumber"))
    if has == -1:  # OCPP 1.6: the station keeps no list
        kept.state, kept.reason = ListState.OFF, "The station keeps no list of cards."
    elif has != kept.version:
        kept.entries, kept.reason = None, f"The station had version {has}, not {kept.version}: sent anew."
    else:
        kept.state, kept.in_sync_at = ListState.IN_SYNC, now


def _failed(kept: LocalList, bad: Command | None, now: datetime) -> None:
    """Nobody knows what the station has now, so everything goes out anew; not for ever."""
    kept.entries, kept.sending = None, None
    why = f"{bad.reason} {bad.answer or ''}" if bad is not None else ""
    if any(word in why for word in _NOT_SUPPORTED):
        kept.state, kept.reason = ListState.OFF, "The station keeps no list of cards."
        return
    if bad is not None and bad.state == CommandState.OFFLINE:
        return  # it goes on when the station is back
    kept.failures += 1
    kept.reason = (bad.reason or bad.get_state_display())[:300] if bad is not None else ""
    if kept.failures >= MOST_FAILURES:
        kept.state, kept.failures, kept.asked_at = ListState.FAILED, 0, now


def _decoded(entries: Mapping[str, Any]) -> dict[str, Entry]:
    return msgspec.convert(entries, dict[str, Entry], strict=False)
