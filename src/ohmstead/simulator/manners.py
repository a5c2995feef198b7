"""How a station takes what it is asked: as a rule it obeys; by hand it is made to refuse, keep silent or fail."""

from dataclasses import dataclass, field
from typing import Any, Final

from ohmstead.simulator.link import CallIgnored, CallRefused
from ohmstead.wire.dialect import Dialect

WORKS: Final = ("firmware", "log")
_NO: Final = {
    "UnlockConnector": "UnlockFailed",
    "InstallCertificate": "Failed",
    "DeleteCertificate": "Failed",
    "SendLocalList": "Failed",
}
_WITHOUT_STATUS_IN_16: Final = ("UpdateFirmware", "GetDiagnostics", "GetConfiguration", "GetLocalListVersion")
_LONGEST_WORDS: Final = 512


@dataclass(slots=True)
class Manners:
    """`refused` keeps the station's own words by action; what is `spoilt` goes wrong once."""

    refused: dict[str, str] = field(default_factory=dict)
    ignored: set[str] = field(default_factory=set)
    spoilt: set[str] = field(default_factory=set)

    def refuse(self, action: str, why: str) -> None:
        self.ignored.discard(action)
        self.refused[action] = why

    def ignore(self, action: str) -> None:
        self.refused.pop(action, None)
        self.ignored.add(action)

    def spoils(self, work: str) -> bool:
        spoilt = work in self.spoilt
        self.spoilt.discard(work)
        return spoilt

    def answer(self, action: str, dialect: Dialect) -> dict[str, Any] | None:
        """The refusal if there is one; raises CallIgnored, or CallRefused where an answer has no word for no."""
        if action in self.ignored:
            raise CallIgnored
        why = self.refused.get(action)
        if why is None:
            return None
        if dialect is Dialect.V16 and action in _WITHOUT_STATUS_IN_16:
            raise CallRefused("GenericError", why)
        said: dict[str, Any] = {"status": _NO.get(action, "Rejected")}
        if why and dialect is not Dialect.V16:
            said["statusInfo"] = {"reasonCode": "Other", "additionalInfo": why[:_LONGEST_WORDS]}
        return said
