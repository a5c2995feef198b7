"""A receiver of webhooks: a real server on loopback that answers as it is told."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace


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
