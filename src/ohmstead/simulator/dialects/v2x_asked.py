"""What a 2.0.1 or 2.1 station does when asked, and how it answers."""

from ohmstead.simulator import remote, smart
from ohmstead.simulator.dialects.v2x_device import DEVICE
from ohmstead.simulator.dialects.v2x_smart import SMART, profile_of
from ohmstead.simulator.dialects.v2x_upkeep import UPKEEP
from ohmstead.simulator.evse import Session
from ohmstead.simulator.stamps import moment_of
from ohmstead.simulator.station import Station
from ohmstead.simulator.voice import Handler, Payload, Verdict
from ohmstead.station.tokens import PresentedToken, TokenKind, canonical_uid

TOKEN_KIND = {
    "Central": TokenKind.APP,
    "eMAID": TokenKind.EMAID,
    "KeyCode": TokenKind.KEYCODE,
    "Local": TokenKind.LOCAL,
    "MacAddress": TokenKind.MAC_ADDRESS,
    "NoAuthorization": TokenKind.NO_AUTHORIZATION,
    "DirectPayment": TokenKind.DIRECT_PAYMENT,
    "VIN": TokenKind.VIN,
}


def request_start(station: Station, payload: Payload) -> Payload:
    said = payload["idToken"]
    token = PresentedToken(said["idToken"], TOKEN_KIND.get(said["type"], TokenKind.RFID))
    number = payload.get("evseId")
    evse = station.evse(number) if number else None
    if number and evse is None:
        return {"status": "Rejected"}
    accepted = remote.start(station, token, evse, payload["remoteStartId"])
    if not accepted:
        return {"status": "Rejected"}
    if "chargingProfile" in payload and number:
        _hold_profile(station, number, payload["chargingProfile"])
    return {"status": "Accepted"} | ({"transactionId": accepted.key} if isinstance(accepted, Session) else {})


def _hold_profile(station: Station, number: int, said: Payload) -> None:
    """The profile that came with a start belongs to the transaction that follows it (F01.FR.08)."""
    profile = profile_of(number, said)
    station.profiles = [held for held in station.profiles if held.profile_id != profile.profile_id] + [profile]
    station.soon(lambda: smart.apply(station))


def request_stop(station: Station, payload: Payload) -> Payload:
    accepted = remote.stop(station, lambda session: session.key == payload["transactionId"])
    return {"status": "Accepted" if accepted else "Rejected"}


def transaction_status(station: Station, payload: Payload) -> Payload:
    wanted = payload.get("transactionId")
    waiting = any(
        call.action == "TransactionEvent" and wanted in (None, call.payload["transactionInfo"]["transactionId"])
        for call in station.outbox.stored
    )
    if wanted is None:
        return {"messagesInQueue": waiting}
    running = any(evse.session and evse.session.key == wanted for evse in station.evses)
    return {"ongoingIndicator": running, "messagesInQueue": waiting}


def change_availability(station: Station, payload: Payload) -> Payload:
    where = payload.get("evse")
    evse = station.evse(where["id"]) if where else None
    if where and evse is None:
        return {"status": "Rejected"}
    return {"status": remote.change_availability(station, evse, payload["operationalStatus"] == "Operative")}


def unlock(station: Station, payload: Payload) -> Payload:
    evse = station.evse(payload["evseId"])
    if evse is None or payload["connectorId"] != 1:
        return {"status": "UnknownConnector"}
    if evse.session and evse.session.authorised:
        return {"status": "OngoingAuthorizedTransaction"}
    remote.unlock(station, evse)
    return {"status": "Unlocked"}


def reset(station: Station, payload: Payload) -> Payload:
    if "evseId" in payload:
        return {"status": "Rejected", "statusInfo": {"reasonCode": "UnsupportedParam"}}
    immediate = payload["type"] != "OnIdle"
    reason = "RemoteReset" if immediate else "ScheduledReset"
    return {"status": remote.reset(station, hard=immediate, when_idle=not immediate, reason=reason)}


def clear_cache(station: Station, payload: Payload) -> Payload:
    if not station.settings.on("cache"):
        return {"status": "Rejected"}
    station.cache.clear()
    return {"status": "Accepted"}


