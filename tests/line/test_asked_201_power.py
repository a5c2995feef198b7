"""OCPP 2.0.1: sequences that an operator begins, about power, costs and displays."""

import secrets
from decimal import Decimal

import pytest

from ohmstead.station import commands as c
from ohmstead.station.tokens import PresentedToken, TokenKind
from tests.line.asked import ACCEPTED, REQUEST_ID, SOON, SOON_AS_SENT, Step, follow
from tests.line.post import Post
from tests.line.scripted import moment

TOKEN = PresentedToken(uid="04E1A1", kind=TokenKind.RFID)


def rejected(word):
    return {"state": "rejected", "reason": word}


def profile(purpose, *, limit_a="8", number=7, **more):
    steps = (c.ScheduleStep(starts_after_s=0, limit_a=limit_a),)
    schedules = (c.ChargingSchedule(steps=steps, duration_s=300, schedule_id=1),)
    return c.ChargingProfile(profile_id=number, purpose=purpose, schedules=schedules, stack_level=1, **more)


def set_profile(purpose, word, *, evse=1, answer=ACCEPTED, limit_a="8", kind="absolute", outcome=None, **more):
    asked = profile(purpose, limit_a=limit_a, kind=kind, **more)
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": float(limit_a)}]}
    sent = {
        "evseId": evse or 0,
        "chargingProfile": {
            "id": 7,
            "stackLevel": 1,
            "chargingProfilePurpose": word,
            "chargingProfileKind": kind.capitalize(),
            "chargingSchedule": [schedule],
            "transactionId": more.get("transaction_id"),
        },
    }
    return Step(c.SetChargingProfile(profile=asked, evse=evse), "SetChargingProfile", sent, answer, **(outcome or {}))


