"""The newest steps of a ledger in memory, once for all who wait for some of them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import Final

from authority.facts import Authority, Provider, Service
from graph.following import Step, Topic, topics_of

RECENT_MAX: Final = 20_000
"""Steps; about a kilobyte each."""
_WAITED_FOR: Final = (Authority, Provider, Service)


class Recent:
    """Steps of authorities, providers and services after the position `low`, by what they are about.

    All those that there are after it, up to where its owner has come.
    """

    def __init__(self) -> None:
        self.low = 0
        self._steps: deque[tuple[Step, frozenset[Topic]]] = deque()
        self._about: defaultdict[Topic, deque[Step]] = defaultdict(deque)

    def begin(self, position: int) -> None:
        """Forget all, and begin after this position."""
        self._steps.clear()
        self._about.clear()
        self.low = position

    def add(self, steps: Sequence[Step]) -> None:
        """The next ones; the oldest make room."""
        for step in steps:
            if is_kept(step):
                topics = frozenset(topics_of(step, 0))
                self._steps.append((step, topics))
                for topic in topics:
                    self._about[topic].append(step)
                if len(self._steps) > RECENT_MAX:
                    self._drop()

    def add_before(self, steps: Sequence[Step], low: int) -> None:
        """Those just before the oldest, from `low` on; of them the newest, as many as there is room for."""
        for step in reversed(steps):
            if is_kept(step):
                if self.full:
                    self.low = step.position
                    return
                topics = frozenset(topics_of(step, 0))
                self._steps.appendleft((step, topics))
                for topic in topics:
                    self._about[topic].appendleft(step)
        self.low = low

    def after(self, topic: Topic, position: int) -> list[Step]:
        """Those about this after a position, which is not before `low`."""
        assert position >= self.low
        found: list[Step] = []
        for step in reversed(self._about.get(topic, ())):
            if step.position <= position:
                break
            found.append(step)
        found.reverse()
        return found

    @property
    def full(self) -> bool:
        """Whether nothing more goes before the oldest."""
        return len(self._steps) >= RECENT_MAX

    def _drop(self) -> None:
        step, topics = self._steps.popleft()
        for topic in topics:
            self._about[topic].popleft()
            if not self._about[topic]:
                del self._about[topic]
        self.low = step.position


def is_kept(step: Step) -> bool:
    """Whether anybody waits for such a step."""
    return isinstance(step.fact, _WAITED_FOR)
