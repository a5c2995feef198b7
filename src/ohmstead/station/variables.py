"""What a station reports of its settings, its monitors and what these noticed, whatever dialect it speaks."""

from datetime import datetime

import msgspec


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """`name` is a key, or `Component.Variable` with instances in brackets; 0 is no certain outlet."""

    name: str
    evse: int = 0
    connector: int = 0


class ReportedVariable(msgspec.Struct, frozen=True, kw_only=True):
    """`value` None: it was not told. None or "" elsewhere: this message does not say."""

    place: Place
    attribute: str = "actual"  # actual, target, min_set, max_set
    value: str | None = None
    mutability: str = ""  # read_only, read_write, write_only
    kind: str = ""  # the station's word for the type of its data
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: str = ""
    can_be_watched: bool | None = None


class ReportedMonitor(msgspec.Struct, frozen=True, kw_only=True):
    place: Place
    monitor_id: int
    kind: str  # the station's word: UpperThreshold, Delta, Periodic ...
    value: float
    severity: int
    in_sessions_only: bool
    origin: str = ""  # HardWiredMonitor, PreconfiguredMonitor, CustomMonitor


class Noticed(msgspec.Struct, frozen=True, kw_only=True):
    """An event of the device model; `at` None: its time cannot be read."""

    place: Place
    event_id: int
    at: datetime | None
    trigger: str
    value: str
    origin: str = ""
    cause: int | None = None
    tech_code: str = ""
    tech_info: str = ""
    cleared: bool = False
    transaction_id: str = ""
    monitor_id: int | None = None
    severity: int | None = None
