"""The dispatcher by a clock that the test moves: arrivals are handed out when due, and each is begun or dropped."""

from __future__ import annotations

import gevent

from loadtests.dispatching import Arrival, Dispatcher
from loadtests.recording import Samples


class Clock:
    """Moves only as somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        gevent.sleep(0)
        # who waits for the last moment sees it come
        self.now += seconds or 0.0005
        gevent.sleep(0)


def dispatcher(clock: Clock, instants: list[float], patience_s: float = 1.0) -> tuple[Dispatcher, Samples]:
    samples = Samples()
    arrivals = [Arrival(instant, "Helpers", "ask") for instant in instants]
    return Dispatcher(arrivals, samples, patience_s=patience_s, clock=clock, sleep=clock.sleep), samples


def test_each_is_handed_out_at_its_time() -> None:
    clock = Clock()
    hands, samples = dispatcher(clock, [0.5, 0.75, 2.0])
    taken = []

    def user() -> None:
        while True:
            due = hands.take()
            taken.append((due.intended, clock.now))
            hands.done()

    pool = gevent.spawn(user)
    hands.run()
    gevent.sleep(0)
    assert [intended for intended, _ in taken] == [100.5, 100.75, 102.0]
    assert all(0.0 <= at - intended < 0.001 for intended, at in taken)
    assert hands.finished
    assert (samples.due.total(), samples.dropped) == (3, 0)
    pool.kill()


def test_whoever_waits_too_long_is_dropped_and_counted() -> None:
    clock = Clock()
    hands, samples = dispatcher(clock, [0.0, 0.1, 0.2, 3.0], patience_s=1.0)
    hands.run()
    assert not hands.finished
    # nobody took any until now, three seconds later: only the last has not waited too long
    assert hands.take().arrival.at_s == 3.0
    assert samples.begun == {"Helpers.ask": 1}
    assert samples.dropped == 3
    assert samples.dropped_by_interval == {0: 3}
    assert not hands.finished
    hands.done()
    assert hands.finished


def test_what_nobody_took_at_the_end_is_dropped() -> None:
    clock = Clock()
    hands, samples = dispatcher(clock, [0.0, 1.5])
    hands.run()
    hands.abandon()
    assert hands.finished
    assert samples.dropped == 2
    assert samples.dropped_by_interval == {0: 1, 1: 1}


def test_the_dispatchers_own_lateness_is_written_down() -> None:
    clock = Clock()
    hands, samples = dispatcher(clock, [1.0, 1.0])

    def slow(seconds: float) -> None:
        clock.now += seconds + 0.25

    hands._sleep = slow
    hands.run()
    assert samples.lateness.count == 2
    assert 0.24 < samples.lateness.percentile(50) < 0.26


def test_what_nobody_comes_to_take_is_dropped_all_the_same() -> None:
    clock = Clock()
    hands, samples = dispatcher(clock, [0.0, 0.1, 2.0], patience_s=1.0)
    hands.run()
    hands.expire()
    assert samples.dropped_by_interval == {0: 2}
    assert not hands.finished
    clock.now += 1.5
    hands.expire()
    assert hands.finished
    assert samples.dropped == sum(samples.dropped_by_interval.values()) == 3