def data_transfer(station: Station, payload: Payload) -> Payload:
    return {"status": "UnknownVendorId"}


def cost_updated(station: Station, payload: Payload) -> Payload:
    station.note(f"display: cost {payload['totalCost']} of {payload['transactionId']}")
    return {}


def local_list_version(station: Station, payload: Payload) -> Payload:
    return {"versionNumber": station.local_list.version if station.settings.on("local_list") else 0}


def send_local_list(station: Station, payload: Payload) -> Payload:
    entries: dict[str, Verdict | None] = {}
    for entry in payload.get("localAuthorizationList", []):
        info = entry.get("idTokenInfo")
        entries[canonical_uid(entry["idToken"]["idToken"])] = info and _verdict(info)
    full = payload["updateType"] == "Full"
    return {"status": remote.update_list(station, payload["versionNumber"], entries, full=full)}


def _verdict(info: Payload) -> Verdict:
    group = (info.get("groupIdToken") or {}).get("idToken")
    return Verdict(info["status"] == "Accepted", info["status"], group, moment_of(info.get("cacheExpiryDateTime")))


def reserve_now(station: Station, payload: Payload) -> Payload:
    until = moment_of(payload["expiryDateTime"]) or station.pace.now()
    group = (payload.get("groupIdToken") or {}).get("idToken")
    token_uid = payload["idToken"]["idToken"]
    return {"status": remote.reserve(station, payload.get("evseId", 0), payload["id"], token_uid, group, until)}


def cancel_reservation(station: Station, payload: Payload) -> Payload:
    found = remote.cancel_reservation(station, payload["reservationId"])
    return {"status": "Accepted" if found else "Rejected"}


def set_display_message(station: Station, payload: Payload) -> Payload:
    message = payload["message"]
    station.messages[message["id"]] = message
    return {"status": "Accepted"}


def clear_display_message(station: Station, payload: Payload) -> Payload:
    return {"status": "Accepted" if station.messages.pop(payload["id"], None) else "Unknown"}


def display_messages(station: Station, payload: Payload) -> Payload:
    wanted = payload.get("id")
    found = [m for number, m in station.messages.items() if not wanted or number in wanted]
    if not found:
        return {"status": "Unknown"}
    answer = {"requestId": payload["requestId"], "messageInfo": found}
    station.soon(lambda: station.say_payload("NotifyDisplayMessages", answer))
    return {"status": "Accepted"}


def customer_information(station: Station, payload: Payload) -> Payload:
    uid = (payload.get("idToken") or {}).get("idToken")
    held = canonical_uid(uid) in station.cache if uid else False
    if payload["clear"] and uid:
        station.cache.pop(canonical_uid(uid), None)
    said = {
        "data": f"cached: {'yes' if held else 'no'}" if payload["report"] else "",
        "seqNo": 0,
        "generatedAt": station.stamp(),
        "requestId": payload["requestId"],
    }
    station.soon(lambda: station.say_payload("NotifyCustomerInformation", said))
    return {"status": "Accepted"}


def nothing(station: Station, payload: Payload) -> Payload:
    return {}


def no_tariffs(station: Station, payload: Payload) -> Payload:
    return {"status": "NoTariff"}


HANDLERS: dict[str, Handler] = {
    "RequestStartTransaction": request_start,
    "RequestStopTransaction": request_stop,
    "GetTransactionStatus": transaction_status,
    "ChangeAvailability": change_availability,
    "UnlockConnector": unlock,
    "Reset": reset,
    "ClearCache": clear_cache,
    "DataTransfer": data_transfer,
    "CostUpdated": cost_updated,
    "GetLocalListVersion": local_list_version,
    "SendLocalList": send_local_list,
    "ReserveNow": reserve_now,
    "CancelReservation": cancel_reservation,
    "SetDisplayMessage": set_display_message,
    "ClearDisplayMessage": clear_display_message,
    "GetDisplayMessages": display_messages,
    "CustomerInformation": customer_information,
    **DEVICE,
    **SMART,
    **UPKEEP,
}
HANDLERS_21: dict[str, Handler] = {
    "GetTariffs": no_tariffs,
    "NotifyWebPaymentStarted": nothing,
}
