"""Instants at which something is due, each of them moved often."""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from itertools import count
from typing import Generic, TypeVar

W = TypeVar("W")


class Deadlines(Generic[W]):
    """At most one for each thing. Memory follows how many there are, not how often they are moved."""

    def __init__(self) -> None:
        self._of: dict[W, int] = {}
        self._heap: list[tuple[int, int, W]] = []
        self._serial = count()

    def put(self, thing: W, due: int | None) -> None:
        """It is due then, and at no other time; None: never."""
        if due is None:
            self.forget(thing)
        elif self._of.get(thing) != due:
            self._of[thing] = due
            heappush(self._heap, (due, next(self._serial), thing))
            self._sweep()

    def forget(self, thing: W) -> None:
        """It is not due any more."""
        self._of.pop(thing, None)
        self._sweep()

    def next(self) -> int | None:
        """The nearest instant at which something may be due; None: nothing is."""
        return self._heap[0][0] if self._heap else None

    def reached(self, now: int) -> set[W]:
        """What is due now; it is forgotten."""
        found = set()
        while self._heap and self._heap[0][0] <= now:
            due, _, thing = heappop(self._heap)
            if self._of.get(thing) == due:
                del self._of[thing]
                found.add(thing)
        return found

    def _sweep(self) -> None:
        """Let go of entries that were moved, once they are the most."""
        if len(self._heap) > 2 * len(self._of) + 64:
            self._heap = [entry for entry in self._heap if self._of.get(entry[2]) == entry[0]]
            heapify(self._heap)
