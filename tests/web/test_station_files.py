"""Stations upload logs and fetch firmware over real HTTP, at addresses that cannot be guessed and that end."""

import http.client
import os
import socket
import threading
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import uvicorn

from ohmstead.station.commands import GetLog
from tests.line.system import until
from tests.web.little_network import build

FIRMWARE = os.urandom(700_000)


class _Server(uvicorn.Server):
    """In a thread, where no signal can be caught."""

    @contextmanager
    def capture_signals(self):
        yield


@pytest.fixture
def server(database):
    """The ASGI application on a free port; nothing but our addresses is answered."""
    from django.test import override_settings

    from ohmstead.web.station_files import with_station_files

    async def nobody(scope, receive, send):
        raise AssertionError("passed on")

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(with_station_files(nobody), port=port, lifespan="off", log_level="error", access_log=False)
    running = _Server(config)
    thread = threading.Thread(target=running.run)
    thread.start()
    until(lambda: running.started)
    with override_settings(OHMSTEAD_STATION_FILES_URL=f"http://127.0.0.1:{port}", OHMSTEAD_STATION_FILE_MB=1):
        yield port
    running.should_exit = True
    thread.join()


@pytest.fixture
def station(database):
    from ohmstead.network.models import Station

    build()
    station = Station.objects.filter(organisation__slug="hill").first()
    Station.objects.filter(pk=station.pk).update(vendor="Brightline", model="B2", firmware="1.0", online=True)
    station.refresh_from_db()
    return station


@pytest.fixture
def actions(database):
    from ohmstead.network import file_actions

    return file_actions


@pytest.fixture
def by(database):
    from ohmstead.access.actors import Actor

    return Actor.job("tests")


def ask(url, method="GET", body=None, headers=None):
    parts = urlsplit(url)
    link = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
    headers = headers or {}
    link.request(method, parts.path, body, headers, encode_chunked="Transfer-Encoding" in headers)
    answer = link.getresponse()
    content = answer.read()
    link.close()
    return answer, content


def log_address(station, actions, by):
    from ohmstead.network import commands

    file = actions.ask_for_log(station, by=by)
    wish = commands.parsed(file.command)
    assert isinstance(wish, GetLog)
    return file, wish.url


def stored(file):
    from ohmstead.network import file_store

    file.refresh_from_db()
    if file.stored is None:
        return None
    return b"".join(file_store.read(file.stored_id, 0, file.stored.size_bytes - 1))


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize(
    ("size", "name", "kept"),
    [
        pytest.param(10, "diagnostics.log", "diagnostics.log", id="small"),
        pytest.param(900_000, "", "diagnostics.log", id="several chunks, no name"),
        pytest.param(10, "..%2F..%2Fetc%2Fpasswd", "passwd", id="a name that climbs"),
        pytest.param(10, "a%22%0d%0aSet-Cookie:%20x.html", "a-Set-Cookie-x.html", id="a name that breaks headers"),
    ],
)
def test_a_log_is_uploaded(server, station, actions, by, method, size, name, kept):
    file, url = log_address(station, actions, by)
    content = os.urandom(size)
    answer, _ = ask(url + name, method, content)
    assert answer.status == 200
    assert stored(file) == content
    file.command.refresh_from_db()
    assert (file.stored.name, file.command.work, file.sender) == (kept, "done", "127.0.0.1")


def test_the_newest_whole_upload_stays(server, station, actions, by):
    from ohmstead.network.models import StoredFile

    file, url = log_address(station, actions, by)
    ask(url, "PUT", b"first")
    ask(url, "PUT", b"second")
    assert stored(file) == b"second"
    assert StoredFile.objects.count() == 1


def test_a_log_that_is_too_large_is_not_kept(server, station, actions, by):
    from ohmstead.network.models import StoredFile

    file, url = log_address(station, actions, by)
    answer, said = ask(url, "PUT", bytes(1_100_000))
    assert (answer.status, said) == (413, b"Files of more than 1 MB are not taken.\n")
    assert stored(file) is None
    assert file.reason == "Files of more than 1 MB are not taken."
    assert not StoredFile.objects.exists()


def test_an_upload_that_does_not_say_its_size_is_cut_too(server, station, actions, by):
    file, url = log_address(station, actions, by)
    pieces = iter([bytes(100_000)] * 12)
    answer, _ = ask(url, "PUT", pieces, {"Transfer-Encoding": "chunked"})
    assert answer.status == 413
    assert stored(file) is None


