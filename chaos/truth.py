"""What the stations know to be true: what was acknowledged to them, and what they really charged."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A CALLRESULT came for this frame."""

    station: str
    action: str
    frame: bytes
    reply: bytes


@dataclass(slots=True)
class Charge:
    """One real charge; `samples` are the registers by time that the station was thanked for."""

    station: str
    begin_wh: int
    end_wh: int | None = None
    transaction_id: str = ""
    samples: dict[datetime, int] = field(default_factory=dict)


@dataclass(slots=True)
class Truth:
    acknowledged: list[Acknowledged] = field(default_factory=list)
    charges: list[Charge] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)  # CALLERRORs: none of these messages deserves one
    connections: int = 0
    repeats: int = 0  # messages sent again because no answer came
