"""Checking the ledger against itself: contents, hashes, the chain, and what versions are found by."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from graph.chain import GENESIS, content_hash, link
from graph.errors import Problem
from graph.intake import fact_of_line
from graph.neo4j_graph.rows import Version

PROBLEMS_MAX: Final = 1_000
"""So many are told one by one; of the others only how many there are."""


class Check:
    """A check of positions in order, up to the head at its beginning; what is appended meanwhile is not looked at."""

    def __init__(self, until: int) -> None:
        self.until = until
        self.position = 0
        self._link = GENESIS
        self._problems: list[str] = []
        self._untold = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """One line each."""
        return (*self._problems, f"and {self._untold} more") if self._untold else tuple(self._problems)

    def fact(self, properties: dict[str, Any]) -> None:
        """The next version, all of its properties."""
        position = int(properties["position"])
        self._missing(position)
        self.position = position
        stored_hash, stored_link = _bytes(properties.get("hash")), _bytes(properties.get("link"))
        if link(self._link, stored_hash) != stored_link:
            self._found(f"position {position}: does not follow from the position before it")
        self._link = stored_link
        line = str(properties.get("line", "")).encode()
        if content_hash(line) != stored_hash:
            self._found(f"position {position}: its content is not the one that was recorded")
        elif not _found_by_its_content(line, properties):
            self._found(f"position {position}: found by something else than its content says")

    def end(self, head: str) -> None:
        """After the last position: the head that the ledger states is the chain's."""
        self._missing(self.until + 1)
        if _bytes(head) != self._link:
            self._found("the head is not the last position's")

    def _missing(self, before: int) -> None:
        for position in range(self.position + 1, before):
            self._found(f"position {position}: missing")

    def _found(self, problem: str) -> None:
        if len(self._problems) < PROBLEMS_MAX:
            self._problems.append(problem)
        else:
            self._untold += 1


def _found_by_its_content(line: bytes, properties: dict[str, Any]) -> bool:
    try:
        version = Version.of(fact_of_line(line))
    except (KeyError, ValueError, msgspec.MsgspecError, Problem):
        return False
    return version.row(properties["position"], properties["link"]) == properties


def _bytes(hexadecimal: object) -> bytes:
    try:
        return bytes.fromhex(str(hexadecimal))
    except ValueError:
        return b""
