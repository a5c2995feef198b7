"""Whatever stands in the journal can be read on."""

from datetime import UTC, datetime

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from ohmstead.journal.entry import Entry, EntryKind
from ohmstead.journal.interpret import interpret
from ohmstead.kit.ids import uuid7
from ohmstead.station.events import Alive, CommandAnswered, Connected, FrameRejected
from ohmstead.wire.dialect import Dialect

STATION = uuid7()
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)


def entry(kind: EntryKind, frame: bytes | None, reply: bytes | None = None, dialect: Dialect = Dialect.V16) -> Entry:
    return Entry(1, 1, 0, STATION, 1, AT, kind, dialect, 0, None, frame, reply)


def test_each_kind_tells_what_it_should():
    hello = Connected(dialect="ocpp1.6", gateway="g", remote_address="::1", security_profile=0)
    assert interpret(entry(EntryKind.CONNECTED, msgspec.json.encode(hello))).events == (hello,)
    assert interpret(entry(EntryKind.RECEIVED, b'[2,"1","Heartbeat",{}]', b'[3,"1",{}]')).events == (Alive(),)
    assert interpret(entry(EntryKind.SENT, b'[2,"1","Reset",{"type":"Soft"}]')).events == ()
    (told,) = interpret(entry(EntryKind.ANSWERED, None, b'[2,"1","Reset",{"type":"Soft"}]')).events
    assert isinstance(told, CommandAnswered)
    assert (told.message_id, told.action) == ("1", "Reset")
    assert told.error_code is not None
    rejected = interpret(entry(EntryKind.UNREADABLE, b"?", b'[4,"1","NotImplemented","no such thing",{}]'))
    assert rejected.events == (FrameRejected(code="NotImplemented", text="no such thing"),)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(EntryKind),
    st.sampled_from(Dialect),
    st.none() | st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    st.none() | st.binary(max_size=200),
)
def test_any_bytes_in_any_place_are_survived(kind, dialect, frame, reply):
    heard = interpret(entry(kind, frame, reply, dialect))
    assert isinstance(heard.events, tuple)
