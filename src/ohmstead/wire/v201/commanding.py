"""OCPP 2.0.1: what we ask of a station, without what only 2.1 has words for."""

from typing import Final

from ohmstead.station import commands as c
from ohmstead.wire.saying import Sayings, bound
from ohmstead.wire.v2 import commanding
from ohmstead.wire.v201 import messages

SAYINGS: Final[Sayings] = bound(
    commanding.SAYINGS,
    messages,
    {
        c.ResetStation: ("resume",),
        c.SetDisplayMessage: ("other_languages",),
        c.SetNetworkProfile: ("identity",),
        c.TriggerMessage: ("custom",),
    },
    {c.DeliverCertificate: ("request_id",)},
)