def test_an_upload_that_breaks_off_leaves_the_earlier_one(server, station, actions, by):
    file, url = log_address(station, actions, by)
    ask(url, "PUT", b"whole")
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname, parts.port)) as link:
        link.sendall(f"PUT {parts.path} HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nhalf".encode())
    until(lambda: (stored(file), file.reason) == (b"whole", "The upload broke off."))


def test_an_empty_log_is_refused(server, station, actions, by):
    _, url = log_address(station, actions, by)
    assert ask(url, "PUT", b"")[0].status == 400


@pytest.mark.parametrize("method", ["PUT", "GET", "DELETE"])
def test_a_guessed_address_is_nothing(server, station, actions, by, method):
    log_address(station, actions, by)
    answer, _ = ask(
        f"http://127.0.0.1:{server}/station-files/{'x' * 43}/log", method, b"x" if method == "PUT" else None
    )
    assert answer.status == (405 if method == "DELETE" else 404)


def test_an_address_ends(server, station, actions, by):
    from ohmstead.network.models import StationFile

    file, url = log_address(station, actions, by)
    StationFile.objects.filter(pk=file.pk).update(expires_at=file.asked_at - timedelta(seconds=1))
    assert ask(url, "PUT", b"late")[0].status == 404


def test_an_address_is_not_used_without_end(server, station, actions, by):
    _, url = log_address(station, actions, by)
    assert [ask(url, "PUT", b"again")[0].status for _ in range(9)] == [200] * 8 + [404]


def image_address(station, actions, by):
    from ohmstead.network import commands

    image = actions.add_image(
        station.organisation, [FIRMWARE], by=by, file_name="b2 2.0.bin", vendor="Brightline", version="2.0"
    )
    update = actions.update_firmware(station, image, by=by)
    return image, update, commands.parsed(update.command).url


def test_firmware_is_fetched_and_never_shown_in_a_browser(server, station, actions, by):
    image, update, url = image_address(station, actions, by)
    answer, content = ask(url)
    assert (answer.status, content) == (200, FIRMWARE)
    assert url.endswith("/b2-2.0.bin")
    assert answer.getheader("content-disposition") == 'attachment; filename="b2-2.0.bin"'
    assert answer.getheader("x-content-type-options") == "nosniff"
    assert "sandbox" in answer.getheader("content-security-policy")
    assert answer.getheader("etag") == f'"{image.stored.sha256}"'
    until(lambda: (update.refresh_from_db(), update.fetched_bytes == len(FIRMWARE))[1])
    assert update.fetched_at is not None


@pytest.mark.parametrize(
    ("wanted", "status", "first", "last"),
    [
        pytest.param("bytes=0-9", 206, 0, 9, id="the beginning"),
        pytest.param("bytes=262140-262150", 206, 262_140, 262_150, id="over the edge of a chunk"),
        pytest.param("bytes=699990-", 206, 699_990, 699_999, id="to the end"),
        pytest.param("bytes=-5", 206, 699_995, 699_999, id="the last ones"),
        pytest.param("bytes=699990-900000", 206, 699_990, 699_999, id="more than there are"),
        pytest.param("bytes=0-1,5-6", 200, 0, 699_999, id="several ranges: all of it"),
        pytest.param("lines=1-2", 200, 0, 699_999, id="another unit: all of it"),
    ],
)
def test_a_broken_download_goes_on_where_it_stopped(server, station, actions, by, wanted, status, first, last):
    _, _, url = image_address(station, actions, by)
    answer, content = ask(url, headers={"Range": wanted})
    assert (answer.status, content == FIRMWARE[first : last + 1]) == (status, True)
    if status == 206:
        assert answer.getheader("content-range") == f"bytes {first}-{last}/700000"


def test_bytes_that_are_not_there(server, station, actions, by):
    _, _, url = image_address(station, actions, by)
    assert ask(url, headers={"Range": "bytes=700000-"})[0].status == 416


def test_the_size_can_be_asked_for_alone(server, station, actions, by):
    _, _, url = image_address(station, actions, by)
    answer, content = ask(url, "HEAD")
    assert (answer.status, answer.getheader("content-length"), content) == (200, "700000", b"")


def test_withdrawn_firmware_is_gone(server, station, actions, by):
    image, _, url = image_address(station, actions, by)
    actions.withdraw_image(image, by=by)
    assert ask(url)[0].status == 404


def test_firmware_is_not_overwritten_by_an_upload(server, station, actions, by):
    _, _, url = image_address(station, actions, by)
    assert ask(url, "PUT", b"evil")[0].status == 404
    assert ask(url)[1] == FIRMWARE
