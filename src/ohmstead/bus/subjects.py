"""Every subject in one place. `{}` takes one token without dots."""

from typing import Final
from uuid import UUID

# requests to the desk (queue group DESK_GROUP)
DESK_GROUP: Final = "desk"
ADMIT: Final = "ohm.desk.admit"
AUTHORISE: Final = "ohm.desk.authorise"
CERTIFICATE: Final = "ohm.desk.certificate"
GATEWAY_SEEN: Final = "ohm.desk.gateway"  # a gateway's own heartbeat, and its drain
DOOR_REFUSED: Final = "ohm.desk.door"  # turned away by the gateway itself; for the record

# broadcasts
JOURNAL_APPENDED: Final = "ohm.journal.appended"
LINK_TAKEN: Final = "ohm.link.taken"  # a newer connection holds this station
STATION_CHANGED: Final = "ohm.station.changed"  # accepted, refused, new password: gateways refresh or close


def gateway_calls(gateway: str) -> str:
    """Requests to one gateway: send this call to a station you hold."""
    return f"ohm.gateway.{gateway}.call"


def live(organisation_id: UUID, topic: str) -> str:
    """Live updates of one organisation; topics: stations, sessions, health."""
    return f"ohm.live.{organisation_id.hex}.{topic}"
