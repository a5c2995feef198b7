"""Who may ask which station for what, and why not."""

from typing import Final

from django.utils.translation import gettext as _

from ohmstead.access.rights import Right
from ohmstead.network.models import Station
from ohmstead.station.answers import Admission
from ohmstead.station.commands import RawCommand
from ohmstead.station.commands.operations import Operation
from ohmstead.web.console.words import DIALECTS
from ohmstead.web.scope import Viewer
from ohmstead.wire.commanding import SAYINGS
from ohmstead.wire.dialect import Dialect

_OPERATE: Final = frozenset(
    {"start_session", "stop_session", "unlock_connector", "reset_station", "change_availability", "trigger_message"}
)


def right_of(operation: Operation) -> Right:
    """People who look after drivers start, stop and restart; everything else is for those who look after stations."""
    return Right.OPERATE if operation.name in _OPERATE else Right.CONFIGURE


def dialect_of(station: Station) -> Dialect | None:
    """None for a station that has never connected."""
    return next((each for each in Dialect if each.subprotocol == station.dialect), None)


def why_not(viewer: Viewer, station: Station, operation: Operation) -> str:
    """A sentence, empty when nothing stands in the way."""
    if not viewer.has(right_of(operation)):
        return _("Your role does not allow this.")
    if station.admission != Admission.ACCEPTED:
        return _("The station has not been accepted yet.")
    dialect = dialect_of(station)
    if dialect is None:
        return _("The station has never connected, so nobody knows what it understands.")
    if operation.kind is not RawCommand and operation.kind not in SAYINGS[dialect]:
        return _("%(version)s has no words for this.") % {"version": DIALECTS[station.dialect]}
    return ""
