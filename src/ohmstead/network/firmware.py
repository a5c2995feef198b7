"""Whether a station that was to get new firmware really has it: its next start says so."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from ohmstead.journal.entry import Entry
from ohmstead.network.commands import passed
from ohmstead.network.models import Command, CommandState, FirmwareUpdate, Work
from ohmstead.network.rules.files import same_version
from ohmstead.network.station_lines import LockedStation
from ohmstead.network.text import plain
from ohmstead.station.events import AnyEvent, Booted


def note_starts(batch: Sequence[tuple[Entry, AnyEvent]], stations: Mapping[UUID, LockedStation]) -> list[UUID]:
    """A start with the new version confirms the newest update, also when the station never said "Installed"."""
    booted = {entry.station_id: (entry, event) for entry, event in batch if isinstance(event, Booted)}
    if not booted:
        return []
    open_ones = FirmwareUpdate.objects.filter(station_id__in=booted, confirmed_at=None, command__sent_at__isnull=False)
    newest: dict[UUID, FirmwareUpdate] = {}
    for update in open_ones.select_related("image", "command").order_by("command__asked_at", "pk"):
        newest[update.station_id] = update
    changed = []
    for station_id, update in sorted(newest.items()):
        entry, event = booted[station_id]
        if update.command.sent_at is not None and entry.at >= update.command.sent_at:
            update.booted_with = plain(event.firmware, 64)
            if same_version(update.booted_with, update.image.version):
                update.confirmed_at = entry.at
                changed.append(update)
            update.save(update_fields=["booted_with", "confirmed_at"])
    return _finish(changed)


def _finish(confirmed: Sequence[FirmwareUpdate]) -> list[UUID]:
    by_command = {each.command_id: each for each in confirmed}
    rows = list(Command.objects.filter(pk__in=by_command).order_by("id").select_for_update(no_key=True))
    for row in rows:
        at = by_command[row.pk].confirmed_at
        assert at is not None
        if row.work != Work.DONE:
            row.work, row.progress, row.progress_at, row.reason = Work.DONE, "Installed", at, ""
            row.state = CommandState.ACCEPTED
        row.history = [*row.history, passed("confirmed", at)]
    Command.objects.bulk_update(rows, ["state", "reason", "work", "progress", "progress_at", "history"])
    return [row.pk for row in rows]
