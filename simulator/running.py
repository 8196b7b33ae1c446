"""Replications through an executor: this process, several, a cluster; or until an interval is narrow enough.

Batches have a fixed size and are merged in order, so an executor cannot change a byte of a result.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import Final

from simulator.outcome import MILESTONES, TOTALS, Batch
from simulator.results import Result, merge
from simulator.scenario import Scenario
from simulator.vectorised.engine import simulate

BATCH: Final = 500
"""Replications in a batch: large enough for NumPy, small enough for a cache; even, for antithetic pairs."""
REPLICATIONS_MAX: Final = 1_000_000


def batches(first: int, count: int) -> Iterator[range]:
    """`count` replications from number `first`, in batches."""
    for begin in range(first, first + count, BATCH):
        yield range(begin, min(begin + BATCH, first + count))


def run(
    scenario: Scenario,
    replications: int,
    *,
    executor: Executor | None = None,
    detail: bool = True,
    progress: Callable[[int], object] = lambda done: None,
) -> Result:
    """Run a scenario; without an executor in this process. `progress` hears how many replications are done."""
    return merge(scenario, _run(scenario, 0, replications, executor, detail, progress))


def run_until(
    scenario: Scenario,
    measure: str,
    half_width: float,
    *,
    executor: Executor | None = None,
    most: int = 100_000,
    progress: Callable[[int], object] = lambda done: None,
) -> Result:
    """Run until the 95 % interval of a measure's mean is at most `half_width` to either side (days, or its own unit).

    Stops at `most` replications all the same: the result's own `half_width` says how far it came. The first rounds
    are of one size each, so the number that is run depends on the scenario alone.
    """
    if measure not in (*MILESTONES, *TOTALS):
        raise KeyError(measure)
    done: list[Batch] = []
    size = 2 * BATCH
    while True:
        first = sum(batch.replications for batch in done)

        def onward(more: int, before: int = first) -> None:
            progress(before + more)

        done += _run(scenario, first, min(size, most - first), executor, True, onward)
        result = merge(scenario, done)
        if result.half_width(measure) <= half_width or result.replications >= most:
            return result
        size = result.replications


def _run(
    scenario: Scenario,
    first: int,
    count: int,
    executor: Executor | None,
    detail: bool,
    progress: Callable[[int], object],
) -> list[Batch]:
    parts = list(batches(first, count))
    results: list[Batch] = []
    if executor is None:
        for part in parts:
            results.append(simulate(scenario.knobs, part, detail=detail))
            progress(part.stop - first)
        return results
    waiting = [executor.submit(simulate, scenario.knobs, part, detail=detail) for part in parts]
    for part, future in zip(parts, waiting, strict=True):
        results.append(future.result())
        progress(part.stop - first)
    return results
