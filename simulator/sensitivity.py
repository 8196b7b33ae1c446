"""Which knobs matter: Morris screening and Sobol indices (SALib), under common random numbers.

Every point runs the same replications, so a difference between points is the knobs' and not chance. Points that differ
only in knobs that act through the drawn inputs run together as one array.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from SALib.analyze import morris as morris_analysis
from SALib.analyze import sobol as sobol_analysis
from SALib.sample import morris as morris_sample
from SALib.sample import sobol as sobol_sample

from simulator.drawing import Drawn, draw
from simulator.knobs import Knobs, meta
from simulator.timeline import DAYS_PER_WEEK
from simulator.vectorised.engine import simulate_drawn

Reals = NDArray[np.float64]

FACTORS: Final[dict[str, tuple[float, float]]] = {
    "gp_practices": (2_500, 7_500),
    "routing_slots": (1, 6),
    "integration_high": (6, 12),
    "setback_p": (0, 0.8),
    "setback_mean": (1, 12),
}
"""What is varied, and between which values: estimates around the defaults."""
MEASURES: Final = ("excluded_person_weeks", "weeks_to_90_login", "mandate_live_week")
DRAWN_ONLY: Final = frozenset(
    {
        "setback_p",
        "setback_mean",
        "integration_low",
        "integration_high",
        "rollout_low",
        "rollout_high",
        "release_low",
        "release_high",
        "legal_weeks",
        "legal_sigma",
        "estimate_error",
        "estimate_sigma",
    }
)
"""Knobs that reach the engine through the drawn inputs alone."""
MORRIS_TRAJECTORIES: Final = 20
SOBOL_BASE: Final = 64
POINT_REPLICATIONS: Final = 20
SWING_REPLICATIONS: Final = 200


@dataclasses.dataclass(frozen=True)
class Sensitivity:
    """Per measure and knob. Morris: `mu_star` (mean size of an effect) and `sigma`; Sobol: `first` and `total`."""

    method: str
    points: int
    replications: int
    figures: dict[str, dict[str, dict[str, float]]]

    def ranked(self, measure: str) -> list[tuple[str, dict[str, float]]]:
        """Knobs with the most influence first: what a tornado shows."""
        by = "mu_star" if self.method == "morris" else "total"
        return sorted(self.figures[measure].items(), key=lambda item: -item[1][by])


@dataclasses.dataclass(frozen=True)
class Swing:
    """One knob between two values, and the means of the measures at both; `own` is the scenario's value."""

    own: float
    low: float
    high: float
    at_low: dict[str, float]
    at_high: dict[str, float]


@dataclasses.dataclass(frozen=True)
class Swings:
    """A tornado: the means as the scenario has it, and the swing of each knob."""

    points: int
    replications: int
    base: dict[str, float]
    swings: dict[str, Swing]


def evaluate(knobs: Knobs, names: list[str], points: Reals, replications: int = POINT_REPLICATIONS) -> dict[str, Reals]:
    """The mean of each measure at each point."""
    together: dict[Knobs, list[tuple[int, Drawn]]] = defaultdict(list)
    for index, point in enumerate(points):
        values = {
            name: round(float(x)) if meta(name).kind == "integer" else float(x)
            for name, x in zip(names, point, strict=True)
        }
        at = knobs.changed(**values)
        common = knobs.changed(**{name: value for name, value in values.items() if name not in DRAWN_ONLY})
        together[common].append((index, draw(at, range(replications), like=common)))
    found = {measure: np.empty(len(points)) for measure in MEASURES}
    for common, members in together.items():
        stacked = Drawn(*(np.concatenate(columns) for columns in zip(*(drawn for _, drawn in members), strict=True)))
        batch = simulate_drawn(common, stacked, detail=False, ranked=("login_90",))
        # what the horizon cuts off counts as the horizon
        end = float(common.horizon_weeks)
        outcomes = {
            "excluded_person_weeks": batch.totals["excluded_person_weeks"],
            "weeks_to_90_login": np.minimum(batch.milestones["login_90"] / DAYS_PER_WEEK, end),
            "mandate_live_week": np.minimum(batch.milestones["mandate_live"] / DAYS_PER_WEEK, end),
        }
        for measure, outcome in outcomes.items():
            means = outcome.reshape(len(members), replications).mean(axis=1)
            found[measure][[index for index, _ in members]] = means
    return found


def morris(knobs: Knobs, factors: dict[str, tuple[float, float]] | None = None, seed: int = 1) -> Sensitivity:
    """Screening: 20 trajectories through the factors, 120 points for the five of FACTORS."""
    problem = _problem(factors or FACTORS)
    points = morris_sample.sample(problem, MORRIS_TRAJECTORIES, num_levels=4, seed=seed)
    figures = {}
    for measure, values in evaluate(knobs, problem["names"], points).items():
        found = morris_analysis.analyze(problem, points, values, num_levels=4, seed=seed)
        figures[measure] = {
            name: {"mu_star": float(found["mu_star"][i]), "sigma": float(found["sigma"][i])}
            for i, name in enumerate(problem["names"])
        }
    return Sensitivity("morris", len(points), POINT_REPLICATIONS, figures)


def sobol(knobs: Knobs, factors: dict[str, tuple[float, float]] | None = None, seed: int = 1) -> Sensitivity:
    """Shares of the variance, alone (`first`) and with all others (`total`): 448 points for the five of FACTORS."""
    problem = _problem(factors or FACTORS)
    points = sobol_sample.sample(problem, SOBOL_BASE, calc_second_order=False, seed=seed)
    figures = {}
    for measure, values in evaluate(knobs, problem["names"], points).items():
        if np.ptp(values) == 0.0:
            # nothing varies, so nothing has a share in it
            figures[measure] = {name: {"first": 0.0, "total": 0.0} for name in problem["names"]}
            continue
        found = sobol_analysis.analyze(problem, values, calc_second_order=False, num_resamples=20, seed=seed)
        figures[measure] = {
            name: {"first": float(found["S1"][i]), "total": float(found["ST"][i])}
            for i, name in enumerate(problem["names"])
        }
    return Sensitivity("sobol", len(points), POINT_REPLICATIONS, figures)


def one_at_a_time(knobs: Knobs, factors: dict[str, tuple[float, float]] | None = None) -> Swings:
    """Each factor at its low and its high value while all others stay as the scenario has them: a tornado."""
    factors = factors or FACTORS
    names = list(factors)
    own = [float(getattr(knobs, name)) for name in names]
    points = [own]
    for index, bounds in enumerate(factors.values()):
        points += [[*own[:index], bound, *own[index + 1 :]] for bound in bounds]
    found = evaluate(knobs, names, np.array(points), SWING_REPLICATIONS)
    return Swings(
        points=len(points),
        replications=SWING_REPLICATIONS,
        base={measure: float(values[0]) for measure, values in found.items()},
        swings={
            name: Swing(
                own=own[index],
                low=factors[name][0],
                high=factors[name][1],
                at_low={measure: float(values[1 + 2 * index]) for measure, values in found.items()},
                at_high={measure: float(values[2 + 2 * index]) for measure, values in found.items()},
            )
            for index, name in enumerate(names)
        },
    )


def _problem(factors: dict[str, tuple[float, float]]) -> dict[str, Any]:
    return {"num_vars": len(factors), "names": list(factors), "bounds": [list(bounds) for bounds in factors.values()]}
