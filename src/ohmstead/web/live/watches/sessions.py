"""The list of sessions, and one session."""

from uuid import UUID

from django.http import QueryDict

from ohmstead.web.console import session, sessions
from ohmstead.web.console.paging import page_of
from ohmstead.web.live.hub import Changes
from ohmstead.web.live.partials import partial
from ohmstead.web.scope import Viewer


class SessionsWatch:
    """As for stations: the rows the page was given."""

    pause_s = 1.0
    tick_s = 3600.0
    position = ""

    def __init__(self, viewer: Viewer, query: QueryDict) -> None:
        self.viewer = viewer
        wanted = sessions.SessionFilter.of(query)
        self.ids = {row.pk for row in page_of(sessions.listed(viewer, wanted), query).rows}

    def everything(self) -> str:
        return self._rows(self.ids)

    def after(self, changes: Changes) -> str:
        return self._rows(self.ids & changes.sessions)

    def _rows(self, ids: set[UUID]) -> str:
        rows = sessions.rows(self.viewer).filter(pk__in=ids) if ids else ()
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
