"""Run-to-run comparison: a difference is told, chance is not."""

from __future__ import annotations

import numpy as np

from loadtests.comparing import INTERVALS_MIN, compared
from loadtests.recording import Samples


def seen(seed: int, slower: float = 1.0, seconds: int = 60) -> Samples:
    """Exponential times around 10 ms; each second has a level of its own, as on a shared machine."""
    chance = np.random.default_rng(seed)
    samples = Samples()
    for second in range(seconds):
        level = 0.01 * slower * float(chance.uniform(0.8, 1.2))
        for at in chance.random(50):
            took = float(chance.exponential(level))
            samples.record("Helpers.ask", took, took, None, second + float(at))
    return samples


def test_the_same_service_twice_is_mostly_called_chance() -> None:
    called = [each.significant for seed in range(10) for each in compared(seen(seed), seen(seed + 100))]
    # at 95 % one in twenty is called otherwise
    assert sum(map(bool, called)) <= 5


def test_a_service_that_is_a_third_slower_is_found_out() -> None:
    for each in compared(seen(1, slower=1.33), seen(2)):
        assert each.significant
        assert each.low_ms is not None
        assert each.low_ms > 0.0
        assert each.low_ms < each.this_ms - each.other_ms < (each.high_ms or 0.0)


def test_a_faster_one_too() -> None:
    p50, *_ = compared(seen(1, slower=0.7), seen(2))
    assert p50.significant
    assert (p50.high_ms or 0.0) < 0.0


def test_a_few_seconds_tell_nothing() -> None:
    for each in compared(seen(1, slower=9.0, seconds=INTERVALS_MIN), seen(2)):
        assert each.significant is None
