"""What is needed quarter by quarter, in a thousand draws of what nobody knows: the calculation, step by step.

decisions a second   = providers with login and mandates x clients of one x decisions a year x busiest hour
                       + questions around the mandates of those who lent a password until it was demanded
one machine          = its cores x what one worker was measured to do x (1 - headroom)
machines             = decisions a second / one machine, rounded up, and one that may fail
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from loadtests.capacity.assumptions import Assumptions, Triangle
from loadtests.capacity.measuring import Measured
from loadtests.demand import Demand
from loadtests.errors import LoadTestError
from loadtests.usl import Fit
from simulator.country import country_of
from simulator.knobs import KINDS, Knobs
from simulator.timeline import to_day

Reals = NDArray[np.float64]

DRAWS: Final = 1_000
QUARTERS_MAX: Final = 40
_YEAR_S: Final = 365.25 * 86_400.0
_WEEK_S: Final = 7 * 86_400.0
_WRITES_EACH: Final = 2.0
"""A mandate is asked for, and activated."""


@dataclass(frozen=True)
class Quarter:
    """`ready`, `decisions`, `writes` (a second, in its busiest hour) and `machines` have one value a draw.

    `bare`: machines without the spare; with fewer the busiest hour is not served.
    """

    begin: date
    ready: Reals
    decisions: Reals
    surge: Reals
    writes: Reals
    bare: Reals
    machines: Reals

    @property
    def name(self) -> str:
        """2027 Q1."""
        return f"{self.begin.year} Q{(self.begin.month + 2) // 3}"


@dataclass(frozen=True)
class Machine:
    """One, in decisions a second: by draw, and what of it may be used."""

    per_worker: Reals
    usable: Reals
    headroom: float


def quarters_between(first: date, last: date) -> list[date]:
    """The first days of the quarters from one day's to another's. Raises LoadTestError."""
    found = []
    day = first.replace(month=(first.month - 1) // 3 * 3 + 1, day=1)
    while day <= last:
        found.append(day)
        day = (day + timedelta(days=95)).replace(day=1)
    if not found or len(found) > QUARTERS_MAX:
        raise LoadTestError(f"--from {first} to {last}: expected 1 to {QUARTERS_MAX} quarters")
    return found


def machine(measured: Measured, fitted: Fit, assumptions: Assumptions, seed: int = 1) -> Machine:
    """What one does: a worker for each of its cores."""
    chance = np.random.default_rng(seed)
    most = np.array([_most(row, fitted.measured) for row in fitted.draws.tolist()])
    per_worker = chance.choice(most, DRAWS) / measured.workers
    headroom = assumptions.headroom
    return Machine(per_worker, per_worker * assumptions.machine["cores"] * (1.0 - headroom), headroom)


def _most(row: Sequence[float], measured: float) -> float:
    rate, alpha, beta = row
    return Fit(rate, alpha, beta, np.zeros((0, 3)), measured, 0.0).most


def needs(demand: Demand, days: Sequence[date], one: Machine, assumptions: Assumptions, seed: int = 1) -> list[Quarter]:
    """Each quarter that begins on one of these days; a draw is the same world in all of them."""
    knobs = demand.scenario.knobs
    chance = np.random.default_rng(seed + 1)
    drawn = {key: _drawn(chance, triangle) for key, triangle in assumptions.uncertain.items()}
    luck = chance.random(DRAWS)
    return [_quarter(demand, knobs, day, one, assumptions, drawn, luck) for day in days]


def _quarter(
    demand: Demand,
    knobs: Knobs,
    begin: date,
    one: Machine,
    assumptions: Assumptions,
    drawn: dict[str, Reals],
    luck: Reals,
) -> Quarter:
    end = (begin + timedelta(days=95)).replace(day=1)
    weeks = [n for n, week in enumerate(demand.weeks) if begin <= week < end]
    if not weeks:
        raise LoadTestError(f"{begin}: outside the scenario's run, {demand.weeks[0]} to {demand.weeks[-1]}")
    busiest = max(weeks, key=lambda week: float(demand.result.means["pgo_ready"][week]))
    ready = np.interp(luck, [0.1, 0.5, 0.9], demand.result.bands["pgo_ready"][busiest])
    peak = drawn["peak_factor"]
    usual = ready * clients_of_one(knobs) * drawn["decisions_per_client"] / _YEAR_S * peak
    mandates = (
        surge(knobs) / (drawn["surge_weeks"] * _WEEK_S) * peak * _falls_in(knobs, begin, end, drawn["surge_weeks"])
    )
    events = demand.busiest(busiest).events
    written = sum(events.values()) * peak / knobs.peak_factor
    decisions = usual + mandates * drawn["questions_per_mandate"]
    bare = np.maximum(1.0, np.ceil(decisions / one.usable))
    return Quarter(
        begin=begin,
        ready=ready,
        decisions=decisions,
        surge=mandates,
        writes=written + _WRITES_EACH * mandates,
        bare=bare,
        machines=bare + assumptions.machine["spare"],
    )


def clients_of_one(knobs: Knobs) -> float:
    """Clients of one care provider, on average (simulator.demand)."""
    country = country_of(knobs)
    clients = np.array([knobs.hospital_clients, knobs.gp_clients, knobs.mental_clients, knobs.other_clients])
    return float((country.per_kind * clients).sum() / max(1, country.care))


def surge(knobs: Knobs) -> float:
    """People whose lent password stops working when all hospitals demand the higher level: each needs a mandate."""
    if knobs.hospitals_enforce_on is None:
        return 0.0
    country = country_of(knobs)
    hospital = KINDS.index("hospital")
    return float(country.per_kind[hospital] * country.dependants[hospital].sum() * knobs.informal)


def _falls_in(knobs: Knobs, begin: date, end: date, weeks: Reals) -> Reals:
    """1 where the surge, which begins when the level is demanded, touches a quarter."""
    if knobs.hospitals_enforce_on is None:
        return np.zeros(len(weeks))
    first = to_day(knobs.hospitals_enforce_on)
    touches = (first < to_day(end)) & (first + 7.0 * weeks > to_day(begin))
    return np.asarray(touches, np.float64)


def _drawn(chance: np.random.Generator, triangle: Triangle) -> Reals:
    return np.asarray(chance.triangular(*triangle, DRAWS), np.float64)


def quantile(values: Reals, share: float) -> float:
    """Without interpolation: half a machine cannot be had."""
    return float(np.quantile(values, share, method="inverted_cdf"))
