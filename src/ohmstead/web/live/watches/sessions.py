"""The list of sessions, and one session."""

from typing import Final
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import get_language

from ohmstead.web.console import session, sessions
from ohmstead.web.console.paging import page_of
from ohmstead.web.live.hub import BEAT_S, Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.live.shared import Shared, of_one_turn
from ohmstead.web.scope import Viewer

_shared: Final = Shared(fresh_s=5.0)


class SessionsWatch:
    """As for stations: the rows the page was given."""

    pause_s = BEAT_S
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, query: QueryDict) -> None:
        self.viewer = viewer
        wanted = sessions.SessionFilter.of(query)
        self.ids = {row.pk for row in page_of(sessions.rows(sessions.listed(viewer, wanted)), query).rows}

    def everything(self) -> str:
        return self._rows(self.ids)

    def after(self, changes: Changes) -> str:
        ids = self.ids & changes.sessions
        key = (self.viewer.organisation.pk, get_language(), *sorted(ids))
        return of_one_turn(_shared, changes.turn, key, lambda: self._rows(ids)) if ids else ""

    def _rows(self, ids: set[UUID]) -> str:
        rows = sessions.rows(self.viewer.sessions().filter(pk__in=ids)) if ids else ()
        return "".join(partial("parts/session_rows", "row", f"session-{row.pk}", {"session": row}) for row in rows)


class SessionWatch:
    pause_s = 2.0
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, session_id: UUID) -> None:
        self.viewer = viewer
        self.session_id = session_id

    def everything(self) -> str:
        return partial("session", "body", "session-body", session.body(self.viewer, self.session_id))

    def after(self, changes: Changes) -> str:
        return self.everything() if self.session_id in changes.sessions else ""
