"""What a 1.6 station does when asked, and how it answers."""

from ohmstead.simulator import remote
from ohmstead.simulator.configuring import change
from ohmstead.simulator.dialects.v16_smart import SMART
from ohmstead.simulator.dialects.v16_upkeep import UPKEEP
from ohmstead.simulator.evse import Evse
from ohmstead.simulator.link import CallRefused
from ohmstead.simulator.sessions import Trigger, end
from ohmstead.simulator.settings import BY_KEY, TABLE, Setting
from ohmstead.simulator.stamps import moment_of
from ohmstead.simulator.station import Station
from ohmstead.simulator.voice import Handler, Payload, Verdict
from ohmstead.station.states import StopReason
from ohmstead.station.tokens import PresentedToken, TokenKind, canonical_uid


def evse_at(station: Station, connector_id: int) -> Evse:
    evse = station.evse(connector_id)
    if evse is None:
        raise CallRefused("PropertyConstraintViolation", f"there is no connector {connector_id}")
    return evse


def remote_start(station: Station, payload: Payload) -> Payload:
    number = payload.get("connectorId")
    token = PresentedToken(payload["idTag"], TokenKind.APP)
    evse = station.evse(number) if number else None
    if number and evse is None:
        return {"status": "Rejected"}
    accepted = remote.start(station, token, evse, remote_start_id=0)
    return {"status": "Accepted" if accepted else "Rejected"}


def remote_stop(station: Station, payload: Payload) -> Payload:
    accepted = remote.stop(station, lambda session: session.transaction_id == payload["transactionId"])
    return {"status": "Accepted" if accepted else "Rejected"}


def change_availability(station: Station, payload: Payload) -> Payload:
    number = payload["connectorId"]
    evse = evse_at(station, number) if number else None
    return {"status": remote.change_availability(station, evse, payload["type"] == "Operative")}


def unlock(station: Station, payload: Payload) -> Payload:
    evse = station.evse(payload["connectorId"])
    if evse is None:
        return {"status": "NotSupported"}
    if evse.session:
        station.soon(lambda: end(station, evse, StopReason.UNLOCKED, Trigger.UNLOCKED))
    remote.unlock(station, evse)
    return {"status": "Unlocked"}


def reset(station: Station, payload: Payload) -> Payload:
    hard = payload["type"] == "Hard"
    return {"status": remote.reset(station, hard=hard, reason="RemoteReset")}


def clear_cache(station: Station, payload: Payload) -> Payload:
    if not station.settings.on("cache"):
        return {"status": "Rejected"}
    station.cache.clear()
    return {"status": "Accepted"}


def data_transfer(station: Station, payload: Payload) -> Payload:
    """Costs for the display (California pricing) are shown; other vendors' wishes are unknown here."""
    if payload["vendorId"] == "org.openchargealliance.costmsg":
        station.note(f"display: {payload.get('messageId')} {payload.get('data', '')[:200]}")
        return {"status": "Accepted"}
    return {"status": "UnknownVendorId"}


def get_configuration(station: Station, payload: Payload) -> Payload:
    wanted = payload.get("key") or [setting.key for setting in TABLE if setting.key]
    known = [_entry(station, BY_KEY[key]) for key in wanted if key in BY_KEY]
    unknown = [key for key in wanted if key not in BY_KEY]
    return {"configurationKey": known} | ({"unknownKey": unknown} if unknown else {})


def _entry(station: Station, setting: Setting) -> Payload:
    entry: Payload = {"key": setting.key, "readonly": not setting.writable}
    if setting.readable:
        entry["value"] = station.settings.text(setting.name)[:500]
    return entry


def change_configuration(station: Station, payload: Payload) -> Payload:
    setting = BY_KEY.get(payload["key"])
    if setting is None:
        return {"status": "NotSupported"}
    return {"status": change(station, setting, payload["value"])}


def local_list_version(station: Station, payload: Payload) -> Payload:
    return {"listVersion": station.local_list.version if station.settings.on("local_list") else -1}


def send_local_list(station: Station, payload: Payload) -> Payload:
    entries: dict[str, Verdict | None] = {}
    for entry in payload.get("localAuthorizationList", []):
        info = entry.get("idTagInfo")
        entries[canonical_uid(entry["idTag"])] = info and Verdict(
            info["status"] == "Accepted", info["status"], info.get("parentIdTag"), moment_of(info.get("expiryDate"))
        )
    full = payload["updateType"] == "Full"
    return {"status": remote.update_list(station, payload["listVersion"], entries, full=full)}


def reserve_now(station: Station, payload: Payload) -> Payload:
    until = moment_of(payload["expiryDate"]) or station.pace.now()
    parent = payload.get("parentIdTag")
    number = payload["connectorId"]
    status = remote.reserve(station, number, payload["reservationId"], payload["idTag"], parent, until)
    return {"status": status}


def cancel_reservation(station: Station, payload: Payload) -> Payload:
    found = remote.cancel_reservation(station, payload["reservationId"])
    return {"status": "Accepted" if found else "Rejected"}


HANDLERS: dict[str, Handler] = {
    "RemoteStartTransaction": remote_start,
    "RemoteStopTransaction": remote_stop,
    "ChangeAvailability": change_availability,
    "UnlockConnector": unlock,
    "Reset": reset,
    "ClearCache": clear_cache,
    "DataTransfer": data_transfer,
    "GetConfiguration": get_configuration,
    "ChangeConfiguration": change_configuration,
    "GetLocalListVersion": local_list_version,
    "SendLocalList": send_local_list,
    "ReserveNow": reserve_now,
    "CancelReservation": cancel_reservation,
    **SMART,
    **UPKEEP,
}
