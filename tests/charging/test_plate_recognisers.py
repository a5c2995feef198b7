"""Pictures of cameras that cannot read plates, read by a recogniser on a loopback socket."""

import contextlib
import json
import threading
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ohmstead.charging.plate_recognisers import HttpRecogniser, NoRecogniser
from ohmstead.charging.rules.plates import NotUnderstood
from ohmstead.kit.http import GuardedClient

CAR = b"\xff\xd8\xff a car that stands at a barrier"


class Recogniser(BaseHTTPRequestHandler):
    """Takes a picture as Plate Recognizer's snapshot API does."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        status, answer = self.answer(body)
        self.send_response(status)
        self.end_headers()
        self.wfile.write(answer)

    def answer(self, body):
        head = f"Content-Type: {self.headers['Content-Type']}\r\n\r\n".encode()
        (part,) = BytesParser(policy=HTTP).parsebytes(head + body).iter_parts()
        if self.headers["Authorization"] != "Token secret":
            return 403, b"{}"
        assert part.get_param("name", header="content-disposition") == "upload"
        assert (part.get_content_type(), part.get_payload(decode=True)) == ("image/jpeg", CAR)
        match self.path:
            case "/odd":
                return 200, b"<html>"
            case "/empty":
                return 200, json.dumps({"results": []}).encode()
        return 200, json.dumps({"results": [{"plate": "hi-ll 42", "score": 0.91}]}).encode()

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def url():
    server = HTTPServer(("127.0.0.1", 0), Recogniser)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    with contextlib.ExitStack() as stack:
        stack.callback(server.server_close)
        stack.callback(thread.join)
        stack.callback(server.shutdown)
        yield f"http://127.0.0.1:{server.server_port}"


def recogniser(url, token="secret"):
    return HttpRecogniser(url, token, GuardedClient(allow_private=True, timeout_s=2))


def test_a_picture_becomes_plates(url):
    (found,) = recogniser(url + "/v1/plate-reader/").read(CAR, "image/jpeg")
    assert (found.plate, found.confidence_percent) == ("HILL42", 91.0)


def test_a_picture_without_a_plate_has_none(url):
    assert recogniser(url + "/empty").read(CAR, "image/jpeg") == []


@pytest.mark.parametrize(
    ("reader", "words"),
    [
        pytest.param(lambda url: recogniser(url, "guess"), "status 403", id="wrong token"),
        pytest.param(lambda url: recogniser(url + "/odd"), "JSON|XML", id="not a recogniser"),
        pytest.param(lambda _: recogniser("http://127.0.0.1:9/"), "could not be asked", id="nobody there"),
        pytest.param(lambda _: NoRecogniser(), "no plate recogniser is connected", id="none set up"),
    ],
)
def test_what_went_wrong_is_said(url, reader, words):
    with pytest.raises(NotUnderstood, match=words):
        reader(url).read(CAR, "image/jpeg")
