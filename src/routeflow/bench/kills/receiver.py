"""The receiver of outgoing messages: it keeps what it got, and is as unreliable as receivers are."""

import random
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_REFUSED, _SILENT = 0.02, 0.04  # chances of an error 503, and of an answer that gets lost


class Receiver(ThreadingHTTPServer):
    """``got`` holds per Idempotency-Key every different body that came, ``times`` how often."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.got: defaultdict[str, set[bytes]] = defaultdict(set)
        self.times: defaultdict[str, int] = defaultdict(int)
        self.calm = False
        self._random = random.Random(seed)  # noqa: S311 - bad luck, no secret
        self._lock = threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Where messages are POSTed."""
        return f"http://127.0.0.1:{self.server_port}/berichten"

    def take(self, key: str, body: bytes) -> float:
        """Keep a message and answer what luck it has: a number from 0 to 1."""
        with self._lock:
            luck = 1.0 if self.calm else self._random.random()
            if luck >= _REFUSED:
                self.got[key].add(body)
                self.times[key] += 1
            return luck

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - of the library
        """Say nothing: senders are killed here."""


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        size = int(self.headers["Content-Length"])
        body = self.rfile.read(size)
        if len(body) < size:
            return  # the sender died halfway
        luck = self.server.take(self.headers["Idempotency-Key"], body)
        if _REFUSED <= luck < _REFUSED + _SILENT:
            return
        self.send_response(503 if luck < _REFUSED else 204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
