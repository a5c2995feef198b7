"""Many who look at once cost one rendering."""

import threading
from concurrent.futures import ThreadPoolExecutor

from ohmstead.web.live.shared import Shared


def test_ten_who_ask_at_once_get_one_rendering():
    made, ready = [], threading.Barrier(10)
    shared = Shared(fresh_s=60)

    def make():
        made.append(1)
        return "page"

    def ask(_):
        ready.wait(10)
        return shared.get("key", make)

    with ThreadPoolExecutor(10) as pool:
        assert set(pool.map(ask, range(10))) == {"page"}
    assert len(made) == 1


def test_what_is_old_is_made_anew_and_keys_do_not_mix():
    shared, made = Shared(fresh_s=-1), iter("abc")
    assert [shared.get("one", lambda: next(made)), shared.get("one", lambda: next(made))] == ["a", "b"]
    fresh = Shared(fresh_s=60)
    assert (fresh.get("one", lambda: "1"), fresh.get("two", lambda: "2"), fresh.get("one", lambda: "3")) == (
        "1",
        "2",
        "1",
    )


def test_who_heard_the_same_at_the_same_beat_shares_and_who_heard_later_does_not():
    from ohmstead.web.live.shared import of_one_turn

    shared, made = Shared(fresh_s=60), iter("abcdef")

    def text(turn, *key):
        return of_one_turn(shared, turn, key, lambda: next(made))

    assert [text(1, "rows"), text(1, "rows"), text(2, "rows"), text(2, "chips")] == ["a", "a", "b", "c"]
    assert [text(0, "rows"), text(0, "rows")] == ["d", "e"], "nothing is shared without a beat"
