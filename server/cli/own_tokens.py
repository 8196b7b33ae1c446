"""An issuer of one's own for a service of one's own: tokens for any role at a port of this machine, while it lasts.

`serve --dev` has one built in, but shows and logs what a service under load should not have to.
"""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from joserfc.jwk import OKPKey

from server.identity.dev import AUDIENCE, ISSUER, PATH, DevIssuer, made_key
from server.identity.errors import Unidentified


class Issuer(NamedTuple):
    """Where tokens are had (`GET /dev/token?role=…`), and the arguments of `machtigen serve` that takes them."""

    url: str
    serving: tuple[str, ...]


@contextmanager
def own_issuer() -> Iterator[Issuer]:
    """Its key lies in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="issuer-") as folder:
        key, public = Path(folder) / "key.json", Path(folder) / "jwks.json"
        made_key(key)
        issuer = DevIssuer(key)
        shown = OKPKey.import_key(json.loads(key.read_text(encoding="utf-8"))).as_dict(private=False)
        public.write_text(json.dumps({"keys": [shown]}), encoding="utf-8")
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(issuer))
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        serving = ("--issuer", ISSUER, "--audience", AUDIENCE, "--jwks", str(public))
        try:
            yield Issuer(f"http://127.0.0.1:{server.server_address[1]}", serving)
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def _handler(issuer: DevIssuer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """A token that says what the query says."""
            asked = urlsplit(self.path)
            try:
                token = issuer.token(dict(parse_qsl(asked.query))) if asked.path == PATH else None
            except Unidentified as wrong:
                self._answer(400, {"error": wrong.why})
            else:
                self._answer(404 if token is None else 200, {"access_token": token})

        def _answer(self, status: int, body: dict[str, str | None]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nothing: tokens are nobody's to read."""

    return Handler
