"""The list of commands, and the life of one."""

from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import QueryDict

from ohmstead.network.models import Command
from ohmstead.web.console import bulks, commands
from ohmstead.web.console.paging import page_of
from ohmstead.web.live.hub import Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.scope import Viewer


class CommandsWatch:
    """The rows the page was given; only those of stations that changed are looked at."""

    pause_s = 1.0
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, query: QueryDict) -> None:
        self.viewer = viewer
        wanted = commands.CommandFilter.of(query)
        self.ids = [row.pk for row in page_of(wanted.applied(commands.rows(viewer)), query).rows]

    def everything(self) -> str:
        return self._rows(commands.rows(self.viewer).filter(pk__in=self.ids))

    def after(self, changes: Changes) -> str:
        if not (changes.stations or changes.commands):
            return ""
        changed = Q(station__in=changes.stations) | Q(pk__in=changes.commands)
        return self._rows(commands.rows(self.viewer).filter(changed, pk__in=self.ids))

    def _rows(self, rows: QuerySet[Command]) -> str:
        return "".join(partial("parts/command_rows", "row", f"command-{row.pk}", {"row": row}) for row in rows)


class CommandWatch:
    pause_s = 0.3
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, command_id: UUID) -> None:
        self.viewer = viewer
        self.command_id = command_id
        self.station_id = commands.found(viewer, command_id).station_id

    def everything(self) -> str:
        return partial("command", "body", "command-body", commands.body(self.viewer, self.command_id))

    def after(self, changes: Changes) -> str:
        mine = self.station_id in changes.stations or self.command_id in changes.commands
        if not mine and changes.sessions:
            mine = self.viewer.sessions().filter(station=self.station_id, pk__in=changes.sessions).exists()
        return self.everything() if mine else ""


class BulkWatch:
    """Progress of the same work for many: pushed at most every second however many stations answer."""

    pause_s = 1.0
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, bulk_id: UUID) -> None:
        self.viewer = viewer
        self.bulk_id = bulk_id

    def everything(self) -> str:
        return partial("bulk/bulk", "body", "bulk-body", bulks.body(self.viewer, self.bulk_id))

    def after(self, changes: Changes) -> str:
        return self.everything() if changes.commands or changes.stations else ""
