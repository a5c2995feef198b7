"""Firmware, logs, certificates and triggers in the words of 1.6 and its security extension."""

from collections.abc import Callable

from ohmstead.simulator import certificates, upkeep
from ohmstead.simulator.sessions import Trigger, sample_all
from ohmstead.simulator.stamps import moment_of
from ohmstead.simulator.station import Station
from ohmstead.simulator.voice import Handler, Payload


def update_firmware(station: Station, payload: Payload) -> Payload:
    station.spawn(upkeep.update_firmware(station, payload["location"], None, wait_s=_until(station, payload)))
    return {}


def signed_update_firmware(station: Station, payload: Payload) -> Payload:
    firmware = payload["firmware"]
    work = upkeep.update_firmware(
        station, firmware["location"], payload["requestId"], wait_s=_until(station, firmware), signed=True
    )
    station.spawn(work)
    return {"status": "Accepted"}


def _until(station: Station, payload: Payload) -> float:
    at = moment_of(payload.get("retrieveDate") or payload.get("retrieveDateTime"))
    return max(0.0, (at - station.pace.now()).total_seconds()) if at else 0.0


def get_diagnostics(station: Station, payload: Payload) -> Payload:
    name = f"diagnostics-{station.identity}.log"
    station.spawn(upkeep.upload_log(station, payload["location"], name, None))
    return {"fileName": name}


def get_log(station: Station, payload: Payload) -> Payload:
    name = f"{payload['logType'].lower()}-{station.identity}.log"
    station.spawn(upkeep.upload_log(station, payload["log"]["remoteLocation"], name, payload["requestId"]))
    return {"status": "Accepted", "filename": name}


def trigger_message(station: Station, payload: Payload) -> Payload:
    wanted = payload["requestedMessage"]
    number = payload.get("connectorId")
    if number is not None and number > len(station.evses):
        return {"status": "Rejected"}
    chosen = [evse for evse in station.evses if number in (None, 0, evse.number)]
    voice = station.voice
    actions: dict[str, Callable[[], object]] = {
        "BootNotification": station.boot_again,
        "Heartbeat": lambda: station.say(voice.heartbeat()),
        "StatusNotification": lambda: station.tell_some(chosen),
        "MeterValues": lambda: sample_all(station, chosen, Trigger.ASKED),
        "FirmwareStatusNotification": lambda: station.say(voice.firmware_status("Idle", None)),
        "DiagnosticsStatusNotification": lambda: station.say(voice.log_status("Idle", None)),
        "LogStatusNotification": lambda: station.say(voice.log_status("Idle", 0)),
        "SignChargePointCertificate": lambda: station.spawn(certificates.renew(station)),
    }
    if wanted not in actions:
        return {"status": "NotImplemented"}
    station.soon(actions[wanted])
    return {"status": "Accepted"}


def install_certificate(station: Station, payload: Payload) -> Payload:
    return {"status": certificates.install(station, payload["certificateType"], payload["certificate"])}


def certificate_ids(station: Station, payload: Payload) -> Payload:
    found = certificates.installed(station, [payload["certificateType"]])
    if not found:
        return {"status": "NotFound"}
    return {"status": "Accepted", "certificateHashData": [data for _, data in found]}


def delete_certificate(station: Station, payload: Payload) -> Payload:
    return {"status": certificates.delete(station, payload["certificateHashData"])}


def certificate_signed(station: Station, payload: Payload) -> Payload:
    return {"status": certificates.signed(station, payload["certificateChain"])}


UPKEEP: dict[str, Handler] = {
    "UpdateFirmware": update_firmware,
    "SignedUpdateFirmware": signed_update_firmware,
    "GetDiagnostics": get_diagnostics,
    "GetLog": get_log,
    "TriggerMessage": trigger_message,
    "ExtendedTriggerMessage": trigger_message,
    "InstallCertificate": install_certificate,
    "GetInstalledCertificateIds": certificate_ids,
    "DeleteCertificate": delete_certificate,
    "CertificateSigned": certificate_signed,
}
