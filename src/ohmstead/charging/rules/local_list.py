"""What to send a station so that its list of tokens becomes the wanted one, in messages it can take."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

import msgspec

from ohmstead.station.commands import ListedToken, SendTokenList
from ohmstead.station.tokens import PresentedToken, TokenKind, TokenVerdict

VERSION_MAX: Final = 2**31 - 1


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """One token as it stands in a list; stored beside the station to know the difference later."""

    uid: str  # the spelling the station uses
    kind: str
    parent_uid: str = ""
    expires_at: datetime | None = None


type Entries = Mapping[str, Entry]  # by canonical uid


def messages(wanted: Entries, known: Entries | None, version: int, at_once: int) -> list[SendTokenList]:
    """`known` is what the station has under `version`; None when that is not known, so everything is sent anew.

    Each message has a version of its own, as OCPP wants it for changes; none when nothing is to change.
    """
    if known is None:
        return _numbered([_listed(wanted[uid]) for uid in sorted(wanted)], version, at_once, replace=True)
    changes = [_listed(wanted[uid]) for uid in sorted(wanted) if known.get(uid) != wanted[uid]]
    changes += [_removed(known[uid]) for uid in sorted(known) if uid not in wanted or _respelt(known, wanted, uid)]
    if len(changes) > len(wanted):  # cheaper from scratch, and sure
        return messages(wanted, None, version, at_once)
    return _numbered(changes, version, at_once, replace=False) if changes else []


def _respelt(known: Entries, wanted: Entries, uid: str) -> bool:
    return known[uid].uid.upper() != wanted[uid].uid.upper()


def _numbered(tokens: list[ListedToken], version: int, at_once: int, *, replace: bool) -> list[SendTokenList]:
    """The first of a whole list replaces, the others add to it. An empty list is one message."""
    parts = [tokens[first : first + at_once] for first in range(0, len(tokens), at_once)] or [[]]
    first_version = 1 if version + len(parts) > VERSION_MAX else version + 1
    return [
        SendTokenList(version=first_version + number, replace=replace and number == 0, tokens=tuple(part))
        for number, part in enumerate(parts)
    ]


def _listed(entry: Entry) -> ListedToken:
    token = PresentedToken(entry.uid, TokenKind(entry.kind), entry.parent_uid or None)
    return ListedToken(token=token, verdict=TokenVerdict.ACCEPTED, expires_at=entry.expires_at)


def _removed(entry: Entry) -> ListedToken:
    return ListedToken(token=PresentedToken(entry.uid, TokenKind(entry.kind)))
