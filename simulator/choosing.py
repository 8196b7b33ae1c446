"""A stated choice: every option under the same random numbers, the best by a measure, and the regret of the others.

Regret of an option: how much worse it does, replication by replication, than the best option of that replication; its
mean is what deciding now costs against knowing the future. The option with the least mean regret is also the one with
the best mean; what regret adds is how much is at stake.
"""

from __future__ import annotations

import dataclasses
import difflib
import itertools
from concurrent.futures import Executor
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.errors import ScenarioError
from simulator.knobs import KINDS
from simulator.outcome import MILESTONES, TOTALS
from simulator.results import half_width, quantile_of
from simulator.running import run
from simulator.scenario import Scenario
from simulator.timeline import DAYS_PER_WEEK

Reals = NDArray[np.float64]

CHOICES: Final[dict[str, tuple[str, tuple[object, ...]]]] = {
    "slots": ("routing_slots", (1, 2, 3, 4, 6, 8)),
    "enforcement": ("enforce_policy", ("immediately", "with_mandate")),
    "sectors": ("sector_order", tuple(itertools.permutations(KINDS))),
    "staff": ("staff", (10.0, 15.0, 20.0, 30.0, 40.0, 60.0)),
}
"""What may be chosen: a name, its knob, and the options."""


@dataclasses.dataclass(frozen=True)
class Option:
    """One option: mean and P90 of the measure, mean regret with half its 95 % interval, and its cost in euros.

    Measures of time are weeks since the run's start.
    """

    value: object
    mean: float
    p90: float
    regret: float
    regret_half_width: float
    cost_euro: float


@dataclasses.dataclass(frozen=True)
class Choice:
    """All options, the best first."""

    name: str
    knob: str
    measure: str
    replications: int
    options: tuple[Option, ...]


def choose(
    scenario: Scenario,
    name: str,
    *,
    measure: str = "excluded_person_weeks",
    replications: int = 500,
    executor: Executor | None = None,
) -> Choice:
    """Try each option of a choice. ScenarioError for a choice or a measure that does not exist."""
    if name not in CHOICES:
        raise ScenarioError(f"no such choice {name!r}; there are {', '.join(CHOICES)}", key="--optimise")
    if measure not in (*MILESTONES, *TOTALS):
        near = difflib.get_close_matches(measure, (*MILESTONES, *TOTALS), 1, 0.5)
        raise ScenarioError(f"no such measure{f'; did you mean {near[0]}?' if near else ''}", key=measure)
    knob, values = CHOICES[name]
    outcomes, costs = [], []
    for value in values:
        result = run(scenario.changed(**{knob: value}), replications, executor=executor, detail=False)
        outcomes.append(_weighed(scenario, measure, result.milestones.get(measure, result.totals.get(measure))))
        costs.append(float(result.totals["cost_euro"].mean()))
    table = np.stack(outcomes)
    regrets = table - table.min(axis=0)
    options = [
        Option(
            value=value,
            mean=float(table[i].mean()),
            p90=quantile_of(table[i], 0.9),
            regret=float(regrets[i].mean()),
            regret_half_width=half_width(regrets[i], scenario.knobs.antithetic),
            cost_euro=costs[i],
        )
        for i, value in enumerate(values)
    ]
    # equally good: the cheaper
    options.sort(key=lambda option: (option.mean, option.cost_euro))
    return Choice(name, knob, measure, replications, tuple(options))


def _weighed(scenario: Scenario, measure: str, values: Reals | None) -> Reals:
    """As something to make small: dates as weeks, at most the horizon; what is good as its opposite."""
    assert values is not None
    if measure in MILESTONES:
        end = float(scenario.knobs.horizon_weeks)
        return np.minimum(np.nan_to_num(values, nan=np.inf) / DAYS_PER_WEEK, end)
    return -values if measure in ("connected_at_end", "direct_fte_weeks_avoided") else values
