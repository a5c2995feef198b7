"""The bench measures what it says: frame sizes, answers counted, bounds read the right way round."""

import base64
from itertools import islice

import pytest

from bench import frames
from bench.cores import start_pinned
from bench.drive import closed_loop, open_loop
from bench.figures import Figure, table
from bench.lines import server_frame
from bench.stations import echoing


def unmasked(frame: bytes) -> bytes:
    size, at = (frame[1] & 0x7F, 2) if frame[1] & 0x7F < 126 else (int.from_bytes(frame[2:4]), 4)
    mask, body = frame[at : at + 4], frame[at + 4 :]
    assert len(body) == size
    return bytes(byte ^ mask[index % 4] for index, byte in enumerate(body))


@pytest.mark.parametrize("transaction", [1, 2**31 - 1])
def test_meter_values_are_319_bytes_and_all_different(transaction: int) -> None:
    payloads = [unmasked(frame) for frame in islice(frames.meter_values("B00001", transaction), 50)]
    assert {len(payload) for payload in payloads} == {frames.METER_VALUES_BYTES}
    assert len(set(payloads)) == 50


def test_short_and_long_server_frames_are_read_and_half_ones_wait() -> None:
    assert server_frame(b"\x81\x02hi") == (1, b"hi", 4)
    long = b"\x81\x7e" + (300).to_bytes(2) + bytes(300)
    assert server_frame(long + b"rest") == (1, bytes(300), 304)
    assert server_frame(long[:-1]) is None


def test_every_answer_of_the_echo_is_counted_in_closed_and_open_loop() -> None:
    echo = start_pinned(["-m", "bench.servers.echo"], 0)
    try:
        with echoing(echo.port, range(5), 0) as lines:
            closed = closed_loop(lines, 0.05, 0.2)
            assert closed.answers == len(closed.latencies_ns) > 50
            opened = open_loop(lines, 500, 0.0, 0.2)
            assert opened.answers == 100
            assert opened.percentile_ms(50) < 1000
    finally:
        echo.stop()


def test_a_table_says_what_was_missed() -> None:
    rows = table([Figure("a", "rate", 0.4, "x", 0.5), Figure("b", "wait", 3.0, "ms", 5.0, at_most=True)]).splitlines()
    assert "MISSED" in rows[2]
    assert "reached" in rows[3]


def test_the_upgrade_request_carries_the_password_as_basic_auth() -> None:
    from bench.lines import upgrade_request

    head = upgrade_request("B00001", 9, "ocpp1.6", "secret").decode()
    assert base64.b64encode(b"B00001:secret").decode() in head
    assert head.endswith("\r\n\r\n")
