"""The result of a run: milestones by replication, weekly bands, totals and loads, added up from batches.

A result is the same whatever ran the batches and in whatever order they were done: they are merged in the order of
their replications.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from importlib.metadata import version
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.country import AGE_BANDS, SKILLS
from simulator.demand import decisions_per_second, events_per_week
from simulator.objectives import Verdict, judge
from simulator.outcome import CURVES, LOADS, MILESTONES, TOTALS, Batch
from simulator.plan import plan_of
from simulator.scenario import Scenario
from simulator.timeline import DAYS_PER_WEEK, to_date, to_day

Reals = NDArray[np.float64]

BANDS: Final = (0.1, 0.5, 0.9)
Z_95: Final = 1.959963984540054


@dataclasses.dataclass(frozen=True)
class Result:
    """`milestones` and `totals` have one value a replication, in order; `bands` one row a week, one column a BANDS.

    Milestones are days since 1 January 2020: inf where not reached within the run, nan where not known. `excluded` is
    person-weeks by replication, age band and digital skill. `wanted` are the curves' values that objectives ask for.
    """

    scenario: Scenario
    replications: int
    version: str
    grid: Reals
    milestones: dict[str, Reals]
    totals: dict[str, Reals]
    excluded: Reals
    bands: dict[str, Reals]
    means: dict[str, Reals]
    loads: dict[str, Reals]
    wanted: dict[tuple[str, float, date], float]

    @property
    def weeks(self) -> list[date]:
        """The first day of each week."""
        return [day for day in map(to_date, self.grid) if day is not None]

    def quantile(self, measure: str, quantile: float, on: date | None = None) -> float:
        """The smallest value that at least this share of the replications does not exceed."""
        if measure in CURVES:
            assert on is not None
            return self.wanted[measure, quantile, on]
        return quantile_of(self.milestones.get(measure, self.totals.get(measure)), quantile)

    def date_of(self, milestone: str, quantile: float) -> date | None:
        """A milestone's date at a quantile; None: not within the run, or not known."""
        return to_date(self.quantile(milestone, quantile))

    def share_by(self, milestone: str, on: date) -> float:
        """The share of replications that reach a milestone on or before a day."""
        return float(np.mean(self.milestones[milestone] < to_day(on) + 1.0))

    def half_width(self, measure: str) -> float:
        """Half the 95 % interval of the mean, in days or in the measure's unit; antithetic pairs count as one."""
        return half_width(self.milestones.get(measure, self.totals.get(measure)), self.scenario.knobs.antithetic)

    def excluded_by_group(self) -> dict[tuple[str, str], Reals]:
        """Person-weeks of exclusion by replication, for each age band and digital skill."""
        return {
            (band, skill): self.excluded[:, i, j] for i, band in enumerate(AGE_BANDS) for j, skill in enumerate(SKILLS)
        }

    def decisions_per_second(self, week: int, hour: int) -> float:
        """Mean load in a week of the run, in an hour of the week (0: Monday from midnight), for load tests."""
        return float(decisions_per_second(self.scenario.knobs, self.means["pgo_ready"][week], hour))

    @cached_property
    def events_per_week(self) -> dict[str, Reals]:
        """How many mandates, providers and register facts come in each week: `simulator.demand.EVENTS`."""
        return events_per_week(self.scenario.knobs, self.grid, self.means)

    def verdicts(self) -> list[Verdict]:
        """On each objective of the scenario."""
        return [judge(objective, self) for objective in self.scenario.objectives]


def quantile_of(values: Reals | None, quantile: float) -> float:
    """Without interpolation, so that it is a value that occurred; nan where nothing is known."""
    assert values is not None
    if np.isnan(values).any():
        return float("nan")
    rank = max(0, int(np.ceil(quantile * len(values) - 1e-9)) - 1)
    return float(np.partition(values, rank)[rank])


def half_width(values: Reals | None, antithetic: bool) -> float:
    """Half the 95 % interval of the mean of what was reached; inf for fewer than two values."""
    assert values is not None
    if antithetic and len(values) % 2 == 0:
        values = values.reshape(-1, 2).mean(axis=1)
    reached = values[np.isfinite(values)]
    if len(reached) < 2:
        return float("inf")
    return float(Z_95 * np.std(reached, ddof=1) / np.sqrt(len(reached)))


def merge(scenario: Scenario, batches: Sequence[Batch]) -> Result:
    """One result of batches in the order of their replications."""
    count = sum(batch.replications for batch in batches)
    grid = plan_of(scenario.knobs).grid
    asked = [o for o in scenario.objectives if o.on is not None]
    bands: dict[str, Reals] = {}
    means: dict[str, Reals] = {}
    wanted: dict[tuple[str, float, date], float] = {}
    if all(batch.curves is not None for batch in batches):
        for name in CURVES:
            # by week, then replication: sorting runs along memory
            curve = _by_week([batch.curves[name] for batch in batches if batch.curves is not None])
            means[name] = curve.mean(axis=1, dtype=np.float64)
            for objective in asked:
                if objective.measure == name and objective.on is not None:
                    week = int(np.clip((to_day(objective.on) - grid[0]) // DAYS_PER_WEEK, 0, len(grid) - 1))
                    row = curve[min(week, len(curve) - 1)].astype(np.float64)
                    wanted[name, objective.quantile, objective.on] = quantile_of(row, objective.quantile)
            curve.sort(axis=1)
            ranks = [max(0, int(np.ceil(q * curve.shape[1] - 1e-9)) - 1) for q in BANDS]
            bands[name] = curve[:, ranks].astype(np.float64)
    loads = {
        name: np.asarray(sum(batch.load_sums[name] for batch in batches if batch.load_sums is not None)) / count
        for name in LOADS
        if batches[0].load_sums is not None
    }
    return Result(
        scenario=scenario,
        replications=count,
        version=version("machtigen"),
        grid=grid,
        milestones={name: np.concatenate([batch.milestones[name] for batch in batches]) for name in MILESTONES},
        totals={name: np.concatenate([batch.totals[name] for batch in batches]) for name in TOTALS},
        excluded=np.concatenate([batch.excluded for batch in batches]),
        bands=bands,
        means=means,
        loads=loads,
        wanted=wanted,
    )


def _by_week(curves: list[NDArray[np.float32]]) -> NDArray[np.float32]:
    """Weeks by replications; a curve that is the same in all replications comes as one row."""
    if len(curves[0]) == 1 and all(len(curve) == 1 for curve in curves):
        return np.ascontiguousarray(curves[0].T)
    return np.ascontiguousarray(np.concatenate(curves).T)
