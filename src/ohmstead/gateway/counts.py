"""Plain numbers of one gateway, written on the hot path; metrics.py shows them."""

COUNTERS = {
    "handshakes": "Upgrade requests read",
    "refused": "Upgrade requests refused",
    "calls": "Calls received from stations",
    "answers": "Answers sent to stations",
    "unreadable": "Frames answered with an error or not at all",
    "duplicate_calls": "Calls answered again without a second effect",
    "late_frames": "Frames dropped because a newer connection holds the station",
    "commands": "Calls sent to stations",
    "command_timeouts": "Calls to stations that were never answered in time",
    "late_answers": "Answers of stations that came after the time-out",
    "unknown_answers": "Answers of stations to calls we never sent",
    "taken_over": "Connections replaced by a newer one of the same station",
    "dead_peers": "Connections closed because nothing was heard",
    "slowed": "Times a station was slowed down",
    "flooders_closed": "Stations closed because they did not slow down",
    "verdicts_asked": "Questions to the desk about a token",
    "verdicts_unanswered": "Such questions answered by the stated policy",
}


class Counts:
    """One attribute per counter."""

    __slots__ = tuple(COUNTERS)

    answers: int
    calls: int
    command_timeouts: int
    commands: int
    dead_peers: int
    duplicate_calls: int
    flooders_closed: int
    handshakes: int
    late_answers: int
    late_frames: int
    refused: int
    slowed: int
    taken_over: int
    unknown_answers: int
    unreadable: int
    verdicts_asked: int
    verdicts_unanswered: int

    def __init__(self) -> None:
        for name in COUNTERS:
            setattr(self, name, 0)
