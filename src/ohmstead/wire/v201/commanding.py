"""OCPP 2.0.1: what we ask of a station, without what only 2.1 has words for."""

from typing import Final

from ohmstead.station import commands as c
from ohmstead.wire.flows import lacking
from ohmstead.wire.saying import Sayings, bound
from ohmstead.wire.v2 import commanding
from ohmstead.wire.v201 import messages

_NOT_OF_PROFILE: Final = lacking(
    profile=(
        "profile_id", "purpose", "schedules", "kind", "stack_level", "repeats", "valid_from", "valid_to",
        "transaction_id",
    ),
    schedule=("steps", "schedule_id", "starts_at", "duration_s", "least_w", "least_a"),
    step=("starts_after_s", "limit_w", "limit_a", "phases", "phase"),
)  # fmt: skip
SAYINGS: Final[Sayings] = bound(
    commanding.SAYINGS,
    messages,
    {
        c.ResetStation: ("resume",),
        c.SetChargingProfile: _NOT_OF_PROFILE,
        c.SetDisplayMessage: ("other_languages",),
        c.SetMonitors: ("monitors.stream",),
        c.SetNetworkProfile: ("identity",),
        c.StartSession: _NOT_OF_PROFILE,
        c.TriggerMessage: ("custom",),
    },
    {c.DeliverCertificate: ("request_id",)},
)
