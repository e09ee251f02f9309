"""A web server between the platform and the program, as hosts have one: it loses, refuses and holds back posts."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

Update = dict[str, Any]
CARRY, REFUSE, LOSE, FORGET = "carry", "refuse", "lose", "forget"
"""Hand it on; answer 503 by itself; cut the line before it is handed on; hand it on, then cut the line unanswered."""


class Between:
    """`decide` says what happens to each post of an update; by default all are carried."""

    def __init__(self, to: str) -> None:
        self.to = urlsplit(to)
        self.decide: Callable[[Update, int], str] = lambda _update, _times: CARRY
        """Given an update and how often it has come before."""
        self.held: dict[str, threading.Event] = {}
        """By kind of update: its posts wait until the event is set."""
        self.posts: Counter[int] = Counter()
        self._lock = threading.Lock()
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                between.pass_on(self)

            def log_message(self, *_arguments: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="between", daemon=True)

    def __enter__(self) -> Between:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for event in self.held.values():
            event.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def pass_on(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["Content-Length"]))
        update: Update = json.loads(body)
        for kind, event in list(self.held.items()):
            if kind in update:
                event.wait(30)
        with self._lock:
            before = self.posts[update["update_id"]]
            self.posts[update["update_id"]] += 1
        fate = self.decide(update, before)
        status, answer = (503, b"") if fate in (REFUSE, LOSE) else self._forward(request, body)
        if fate in (LOSE, FORGET):
            request.close_connection = True
            request.connection.close()
            return
        request.send_response(status)
        request.send_header("Content-Length", str(len(answer)))
        request.end_headers()
        request.wfile.write(answer)

    def _forward(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        line = http.client.HTTPConnection(self.to.hostname or "", self.to.port, timeout=60)
        try:
            line.request("POST", request.path, body, dict(request.headers.items()))
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()
