"""Who may ask which station for what, and why not."""

from django.utils.translation import gettext as _

from ohmstead.network.capabilities import Capability, capabilities
from ohmstead.network.models import Station
from ohmstead.station.answers import Admission
from ohmstead.station.commands.operations import Operation
from ohmstead.web.command_rights import right_of
from ohmstead.web.console.words import DIALECTS
from ohmstead.web.scope import Viewer
from ohmstead.wire.dialect import Dialect


def dialect_of(station: Station) -> Dialect | None:
    """None for a station that has never connected."""
    return next((each for each in Dialect if each.subprotocol == station.dialect), None)


class Offers:
    """What one station can be asked by one viewer."""

    def __init__(self, viewer: Viewer, station: Station) -> None:
        self._viewer = viewer
        self._station = station
        self._able: dict[str, Capability] = capabilities(station)

    def why_not(self, operation: Operation) -> str:
        """A sentence, empty when nothing stands in the way."""
        if not self._viewer.has(right_of(operation)):
            return _("Your role does not allow this.")
        if self._station.admission != Admission.ACCEPTED:
            return _("The station has not been accepted yet.")
        reason = self._able[operation.name].reason
        if reason == f"{self._station.dialect} has no words for this.":
            return _("%(version)s has no words for this.") % {"version": DIALECTS[self._station.dialect]}
        return reason

    def lacks(self, operation: Operation) -> frozenset[str]:
        """Fields that the station's version has no place for."""
        return self._able[operation.name].lacks


def why_not(viewer: Viewer, station: Station, operation: Operation) -> str:
    return Offers(viewer, station).why_not(operation)
