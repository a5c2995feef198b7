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
