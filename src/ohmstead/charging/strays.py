"""Stops that named no transaction, as rows."""

from typing import Final
from uuid import UUID

from ohmstead.charging.rules.facts import exact, place
from ohmstead.charging.staging import Staged, moment, plain, text
from ohmstead.kit.ids import derived_id
from ohmstead.station.events import TransactionEnded
from ohmstead.station.tokens import canonical_uid

_COLUMNS: Final = ("id", "station_id", "evse", "at", "token_uid", "register_wh", "reason")
_STAGED: Final = Staged("charging_straystop", _COLUMNS, ("id",), "DO NOTHING")


class StrayRows:
    """The stray stops of one batch; the id is derived from what was said, so a repeated one is the same row."""

    def __init__(self) -> None:
        self._lines: dict[UUID, str] = {}

    def add(self, station_id: UUID, event: TransactionEnded) -> None:
        uid = canonical_uid(event.token.uid) if event.token is not None else ""
        register_wh = exact(event.register_wh)
        stray_id = derived_id("stray stop", station_id, event.evse, event.at, uid, register_wh, event.reason.value)
        self._lines[stray_id] = "\t".join(
            (
                str(stray_id),
                str(station_id),
                plain(place(event.evse)),
                moment(event.at),
                text(uid),
                plain(register_wh),
                event.reason.value,
            )
        )

    def write(self) -> None:
        if self._lines:
            _STAGED.write(self._lines.values())
