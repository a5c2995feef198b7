"""Which commands go on after the station agreed, and what their later messages mean."""

from typing import Any, Final

from ohmstead.station import commands as c

# The message in which the parts of a report come.
REPORTED_IN: Final[dict[type[c.Command], str]] = {
    c.GetSettings: "NotifyReport",
    c.GetInventory: "NotifyReport",
    c.GetReport: "NotifyReport",
    c.GetMonitors: "NotifyMonitoringReport",
    c.GetChargingProfiles: "ReportChargingProfiles",
    c.GetDisplayMessages: "NotifyDisplayMessages",
    c.GetCustomerInformation: "NotifyCustomerInformation",
    c.GetGridControls: "ReportDERControl",
}
REPORTS: Final = frozenset(REPORTED_IN.values())
GOES_ON: Final = frozenset({*REPORTED_IN, c.GetLog, c.UpdateFirmware, c.PublishFirmware})
_AGREED: Final = frozenset({"Accepted", "AcceptedCanceled"})
FULL_REPORT: Final = 1  # the request id of a report of everything that no command chose a number for

_FIRMWARE_DONE: Final = frozenset({"Installed"})
_FIRMWARE_FAILED: Final = frozenset(
    {
        "DownloadFailed", "InstallationFailed", "InstallVerificationFailed", "InvalidSignature", "RevokedCertificate",
        "InvalidCertificate",
    }
)  # fmt: skip
_LOG_DONE: Final = frozenset({"Uploaded"})
_LOG_FAILED: Final = frozenset(
    {"UploadFailed", "UploadFailure", "BadMessage", "NotSupportedOperation", "PermissionDenied", "AcceptedCanceled"}
)
_PUBLISH_DONE: Final = frozenset({"Published"})
_PUBLISH_FAILED: Final = frozenset({"DownloadFailed", "InvalidChecksum", "PublishFailed"})


def request_id_of(command: c.Command) -> int | None:
    if isinstance(command, c.GetSettings):
        return None if command.names else FULL_REPORT
    found = getattr(command, "request_id", None)
    return found if type(command) in GOES_ON else None


def goes_on(command: c.Command, answer: dict[str, Any] | None) -> bool:
    """Whether the station has begun something whose end it tells later."""
    if type(command) not in GOES_ON or answer is None:
        return False
    status = answer.get("status")
    if status is not None:
        return status in _AGREED
    if isinstance(command, c.GetLog):
        return bool(answer.get("fileName"))  # OCPP 1.6: no name means that there is nothing to upload
    return isinstance(command, c.UpdateFirmware)  # OCPP 1.6 says nothing at all


def verdict_on(kind: str, status: str) -> bool | None:
    """Whether a status ends the work well or badly; None while it goes on. `kind`: firmware, log, publish."""
    done, failed = {
        "firmware": (_FIRMWARE_DONE, _FIRMWARE_FAILED),
        "log": (_LOG_DONE, _LOG_FAILED),
        "publish": (_PUBLISH_DONE, _PUBLISH_FAILED),
    }[kind]
    if status in done:
        return True
    return False if status in failed else None


def is_last(payload: dict[str, Any]) -> bool:
    """Whether no part follows: `tbc` false or absent; in 1.6 and 2.x an absent one means false."""
    return payload.get("tbc") is not True
