"""The tables of the network, a module per noun."""

from ohmstead.network.models.certificates import Certificate
from ohmstead.network.models.commands import Command, CommandState
from ohmstead.network.models.line import Announcement, Deviation, Gateway, Refusal, StationEvent
from ohmstead.network.models.sites import PhotoFile, Site, SitePhoto
from ohmstead.network.models.stations import Connector, Evse, Station

__all__ = [
    "Announcement",
    "Certificate",
    "Command",
    "CommandState",
    "Connector",
    "Deviation",
    "Evse",
    "Gateway",
    "PhotoFile",
    "Refusal",
    "Site",
    "SitePhoto",
    "Station",
    "StationEvent",
]
