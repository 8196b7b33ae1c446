"""Two scenarios under common random numbers: the difference, replication by replication, with its bands.

Both scenarios see the same chance, so that a difference is the plan's and not luck's. Days for milestones, the
measure's own unit else.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.knobs import METAS
from simulator.outcome import MILESTONES
from simulator.results import BANDS, Result, half_width, quantile_of
from simulator.running import run
from simulator.scenario import Scenario

Reals = NDArray[np.float64]

COMPARED: Final = (
    "mandate_live",
    "login_90",
    "pgo_half",
    "pgo_90",
    "register_live",
    "excluded_person_weeks",
    "cost_euro",
)
"""The measures that are set side by side, in the order in which a report shows them."""


@dataclasses.dataclass(frozen=True)
class Difference:
    """Other minus base, replication by replication. `bands` at BANDS; inf: one of the two is not within the run.

    `mean` and `half_width` (95 %) are over the `finite` share of the pairs; nan and inf where there is none.
    """

    measure: str
    bands: tuple[float, ...]
    mean: float
    half_width: float
    finite: float


@dataclasses.dataclass(frozen=True)
class Comparison:
    """Another scenario's result beside the base's, and the differences by measure."""

    other: Result
    differences: tuple[Difference, ...]

    def of(self, measure: str) -> Difference:
        """The difference in one measure."""
        return next(difference for difference in self.differences if difference.measure == measure)


def compare(
    base: Result,
    other: Scenario,
    *,
    executor: Executor | None = None,
    detail: bool = True,
    progress: Callable[[int], object] = lambda done: None,
) -> Comparison:
    """Run another scenario with the base's seed and replications, and set it beside the base."""
    knobs = base.scenario.knobs
    same = other.changed(seed=knobs.seed, antithetic=knobs.antithetic)
    result = run(same, base.replications, executor=executor, detail=detail, progress=progress)
    return Comparison(result, tuple(_difference(measure, base, result) for measure in COMPARED))


def changed_knobs(base: Scenario, other: Scenario) -> list[str]:
    """Names of the knobs that differ, except the number of replications and the random numbers."""
    same = ("replications", "seed", "antithetic")
    return [name for name in METAS if name not in same and getattr(base.knobs, name) != getattr(other.knobs, name)]


def _difference(measure: str, base: Result, other: Result) -> Difference:
    before, after = _values(base, measure), _values(other, measure)
    with np.errstate(invalid="ignore"):
        # neither within the run: no difference is seen; less than a millionth is the rounding of sums
        values = np.where(np.isinf(before) & np.isinf(after), 0.0, np.round(after - before, 6))
    finite = np.isfinite(values)
    return Difference(
        measure=measure,
        bands=tuple(quantile_of(values, q) for q in BANDS),
        mean=float(values[finite].mean()) if finite.any() else float("nan"),
        half_width=half_width(values, base.scenario.knobs.antithetic),
        finite=float(finite.mean()),
    )


def _values(result: Result, measure: str) -> Reals:
    return result.milestones[measure] if measure in MILESTONES else result.totals[measure]
