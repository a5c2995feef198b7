"""Who may ask stations for what: one rule for console and API."""

from typing import Final

from ohmstead.access.rights import Right
from ohmstead.station.commands.operations import Operation

_OPERATE: Final = frozenset(
    {"start_session", "stop_session", "unlock_connector", "reset_station", "change_availability", "trigger_message"}
)


def right_of(operation: Operation) -> Right:
    """People who look after drivers start, stop and restart; everything else is for those who look after stations."""
    return Right.OPERATE if operation.name in _OPERATE else Right.CONFIGURE
