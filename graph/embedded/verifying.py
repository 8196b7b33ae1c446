"""Checking the file against itself: contents against hashes, hashes against the chain, indexes against contents."""

from __future__ import annotations

from typing import Final

import msgspec

from authority.codes import FactType
from authority.facts import Fact
from graph.chain import GENESIS, content_hash, link
from graph.embedded.layout import Head
from graph.embedded.looking import Look
from graph.embedded.records import about

PROBLEMS_MAX: Final = 1_000
"""So many are told one by one; of the others only how many there are."""


class Check:
    """A check that goes on where it stopped, so that it never holds a transaction for long.

    What is appended meanwhile is not looked at: `until` is the head at the beginning.
    """

    def __init__(self, until: int) -> None:
        self._until = until
        self._position = 0
        self._link = GENESIS
        self._problems: list[str] = []
        self._untold = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """One line each."""
        untold = (f"and {self._untold} more",) if self._untold else ()
        return (*self._problems, *untold)

    def ledger(self, look: Look, positions: int) -> bool:
        """Check so many positions; whether there are more."""
        last = min(self._position + positions, self._until)
        for position, stored_link, stored_hash, line in look.entries(self._position, last):
            self._missing(position - 1)
            self._entry(look, position, stored_link, stored_hash, line)
            self._position, self._link = position, stored_link
        self._missing(last)
        self._position = last
        return last < self._until

    def _missing(self, until: int) -> None:
        for position in range(self._position + 1, until + 1):
            self._found(f"position {position}: missing")

    def _entry(self, look: Look, position: int, stored_link: bytes, stored_hash: bytes, line: bytes) -> None:
        """A content is compared with its hash, the hash with its link: each is told where it was changed."""
        if link(self._link, stored_hash) != stored_link:
            self._found(f"position {position}: does not follow from the position before it")
        if content_hash(line) != stored_hash:
            self._found(f"position {position}: its content is not the one that was recorded")
        elif not look.is_indexed(position, line):
            self._found(f"position {position}: not among the versions of its fact")

    def head(self, head: Head) -> None:
        """After the last position: the head that the file states is the chain's."""
        if head.link != self._link:
            self._found("the head is not the last position's")

    def things(self, look: Look, fact_type: FactType, ids: list[str]) -> None:
        """What is read for decisions agrees with the versions that hold."""
        for fact_id in ids:
            fact = look.holding(fact_type, fact_id)
            if fact is not None and not self._agrees(look, fact):
                self._found(f"{fact_type} {fact_id}: what is read for decisions is not what the ledger holds")

    def _agrees(self, look: Look, fact: Fact) -> bool:
        subject = about(fact)
        if subject is None:
            return True
        try:
            kept = [f for f in look.record(subject).facts() if type(f) is type(fact) and f.id == fact.id]
        except msgspec.MsgspecError:
            return False
        return kept == ([] if fact.retracted else [fact])

    def _found(self, problem: str) -> None:
        if len(self._problems) < PROBLEMS_MAX:
            self._problems.append(problem)
        else:
            self._untold += 1
