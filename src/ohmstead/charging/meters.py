"""Which readings are a session's own, and its meter folded over them."""

from collections.abc import Sequence

from ohmstead.charging import reading_rows
from ohmstead.charging.held import HeldSession, Window
from ohmstead.charging.rules.meter import FINAL_RANK, rank_of


def open_windows(sessions: Sequence[HeldSession]) -> None:
    """From the start, to the stop or the next start; another window means another series."""
    for session in sessions:
        own_end = session.facts.end or session.around.stray_stop
        end = own_end.at if own_end is not None else None
        window = Window(session.facts.started_at(), end, session.around.next_start, session.evse)
        if session.window != window:
            session.window = window
            session.stale = True


def read_meters(sessions: Sequence[HeldSession]) -> None:
    """Fold the meters of stale sessions over their stored readings."""
    stale = {session.id: session for session in sessions if session.stale}
    wanted = []
    for session in stale.values():
        window, meter, start = session.window, session.reset_meter(), session.facts.start
        assert window is not None
        meter.untimed = session.facts.untimed
        since = window.start
        if start is not None and start.register_wh is not None:
            meter.step(start.at, 0, start.register_wh, None, None)
        elif session.facts.first_at is not None:
            since = min(since, session.facts.first_at)
        wanted.append((session.id, session.station_id, session.evse, since, window.end, window.unnamed_until))
    for session_id, at, context, register_wh, power_w, soc_percent, named in reading_rows.series_of(wanted):
        facts = stale[session_id].facts
        facts.meter.step(at, rank_of(context), register_wh, power_w, soc_percent)
        if named:
            facts.spoken_of(at)
    for session in stale.values():
        end, meter = session.facts.end or session.around.stray_stop, session.facts.meter
        if end is not None and end.register_wh is not None:
            meter.step(max(end.at, meter.at or end.at), FINAL_RANK, end.register_wh, None, None)
        session.stale = False