EIGHT_AMPERES = {"startPeriod": 0, "limit": 8}
PROFILE_SAID = {
    "id": 7,
    "stackLevel": 1,
    "chargingProfilePurpose": "TxDefaultProfile",
    "chargingProfileKind": "Absolute",
    "chargingSchedule": [
        {"id": 1, "chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 8}]}
    ],
}
PROFILES = {"requestId": REQUEST_ID, "chargingLimitSource": "CSO", "evseId": 1, "chargingProfile": [PROFILE_SAID]}


def get_profiles(sent, **asked):
    then = (
        ("ReportChargingProfiles", {**PROFILES, "tbc": True}),
        ("ReportChargingProfiles", PROFILES),
    )
    return Step(
        c.GetChargingProfiles(**asked), "GetChargingProfiles", sent, ACCEPTED, then=then, work="done", reports=2
    )


def clear(sent, answer="Accepted", **asked):
    more = {} if answer == "Accepted" else rejected(answer)
    return Step(c.ClearChargingProfiles(**asked), "ClearChargingProfile", sent, {"status": answer}, **more)


def composite(evse):
    schedule = {"evseId": evse, "duration": 300, "scheduleStart": moment(), "chargingRateUnit": "A",
                "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 8}]}  # fmt: skip
    return Step(
        c.GetCompositeSchedule(duration_s=300, evse=evse or None, unit="A"),
        "GetCompositeSchedule",
        {"evseId": evse, "duration": 300, "chargingRateUnit": "A"},
        {"status": "Accepted", "schedule": schedule},
    )


START_WITH_PROFILE = Step(
    c.StartSession(token=TOKEN, remote_start_id=11, evse=1, profile=profile("session")),
    "RequestStartTransaction",
    {"remoteStartId": 11, "evseId": 1, "chargingProfile": {"chargingProfilePurpose": "TxProfile"}},
    ACCEPTED,
)
CRITERIA = {"chargingProfileId": None}

# displays and costs


def show(answer="Accepted", *, sent=None, **asked):
    more = {} if answer == "Accepted" else rejected(answer)
    ask = c.SetDisplayMessage(message_id=3, text=c.DisplayText(content="Hello"), **asked)
    message = {"id": 3, "priority": "NormalCycle", "message": {"content": "Hello"}, **(sent or {})}
    return Step(ask, "SetDisplayMessage", {"message": message}, {"status": answer}, **more)


SHOWN = {"id": 3, "priority": "NormalCycle", "message": {"format": "UTF8", "content": "Hello"}}


def shown(sent, answer="Accepted", **asked):
    later = {"reason": answer}
    if answer == "Accepted":
        said = {"requestId": REQUEST_ID, "messageInfo": [SHOWN]}
        later = {"then": (("NotifyDisplayMessages", said),), "work": "done", "reports": 1}
    return Step(c.GetDisplayMessages(**asked), "GetDisplayMessages", sent, {"status": answer}, **later)


def hide(answer="Accepted"):
    more = {} if answer == "Accepted" else rejected(answer)
    return Step(c.ClearDisplayMessage(message_id=3), "ClearDisplayMessage", {"id": 3}, {"status": answer}, **more)


COST = Step(
    c.ShowCost(transaction_id="t-1", total_cost=Decimal("4.5")),
    "CostUpdated",
    {"transactionId": "t-1", "totalCost": 4.5},
    {},
)

SEQUENCES = {
    "TC_I_01": (COST,),
    "TC_K_01": (set_profile("session_default", "TxDefaultProfile"),),
    "TC_K_02": (
        set_profile("session", "TxProfile", transaction_id="t-1", answer={"status": "Rejected"},
                    outcome=rejected("Rejected")),
    ),
    "TC_K_03": (set_profile("station_max", "ChargingStationMaxProfile", evse=None),),
    "TC_K_04": tuple(set_profile("session_default", "TxDefaultProfile", limit_a=each) for each in ("8", "6")),
    "TC_K_05": (
        get_profiles({"evseId": 1}, evse=1),
        clear({"chargingProfileId": 7, "chargingProfileCriteria": None}, profile_id=7),
    ),
    "TC_K_06": (
        clear({**CRITERIA, "chargingProfileCriteria": {"evseId": 1, "stackLevel": 1,
               "chargingProfilePurpose": "TxDefaultProfile"}}, evse=1, stack_level=1, purpose="session_default"),
    ),
    "TC_K_08": (clear({"chargingProfileId": 7}, "Unknown", profile_id=7),),
    "TC_K_10": (set_profile("session_default", "TxDefaultProfile", evse=None),),
    "TC_K_15": (
        set_profile("session_default", "TxDefaultProfile", answer="NotSupported", outcome={"state": "failed"}),
    ),
    "TC_K_19": (set_profile("session_default", "TxDefaultProfile", kind="recurring", repeats="daily"),),
    "TC_K_29": (
        get_profiles({"evseId": 0, "chargingProfile": {"chargingProfilePurpose": "TxDefaultProfile"}}, evse=0,
                     purpose="session_default"),
    ),
    "TC_K_30": (
        get_profiles({"evseId": 1, "chargingProfile": {"chargingProfilePurpose": "TxDefaultProfile",
                      "stackLevel": None}}, evse=1, purpose="session_default"),
    ),
    "TC_K_31": (get_profiles({"evseId": None}, purpose="session_default"),),
    "TC_K_32": (
        get_profiles({"evseId": None, "chargingProfile": {"chargingProfileId": [7], "stackLevel": None}},
                     profile_ids=(7,)),
    ),
    "TC_K_33": (get_profiles({"evseId": 1, "chargingProfile": {"stackLevel": 1}}, evse=1, stack_level=1),),
    "TC_K_34": (get_profiles({"chargingProfile": {"chargingLimitSource": ["CSO"]}}, evse=1, sources=("CSO",)),),
    "TC_K_35": (
        get_profiles({"chargingProfile": {"chargingProfilePurpose": "TxProfile"}}, evse=1, purpose="session"),
    ),
    "TC_K_36": (
        get_profiles({"chargingProfile": {"chargingProfilePurpose": "TxProfile", "stackLevel": 1}}, evse=1,
                     purpose="session", stack_level=1),
    ),
    "TC_K_37": (START_WITH_PROFILE,),
    "TC_K_43": (composite(1),),
    "TC_K_44": (composite(0),),
    "TC_K_60": (set_profile("session", "TxProfile", transaction_id="t-1"),),
    "TC_O_01": (show(),),
    "TC_O_02": (show(), shown({"id": None, "priority": None, "state": None})),
    "TC_O_03": (shown({"id": None}, "Unknown"),),
    "TC_O_04": (show(), hide()),
    "TC_O_05": (hide("Unknown"),),
    "TC_O_06": (show(transaction_id="t-1", sent={"transactionId": "t-1"}),),
    "TC_O_07": (shown({"id": [3]}, message_ids=(3,)),),
    "TC_O_08": (shown({"priority": "NormalCycle"}, priority="normal_cycle"),),
    "TC_O_09": (shown({"state": "Idle"}, state="idle"),),
    "TC_O_10": (show("UnknownTransaction", transaction_id="t-1"),),
    "TC_O_11": (show(), shown({"id": [9]}, "Unknown", message_ids=(9,))),
    "TC_O_12": (show(), show()),
    "TC_O_13": (show(starts_at=SOON, sent={"startDateTime": SOON_AS_SENT}),),
    "TC_O_14": (show(ends_at=SOON, sent={"endDateTime": SOON_AS_SENT}),),
    "TC_O_17": (show("NotSupportedPriority"),),
    "TC_O_18": (show("NotSupportedState", state="charging"),),
    "TC_O_19": (show("NotSupportedMessageFormat"),),
    "TC_O_25": (show(state="charging", sent={"state": "Charging"}),),
    "TC_O_26": (show("Rejected"),),
    "TC_O_27": (show(transaction_id="t-1", starts_at=SOON, sent={"startDateTime": SOON_AS_SENT, "state": None}),),
    "TC_O_28": (show(transaction_id="t-1", ends_at=SOON, sent={"endDateTime": SOON_AS_SENT, "state": None}),),
    "TC_K_70": (
        set_profile("station_max", "ChargingStationMaxProfile", evse=None),
        set_profile("session_default", "TxDefaultProfile"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SEQUENCES)
async def test_sequence(network, program, name):
    identity = f"OHM-{secrets.token_hex(4)}"
    async with Post(network.station(identity)) as station:
        await follow(program, station, identity, SEQUENCES[name])
