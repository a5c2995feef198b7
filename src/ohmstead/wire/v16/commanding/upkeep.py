"""OCPP 1.6: firmware and logs, by the core messages where these suffice, else by the security extension."""

from typing import Final

from ohmstead.station import commands as c
from ohmstead.wire.refusals import CommandNotInDialect
from ohmstead.wire.saying import Sayings, made, said
from ohmstead.wire.v16 import messages as m


def update(command: c.UpdateFirmware) -> m.Message:
    if command.signature is not None or command.signing_certificate_pem is not None:
        return _signed_update(command)
    if command.install_at is not None:
        raise CommandNotInDialect("An OCPP 1.6 station chooses the time to install unsigned firmware itself.")
    return made(
        m.UpdateFirmwareRequest,
        location=command.url,
        retrieve_date=command.retrieve_at,
        retries=command.retries,
        retry_interval=command.retry_interval_s,
    )


def _signed_update(command: c.UpdateFirmware) -> m.Message:
    firmware = made(
        m.Firmware,
        location=command.url,
        retrieve_date_time=command.retrieve_at,
        install_date_time=command.install_at,
        signing_certificate=command.signing_certificate_pem,
        signature=command.signature,
    )
    return m.SignedUpdateFirmwareRequest(
        request_id=command.request_id,
        firmware=firmware,
        retries=command.retries,
        retry_interval=command.retry_interval_s,
    )


def log(command: c.GetLog) -> m.Message:
    if command.kind == "diagnostics":
        return made(
            m.GetDiagnosticsRequest,
            location=command.url,
            retries=command.retries,
            retry_interval=command.retry_interval_s,
            start_time=command.oldest_at,
            stop_time=command.latest_at,
        )
    if command.kind != "security":
        raise CommandNotInDialect("An OCPP 1.6 station has only its diagnostics and its security log.")
    wanted = made(
        m.LogParameters,
        remote_location=command.url,
        oldest_timestamp=command.oldest_at,
        latest_timestamp=command.latest_at,
    )
    return m.GetLogRequest(
        log=wanted,
        log_type="SecurityLog",
        request_id=command.request_id,
        retries=command.retries,
        retry_interval=command.retry_interval_s,
    )


SAYINGS: Final[Sayings] = {
    c.UpdateFirmware: said(update, "UpdateFirmware", "SignedUpdateFirmware"),
    c.GetLog: said(log, "GetLog", "GetDiagnostics"),
}
