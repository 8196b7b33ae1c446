"""Step to break: the highest rate that the service holds its objectives at, found by doubling and then halving."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, NamedTuple

from loadtests.objectives import Outcome

STEPS_MAX: Final = 24
PRECISION: Final = 1.1
"""The knee lies between two rates of which one is at most so many times the other."""
GROWTH: Final = 1.5
LEAST: Final = 8.0
"""A service that misses at this part of the first rate is not searched further."""


class Step(NamedTuple):
    """Decisions a second, and how it went."""

    rate: float
    outcome: Outcome


class Knee(NamedTuple):
    """`held`: the highest rate that met its objectives, 0 if none did; `broke`: the lowest that did not, or None.

    `limit`: what stopped the search, the service or the generator.
    """

    held: float
    broke: float | None
    limit: str
    steps: list[Step]


def knee(first: float, run: Callable[[float], Outcome], *, steps_max: int = STEPS_MAX) -> Knee:
    """Search from a rate on. An invalid step ends it: beyond there the generator is the limit, not the service."""
    held, broke, rate = 0.0, None, first
    steps: list[Step] = []
    for _ in range(steps_max):
        outcome = run(rate)
        steps.append(Step(rate, outcome))
        if outcome == "invalid":
            return Knee(held, broke, "the generator", steps)
        if outcome == "met":
            held = rate
        else:
            broke = rate
        if broke is None:
            rate *= GROWTH
        elif held == 0.0:
            if rate / 2.0 < first / LEAST:
                break
            rate /= 2.0
        elif broke / held <= PRECISION:
            break
        else:
            rate = (held * broke) ** 0.5
    return Knee(held, broke, "the service" if broke is not None else "the number of steps", steps)
