import os
import socket

import pytest

from ohmstead.run.data_folder import CannotStart
from ohmstead.run.ports import free_port, holder_of, require_free


@pytest.fixture
def taken():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def test_a_port_in_use_gets_one_sentence_with_the_process(taken):
    with pytest.raises(CannotStart) as told:
        require_free("127.0.0.1", taken, "--ocpp-port")
    assert str(told.value).startswith(f"Port {taken} is in use")
    assert "--ocpp-port" in str(told.value)
    if holder_of(taken):  # macOS shows it to root only
        assert f"(process {os.getpid()})" in str(told.value)


def test_an_address_of_another_machine_is_refused_with_a_sentence():
    with pytest.raises(CannotStart, match=r"Cannot listen on 192\.0\.2\.1"):
        require_free("192.0.2.1", free_port(), "--port")


def test_a_free_port_is_fine():
    port = free_port()
    require_free("127.0.0.1", port, "--port")
    assert holder_of(port) is None
