import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from ohmstead.kit.http import GuardedClient, OutgoingFailed, OutgoingRefused


class _Peer(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(302 if self.path == "/moved" else 200)
        self.send_header("Location", "http://127.0.0.1:1/elsewhere")
        self.end_headers()
        self.wfile.write(b"x" * 2_000 if self.path == "/large" else body + self.headers["Host"].encode())

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def peer():
    server = HTTPServer(("127.0.0.1", 0), _Peer)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "http://[::1]/",
        "http://10.1.2.3/",
        "http://192.168.0.1/",
        "http://169.254.169.254/latest/meta-data",
        "http://0.0.0.0/",
        "http://localhost/",
        "http://[::ffff:127.0.0.1]/",
        "http://100.64.0.1/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://2130706433/",
        "http://0x7f.1/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http://user:secret@example.org/",
        "http://example.org:99999/",
        "//example.org",
        "",
    ],
)
def test_private_and_odd_addresses_are_refused_before_anything_is_sent(url):
    with pytest.raises(OutgoingRefused):
        GuardedClient().request("GET", url)


def test_a_private_address_is_called_where_the_operator_allows_it(peer):
    answer = GuardedClient(allow_private=True).request("POST", peer + "/echo?a=1", body=b"hello ")
    assert (answer.status, answer.body) == (200, f"hello {peer.removeprefix('http://')}".encode())


def test_a_redirect_is_an_answer_and_is_not_followed(peer):
    assert GuardedClient(allow_private=True).request("POST", peer + "/moved", body=b"").status == 302


def test_a_body_larger_than_allowed_is_a_failure(peer):
    with pytest.raises(OutgoingFailed, match="more than 1000 bytes"):
        GuardedClient(allow_private=True, max_bytes=1_000).request("POST", peer + "/large", body=b"")


def test_a_silent_peer_fails_in_time():
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(OutgoingFailed, match="did not answer"):
        GuardedClient(allow_private=True, timeout_s=0.05).request("GET", f"http://127.0.0.1:{silent.getsockname()[1]}/")


def test_a_peer_that_drips_bytes_is_cut_off_in_the_end():
    def drip(listener):
        connection, _ = listener.accept()
        with connection:
            connection.recv(1_000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n")
            try:
                while connection.send(b"x"):
                    pass
            except OSError:
                return

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=drip, args=[listener])
        thread.start()
        client = GuardedClient(allow_private=True, timeout_s=30, total_s=0.2, max_bytes=10**7)
        with pytest.raises(OutgoingFailed):
            client.request("GET", f"http://127.0.0.1:{listener.getsockname()[1]}/")
        thread.join()
