"""The tables of the network, a module per noun."""

from ohmstead.network.models.certificates import Certificate, ContractRoot, InstalledCertificate
from ohmstead.network.models.commands import Bulk, BulkState, Command, CommandState, Report, Work
from ohmstead.network.models.files import FirmwareImage, FirmwareUpdate, StationFile, StoredChunk, StoredFile
from ohmstead.network.models.imports import ImportDraft, ImportKind
from ohmstead.network.models.line import Announcement, Deviation, Gateway, Refusal, StationEvent
from ohmstead.network.models.settings import DesiredValue, Knowledge, Noticed, SettingTemplate, StationMonitor, Variable
from ohmstead.network.models.sites import PhotoFile, Site, SitePhoto
from ohmstead.network.models.stations import Connector, Evse, Station

__all__ = [
    "Announcement",
    "Bulk",
    "BulkState",
    "Certificate",
    "Command",
    "CommandState",
    "Connector",
    "ContractRoot",
    "DesiredValue",
    "Deviation",
    "Evse",
    "FirmwareImage",
    "FirmwareUpdate",
    "Gateway",
    "ImportDraft",
    "ImportKind",
    "InstalledCertificate",
    "Knowledge",
    "Noticed",
    "PhotoFile",
    "Refusal",
    "Report",
    "SettingTemplate",
    "Site",
    "SitePhoto",
    "Station",
    "StationEvent",
    "StationFile",
    "StationMonitor",
    "StoredChunk",
    "StoredFile",
    "Variable",
    "Work",
]
