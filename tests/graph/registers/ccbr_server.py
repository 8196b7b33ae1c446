"""A small real HTTP server with the search of the curatele and bewind register, as `graph.registers.ccbr` agreed it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from graph.registers.known import folded


class CcbrServer:
    """`entries` as the register publishes them. `said`: what it says instead of an answer, for a register that lies."""

    def __init__(self) -> None:
        self.entries: list[dict[str, object]] = []
        self.said: bytes | None = None
        self.url = ""

    def answer(self, body: bytes) -> bytes:
        asked = json.loads(body)
        found = [
            entry
            for entry in self.entries
            if folded(str(entry["surname"])) == folded(asked["surname"]) and entry["birth_date"] == asked["birth_date"]
        ]
        return json.dumps({"entries": found}).encode() if self.said is None else self.said


@contextmanager
def ccbr_server() -> Iterator[CcbrServer]:
    """Served on loopback, on a port of its own."""
    ccbr = CcbrServer()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said = ccbr.answer(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the base's name
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    ccbr.url = f"http://127.0.0.1:{server.server_address[1]}/search"
    try:
        yield ccbr
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
