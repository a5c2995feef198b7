"""The tests of this file run in order on one instance; starting it takes longest."""

import os
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Iterator

import psutil
import pytest

from tests.run.instance import Instance, environment_of_a_person


@pytest.fixture(scope="module")
def instance(tmp_path_factory) -> Iterator[Instance]:
    found = Instance(tmp_path_factory.mktemp("up") / "data")
    found.start()
    yield found
    for process in found.processes():
        process.kill()


def up(arguments: list[str]) -> tuple[int, list[str]]:
    done = subprocess.run(
        arguments, capture_output=True, text=True, timeout=60, check=False, env=environment_of_a_person()
    )
    return done.returncode, done.stderr.strip().splitlines()


def console_answers(instance: Instance) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{instance.ports['--port']}/sign-in", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def test_it_tells_the_addresses_and_a_first_login(instance):
    said = "".join(instance.said)
    assert f"http://127.0.0.1:{instance.ports['--port']}/" in said
    assert f"ws://127.0.0.1:{instance.ports['--ocpp-port']}/ocpp/" in said
    assert f"wss://127.0.0.1:{instance.ports['--ocpps-port']}/ocpp/" in said
    assert "/api/docs" in said
    assert "owner@localhost  password " in said
    assert console_answers(instance)


def test_everything_listens_on_loopback_only(instance):
    listening = {
        connection.laddr[0]
        for process in instance.processes()
        for connection in process.net_connections("inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening <= {"127.0.0.1", "::1"}


def test_a_second_instance_gets_one_sentence_and_exit_code_2(instance):
    status, said = up(instance.arguments())
    assert status == 2
    assert len(said) == 1
    assert f"already runs on {instance.folder.path} (process {instance.process.pid})" in said[0]


def test_a_port_in_use_gets_one_sentence_and_exit_code_2(tmp_path):
    other = Instance(tmp_path / "data")
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", other.ports["--ocpp-port"]))
        listener.listen()
        status, said = up(other.arguments())
    assert status == 2
    assert len(said) == 1
    assert f"Port {other.ports['--ocpp-port']} is in use" in said[0]


def test_a_broken_folder_gets_one_sentence_and_exit_code_2(tmp_path):
    other = Instance(tmp_path / "data")
    other.folder.prepare()
    (other.folder.postgres / "global").mkdir(parents=True)
    (other.folder.postgres / "PG_VERSION").write_text("18\n")
    (other.folder.postgres / "global" / "pg_control").write_bytes(b"torn")
    status, said = up(other.arguments())
    assert status == 2
    assert len(said) == 1
    assert "PostgreSQL did not start" in said[0]
    assert other.processes() == []


@pytest.mark.parametrize("name", ["worker", "desk", "gateway", "web", "nats", "postgres"])
def test_what_falls_is_started_again(instance, name):
    before = instance.pid_of(name)
    os.kill(before, signal.SIGKILL)
    instance.until(lambda: instance.pid_of(name) not in (None, before))
    instance.until(lambda: console_answers(instance))


def test_reset_is_refused_while_it_runs(instance):
    status, said = up(instance.arguments("--reset", "--yes"))
    assert status == 2
    assert "already runs" in said[0]
    assert console_answers(instance)


def test_ctrl_c_leaves_no_process(instance):
    assert instance.stop(signal.SIGINT) == 0
    assert instance.processes() == []
    assert not instance.heard("was ended")


def test_killed_outright_it_leaves_no_process_either_and_starts_again(instance):
    instance.start()
    assert not instance.heard("password"), "the first login is told once"
    instance.process.kill()
    instance.process.wait()
    instance.until(lambda: not instance.processes())


def test_reset_starts_anew(instance):
    secret = instance.folder.secret_key()
    instance.start("--reset", "--yes")
    assert instance.heard("owner@localhost  password ")
    assert instance.folder.secret_key() != secret
    assert instance.stop(signal.SIGTERM) == 0
    assert instance.processes() == []
