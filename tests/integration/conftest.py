"""Receivers of webhooks: real servers on loopback that answer as they are told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace

import pytest

from tests.integration.listener import ANYWHERE, listen


class Receiver:
    """Keeps what it was sent; answers with `status`, or as `answers` says one after the other."""

    def __init__(self):
        self.got, self.answers, self.status, self.headers = [], [], 204, {}
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.append(SimpleNamespace(path=self.path, headers=dict(self.headers), body=body))
                self.send_response(receiver.answers.pop(0) if receiver.answers else receiver.status)
                for name, value in receiver.headers.items():
                    self.send_header(name, value)
                said = b'{"said": "<b>hello</b>"}'
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/hooks"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def bodies(self):
        return [json.loads(each.body) for each in self.got]

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


@pytest.fixture
def receiver():
    made = Receiver()
    yield made
    made.close()


@pytest.fixture
def private_allowed(database):
    from django.test import override_settings

    with override_settings(OHMSTEAD_ALLOW_PRIVATE_ADDRESSES=True):
        yield


@pytest.fixture
def hill(database):
    from ohmstead.access.models import Organisation

    return Organisation.objects.create(slug="hill", name="Hill Energy")


@pytest.fixture
def listening(hill):
    """`listening(url, *kinds)` makes a webhook of Hill Energy, known to everybody at once."""
    from ohmstead.integration.listeners import memory

    yield lambda url=ANYWHERE, *kinds: listen(hill, *kinds, url=url)
    memory.forget()


@pytest.fixture
def announce_offline(hill):
    """Say that a station went offline; the number makes it another event."""
    from uuid import UUID

    from django.utils import timezone

    from ohmstead.integration.events import StationOffline
    from ohmstead.integration.outbox import announce

    def said(number=1, organisation=None):
        event = StationOffline(station_id=UUID(int=number), station=f"HILL-{number}")
        announce((organisation or hill).pk, event, at=timezone.now(), key=str(number))

    return said
