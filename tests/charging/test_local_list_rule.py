"""What goes out so that a station's list becomes the wanted one."""

import pytest

from ohmstead.charging.rules.local_list import VERSION_MAX, Entry, messages
from ohmstead.station.tokens import TokenVerdict


def entries(*uids, **fields):
    return {uid.upper(): Entry(uid, "rfid", **fields) for uid in uids}


def sent(found):
    """(version, replaces, {uid: kept}) of each message."""
    return [
        (each.version, each.replace, {listed.token.uid: listed.verdict is not None for listed in each.tokens})
        for each in found
    ]


@pytest.mark.parametrize(
    ("wanted", "known", "messages_sent"),
    [
        pytest.param("AB", None, [(8, True, {"A": True, "B": True})], id="nobody knows what it has"),
        pytest.param("", None, [(8, True, {})], id="an empty list clears"),
        pytest.param("AB", "AB", [], id="in step"),
        pytest.param("ABC", "AB", [(8, False, {"C": True})], id="one more"),
        pytest.param("AB", "ABC", [(8, False, {"C": False})], id="one less"),
        pytest.param("ABX", "ABY", [(8, False, {"X": True, "Y": False})], id="one for another"),
        pytest.param("A", "BCDE", [(8, True, {"A": True})], id="from scratch when that is shorter"),
        pytest.param("", "AB", [(8, True, {})], id="nobody any more"),
        pytest.param(
            "ABCDE",
            None,
            [(8, True, {"A": True, "B": True, "C": True}), (9, False, {"D": True, "E": True})],
            id="as many as fit in a message",
        ),
    ],
)
def test_messages(wanted, known, messages_sent):
    found = messages(entries(*wanted), None if known is None else entries(*known), 7, at_once=3)
    assert sent(found) == messages_sent


def test_a_changed_entry_is_sent_again():
    found = messages(entries("A", "B", parent_uid="G"), entries("A", parent_uid="G") | entries("B"), 1, 10)
    assert sent(found) == [(2, False, {"B": True})]
    assert found[0].tokens[0].token.group_uid == "G"


def test_another_spelling_replaces_the_old_one():
    found = messages({"04A2": Entry("04:A2", "rfid"), **entries("B")}, entries("04A2", "B"), 1, 10)
    assert [(listed.token.uid, listed.verdict) for listed in found[0].tokens] == [
        ("04:A2", TokenVerdict.ACCEPTED),
        ("04A2", None),
    ]


def test_versions_begin_anew_before_they_overflow():
    assert messages(entries("A"), None, VERSION_MAX, 10)[0].version == 1
