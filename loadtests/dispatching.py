"""One greenlet hands out arrivals when they are due; a bounded pool of users takes them; what nobody takes is counted.

An arrival that waits for a free user has begun to wait at its intended start. After `patience_s` it is dropped: counted
and shown, never silently skipped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from gevent.queue import SimpleQueue

from loadtests.recording import Samples

BACKLOG_MAX: Final = 100_000
_TIMER_S: Final = 0.0015
_CALM_S: Final = 0.01
"""Between arrivals: then watching takes at most a seventh of a core."""
_TURN: Final = 32
"""Overdue arrivals handed out before users get their turn."""


class Arrival(NamedTuple):
    """When it is to begin, in seconds since the begin; which class of users does it, and what."""

    at_s: float
    users: str
    activity: str

    @property
    def name(self) -> str:
        """As rates and counts are listed: `Portals.whom`."""
        return f"{self.users}.{self.activity}"


class Due(NamedTuple):
    """An arrival that was handed out; `intended` on the dispatcher's clock."""

    intended: float
    arrival: Arrival


class Dispatcher:
    """Hands `arrivals` out, in order. `clock` in seconds; `sleep` lets others work meanwhile."""

    def __init__(
        self,
        arrivals: Iterable[Arrival],
        samples: Samples,
        *,
        patience_s: float,
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self.begin = 0.0
        """On `clock`; set by `run`."""
        self.exhausted = False
        self.under_way = 0
        self._arrivals, self._samples, self._patience = arrivals, samples, patience_s
        self._clock, self._sleep = clock, sleep
        self._waiting: SimpleQueue[Due] = SimpleQueue()

    def run(self) -> None:
        """Until the last arrival has been handed out."""
        self.begin = self._clock()
        overdue = 0
        for arrival in self._arrivals:
            intended = self.begin + arrival.at_s
            ahead = intended - self._clock()
            if ahead > 0.0:
                overdue = 0
                self._wait(intended, ahead)
            else:
                overdue += 1
                if overdue % _TURN == 0:
                    self._sleep(0.0)
            self._hand_out(Due(intended, arrival))
        self.exhausted = True

    def _wait(self, intended: float, ahead: float) -> None:
        """Until it is due. Timers are a millisecond late or so: where there is time, the last of it is watched."""
        if ahead < _CALM_S:
            self._sleep(ahead)
            return
        self._sleep(ahead - _TIMER_S)
        while self._clock() < intended:
            self._sleep(0.0)

    def _hand_out(self, due: Due) -> None:
        samples = self._samples
        samples.due[due.arrival.name] += 1
        samples.lateness.record(max(0.0, self._clock() - due.intended))
        if self._waiting.qsize() >= BACKLOG_MAX:
            self._drop(due)
        else:
            self._waiting.put(due)

    def take(self) -> Due:
        """The next arrival; waits until there is one."""
        while True:
            due: Due = self._waiting.get()
            if self._clock() - due.intended <= self._patience:
                self._samples.begun[due.arrival.name] += 1
                self.under_way += 1
                return due
            self._drop(due)

    def done(self) -> None:
        """What was taken has ended."""
        self.under_way -= 1

    def expire(self) -> None:
        """Drop whatever has waited too long now, not when somebody comes to take it: perhaps nobody does."""
        while self._waiting.qsize() and self._clock() - self._waiting.peek(block=False).intended > self._patience:
            self._drop(self._waiting.get(block=False))

    def abandon(self) -> None:
        """Whatever still waits is dropped: the run ends."""
        while self._waiting.qsize():
            self._drop(self._waiting.get(block=False))

    def _drop(self, due: Due) -> None:
        self._samples.dropped_by_interval[int(due.arrival.at_s / self._samples.interval_s)] += 1

    @property
    def finished(self) -> bool:
        """All arrivals were handed out, and each was done or dropped."""
        return self.exhausted and self.under_way == 0 and not self._waiting.qsize()
