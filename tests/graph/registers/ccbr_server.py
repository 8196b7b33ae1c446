"""A small real HTTP server with the search of the curatele and bewind register, as `graph.registers.ccbr` agreed it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager

from graph.registers.known import folded
from tests.graph.registers.serving import Handler, serving


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

    class Search(Handler):
        def do_POST(self) -> None:  # noqa: N802 - http.server calls it so
            self.reply(ccbr.answer(self.body()))

    with serving(Search) as url:
        ccbr.url = f"{url}/search"
        yield ccbr
