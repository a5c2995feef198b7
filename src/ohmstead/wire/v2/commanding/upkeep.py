"""OCPP 2.x: firmware and logs."""

from typing import Any, Final

from ohmstead.station import commands as c
from ohmstead.wire.saying import Sayings, made, said

_LOGS: Final = {"data_collector": "DataCollectorLog", "diagnostics": "DiagnosticsLog", "security": "SecurityLog"}


def update(m: Any, command: c.UpdateFirmware) -> Any:
    firmware = made(
        m.Firmware,
        location=command.url,
        retrieve_date_time=command.retrieve_at,
        install_date_time=command.install_at,
        signing_certificate=command.signing_certificate_pem,
        signature=command.signature,
    )
    return m.UpdateFirmwareRequest(
        request_id=command.request_id,
        firmware=firmware,
        retries=command.retries,
        retry_interval=command.retry_interval_s,
    )


def publish(m: Any, command: c.PublishFirmware) -> Any:
    return m.PublishFirmwareRequest(
        location=command.url,
        checksum=command.md5,
        request_id=command.request_id,
        retries=command.retries,
        retry_interval=command.retry_interval_s,
    )


def unpublish(m: Any, command: c.UnpublishFirmware) -> Any:
    return m.UnpublishFirmwareRequest(checksum=command.md5)


def log(m: Any, command: c.GetLog) -> Any:
    wanted = made(
        m.LogParameters,
        remote_location=command.url,
        oldest_timestamp=command.oldest_at,
        latest_timestamp=command.latest_at,
    )
    return m.GetLogRequest(
        log=wanted,
        log_type=_LOGS[command.kind],
        request_id=command.request_id,
        retries=command.retries,
        retry_interval=command.retry_interval_s,
    )


SAYINGS: Final[Sayings] = {
    c.UpdateFirmware: said(update, "UpdateFirmware"),
    c.PublishFirmware: said(publish, "PublishFirmware"),
    c.UnpublishFirmware: said(unpublish, "UnpublishFirmware"),
    c.GetLog: said(log, "GetLog"),
}
