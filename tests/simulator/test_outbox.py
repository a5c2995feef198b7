"""What is kept, what may go."""

from ohmstead.simulator.outbox import MOST_DIRECT, MOST_STORED, CallFailed, Outbox, Outgoing


def call(name: str, **more: object) -> Outgoing:
    return Outgoing(name, {}, **more)  # type: ignore[arg-type]


def test_direct_calls_go_before_stored_ones_and_stored_ones_keep_their_order() -> None:
    box = Outbox()
    box.store(call("first"))
    box.store(call("second"))
    box.say(call("now"))
    assert box.next(booted=True).action == "now"  # type: ignore[union-attr]
    first = box.next(booted=True)
    assert first
    assert first.action == "first"
    assert box.next(booted=True) is first  # until it is answered
    box.answered(first)
    assert box.next(booted=True).action == "second"  # type: ignore[union-attr]


def test_before_the_boot_is_accepted_only_the_boot_leaves() -> None:
    box = Outbox()
    box.store(call("StartTransaction"))
    box.say(call("Heartbeat"))
    assert box.next(booted=False) is None
    box.say(call("BootNotification", before_boot=True))
    assert box.next(booted=False).action == "BootNotification"  # type: ignore[union-attr]


def test_a_full_store_gives_up_samples_never_starts_or_ends() -> None:
    box = Outbox()
    box.store(call("start"))
    for _ in range(MOST_STORED + 50):
        box.store(call("sample", may_drop=True))
    box.store(call("end"))
    assert len(box.stored) == MOST_STORED
    assert (box.stored[0].action, box.stored[-1].action) == ("start", "end")
    assert box.dropped == 52


def test_a_full_direct_queue_fails_the_oldest() -> None:
    failed: list[CallFailed | None] = []
    box = Outbox()
    for _ in range(MOST_DIRECT + 1):
        box.say(call("Heartbeat", done=lambda result, failure: failed.append(failure)))
    assert len(box.direct) == MOST_DIRECT
    assert [failure.code for failure in failed if failure] == ["Offline"]


def test_a_lost_link_fails_what_was_meant_for_now_and_keeps_the_rest() -> None:
    failed: list[CallFailed | None] = []
    box = Outbox()
    box.say(call("Authorize", done=lambda result, failure: failed.append(failure)))
    box.store(call("StopTransaction"))
    box.give_up_direct()
    assert len(failed) == 1
    assert len(box.stored) == 1
