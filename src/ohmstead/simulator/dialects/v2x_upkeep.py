"""Firmware, logs, certificates and triggers in the words of 2.0.1 and 2.1."""

from collections.abc import Callable

from ohmstead.simulator import certificates, upkeep
from ohmstead.simulator.evse import Trigger
from ohmstead.simulator.sessions import sample_all, tell_running
from ohmstead.simulator.stamps import moment_of
from ohmstead.simulator.station import Station
from ohmstead.simulator.voice import Handler, Payload


def update_firmware(station: Station, payload: Payload) -> Payload:
    firmware = payload["firmware"]
    at = moment_of(firmware["retrieveDateTime"])
    wait_s = max(0.0, (at - station.pace.now()).total_seconds()) if at else 0.0
    work = upkeep.update_firmware(
        station, firmware["location"], payload["requestId"], wait_s=wait_s, signed="signature" in firmware
    )
    station.spawn(work)
    return {"status": "Accepted"}


def get_log(station: Station, payload: Payload) -> Payload:
    name = f"{payload['logType'].lower()}-{station.identity}.log"
    station.spawn(upkeep.upload_log(station, payload["log"]["remoteLocation"], name, payload["requestId"]))
    return {"status": "Accepted", "filename": name}


def trigger_message(station: Station, payload: Payload) -> Payload:
    wanted = payload["requestedMessage"]
    number = (payload.get("evse") or {}).get("id")
    if number is not None and station.evse(number) is None:
        return {"status": "Rejected"}
    chosen = [evse for evse in station.evses if number in (None, evse.number)]
    voice = station.voice
    actions: dict[str, Callable[[], object]] = {
        "BootNotification": station.boot_again,
        "Heartbeat": lambda: station.say(voice.heartbeat()),
        "StatusNotification": lambda: station.tell_some(chosen),
        "MeterValues": lambda: sample_all(station, chosen, Trigger.ASKED),
        "TransactionEvent": lambda: tell_running(station, chosen),
        "FirmwareStatusNotification": lambda: station.say(voice.firmware_status("Idle", None)),
        "LogStatusNotification": lambda: station.say(voice.log_status("Idle", None)),
        "SignChargingStationCertificate": lambda: station.spawn(certificates.renew(station)),
    }
    if wanted not in actions:
        return {"status": "NotImplemented"}
    if wanted == "BootNotification" and station.booted:
        return {"status": "Rejected"}  # F06.FR.17: an accepted station does not boot again
    station.soon(actions[wanted])
    return {"status": "Accepted"}


def install_certificate(station: Station, payload: Payload) -> Payload:
    return {"status": certificates.install(station, payload["certificateType"], payload["certificate"])}


def certificate_ids(station: Station, payload: Payload) -> Payload:
    found = certificates.installed(station, payload.get("certificateType", []))
    if not found:
        return {"status": "NotFound"}
    chain = [{"certificateType": kind, "certificateHashData": data} for kind, data in found]
    return {"status": "Accepted", "certificateHashDataChain": chain}


def delete_certificate(station: Station, payload: Payload) -> Payload:
    return {"status": certificates.delete(station, payload["certificateHashData"])}


def certificate_signed(station: Station, payload: Payload) -> Payload:
    return {"status": certificates.signed(station, payload["certificateChain"])}


UPKEEP: dict[str, Handler] = {
    "UpdateFirmware": update_firmware,
    "GetLog": get_log,
    "TriggerMessage": trigger_message,
    "InstallCertificate": install_certificate,
    "GetInstalledCertificateIds": certificate_ids,
    "DeleteCertificate": delete_certificate,
    "CertificateSigned": certificate_signed,
}
