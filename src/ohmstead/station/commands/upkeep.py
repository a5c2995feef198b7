"""Firmware and logs."""

from typing import Literal

import msgspec

from ohmstead.station.commands.base import Command, Count, Moment, RequestId, new_request_id


class UpdateFirmware(Command, frozen=True, kw_only=True):
    """Let the station fetch and install firmware; signed when certificate and signature are given.

    OCPP: UpdateFirmware, SignedUpdateFirmware.
    """

    url: str
    retrieve_at: Moment
    install_at: Moment | None = None
    signing_certificate_pem: str | None = None
    signature: str | None = None
    retries: Count | None = None
    retry_interval_s: Count | None = None
    request_id: RequestId = msgspec.field(default_factory=new_request_id)


class PublishFirmware(Command, frozen=True, kw_only=True):
    """Let a local controller fetch firmware and offer it to the stations behind it. OCPP: PublishFirmware."""

    url: str
    md5: str
    retries: Count | None = None
    retry_interval_s: Count | None = None
    request_id: RequestId = msgspec.field(default_factory=new_request_id)


class UnpublishFirmware(Command, frozen=True, kw_only=True):
    """Let a local controller offer a firmware no longer. OCPP: UnpublishFirmware."""

    md5: str


class GetLog(Command, frozen=True, kw_only=True):
    """Let the station upload a log. OCPP: GetLog, GetDiagnostics."""

    url: str
    kind: Literal["data_collector", "diagnostics", "security"] = "diagnostics"
    oldest_at: Moment | None = None
    latest_at: Moment | None = None
    retries: Count | None = None
    retry_interval_s: Count | None = None
    request_id: RequestId = msgspec.field(default_factory=new_request_id)
