"""Every random input of a run, drawn once, for both engines: axis 0 is replications.

Distributions: simulation.md 5.2. Each is the inverse of its distribution function at one uniform, so that a knob moves
a draw without changing which draw it is (common random numbers).
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaincinv, ndtr, ndtri

from simulator.country import LAUNCHING, Country, country_of
from simulator.knobs import Knobs
from simulator.plan import outage_hazard, plan_of
from simulator.streams import Process, uniforms
from simulator.timeline import DAYS_PER_WEEK, WEEKS_PER_QUARTER, to_day

Reals = NDArray[np.float64]

SETBACK_MOST_WEEKS = 48.0


class Drawn(NamedTuple):
    """Inputs of some replications: arrays of (replications,) or (replications, entities).

    `setback` is the whole calendar lateness in weeks, growth while unseen included; `outage_begin` and `outage_end`
    are days, disjoint and in order, with empty ones at the end. `other_open` is nan where the date is not known.
    """

    setback: Reals
    estimate: Reals
    statutory_estimate: Reals
    legal_weeks: Reals
    integration_weeks: Reals
    rollout_weeks: Reals
    release_weeks: Reals
    outage_begin: Reals
    outage_end: Reals
    direct_weeks: Reals
    other_open: Reals
    innovators: Reals
    imitators: Reals

    def one(self, index: int) -> Drawn:
        """The inputs of one replication."""
        return Drawn(*(values[index : index + 1] for values in self))


def draw(knobs: Knobs, replications: range, *, like: Knobs | None = None) -> Drawn:
    """The inputs of these replications: a pure function of the knobs (seed among them) and their numbers.

    `like`: other knobs that are known to have the same plan and country, whose plan and country are then used.
    """
    which = np.arange(replications.start, replications.stop, dtype=np.uint64)

    def uniform(process: Process) -> tuple[Reals, ...]:
        return tuple(u[:, 0] for u in each(process, np.zeros(1, np.int64)))

    def each(process: Process, entities: NDArray[np.int64]) -> tuple[Reals, ...]:
        return uniforms(knobs.seed, which, process, entities.astype(np.uint64), antithetic=knobs.antithetic)

    plan, country = plan_of(like or knobs), country_of(like or knobs)
    happens, size, _, _ = uniform(Process.SETBACK)
    estimate, statutory, _, _ = uniform(Process.ESTIMATE)
    begins, imitates, _, _ = uniform(Process.ADOPTION)
    integration, rollout, release, _ = each(Process.SUPPLIER, country.entity)
    open_at = uniform(Process.OTHER_SECTORS)[0] * knobs.other_sectors_spread * DAYS_PER_WEEK
    known = knobs.other_sectors_open
    return Drawn(
        setback=_setback(knobs, happens, size, plan.growth),
        estimate=knobs.estimate_error * np.exp(knobs.estimate_sigma * ndtri(estimate)),
        statutory_estimate=knobs.estimate_error * np.exp(knobs.estimate_sigma * ndtri(statutory)),
        legal_weeks=knobs.legal_weeks * np.exp(knobs.legal_sigma * ndtri(uniform(Process.LEGAL)[0])),
        integration_weeks=_between(knobs.integration_low, knobs.integration_high, integration),
        rollout_weeks=_rollout(knobs, country, rollout),
        release_weeks=_release(knobs, release),
        **_outages(knobs, plan.end, each),
        direct_weeks=_direct(knobs, country, each),
        other_open=np.full(len(which), np.nan) if known is None else to_day(known) + open_at,
        innovators=knobs.innovators * np.exp(knobs.adoption_sigma * ndtri(begins)),
        imitators=knobs.imitators * np.exp(knobs.adoption_sigma * ndtri(imitates)),
    )


def _between(low: float, high: float, u: Reals) -> Reals:
    return np.asarray(low + (high - low) * u, np.float64)


def _setback(knobs: Knobs, happens: Reals, size: Reals, growth: float) -> Reals:
    """Bernoulli times an exponential cut off at 48 weeks; an unseen one grows (letter O4)."""
    if knobs.setback is not None:
        weeks = np.full(len(happens), knobs.setback)
    else:
        within = 1.0 - np.exp(-SETBACK_MOST_WEEKS / knobs.setback_mean)
        weeks = np.where(happens < knobs.setback_p, -knobs.setback_mean * np.log1p(-size * within), 0.0)
    return np.where(weeks > 0.0, weeks + growth, 0.0)


def _rollout(knobs: Knobs, country: Country, u: Reals) -> Reals:
    weeks = _between(knobs.rollout_low, knobs.rollout_high, u)
    weeks[:, LAUNCHING] = knobs.launch_weeks
    return weeks


def _release(knobs: Knobs, u: Reals) -> Reals:
    """Launching customers have the mandates as soon as these are live: they helped to test them."""
    weeks = _between(knobs.release_low, knobs.release_high, u)
    weeks[:, LAUNCHING] = 0.0
    return weeks


def _outages(knobs: Knobs, end: float, each: object) -> dict[str, Reals]:
    """A Poisson process through its cumulative hazard; overlapping outages run together."""
    assert callable(each)
    hazard = outage_hazard(knobs)
    days = np.array([day for day, _ in hazard] + [max(end, hazard[-1][0])])
    rates = np.array([rate for _, rate in hazard])
    expected = np.concatenate([[0.0], np.cumsum(rates * np.diff(days))])
    most = int(np.ceil(expected[-1] + 6.0 * np.sqrt(expected[-1]))) + 1 if expected[-1] > 0.0 else 0
    first, lasts, _, _ = each(Process.INCIDENT, np.arange(most))
    reached = np.cumsum(-np.log(first), axis=1)
    begin = np.interp(reached, expected, days)
    length = knobs.incident_median * np.exp(knobs.incident_sigma * ndtri(lasts))
    # the hazard may be known beyond the run's end: what begins there is none of this run
    begin = np.where(reached < expected[-1], np.minimum(begin, end), end)
    over = np.where(reached < expected[-1], np.minimum(begin + length, end), end)
    over = np.maximum.accumulate(over, axis=1)
    begin[:, 1:] = np.maximum(begin[:, 1:], over[:, :-1])
    keep = int((begin < over).any(axis=0).sum())
    return {"outage_begin": begin[:, :keep], "outage_end": over[:, :keep]}


@lru_cache(maxsize=64)
def _gamma_table(cv: float) -> tuple[Reals, Reals]:
    """Normal quantiles and the Gamma of mean 1 and this coefficient of variation there."""
    z = np.linspace(-8.0, 8.0, 4_001)
    shape = 1.0 / cv**2
    return z, np.asarray(gammaincinv(shape, ndtr(z)) / shape, np.float64)


def gamma_of_mean_one(cv: float, u: Reals) -> Reals:
    """A Gamma variable of mean 1 at these uniforms; exactly 1 without scatter, exponential at `cv` 1."""
    if cv == 0.0:
        return np.ones_like(u)
    if cv == 1.0:
        return np.asarray(-np.log1p(-u), np.float64)
    return np.asarray(np.interp(ndtri(u), *_gamma_table(cv)), np.float64)


def direct_targets(knobs: Knobs, country: Country) -> int:
    """Who takes the direct route: nobody, all care, or (mixed) the organisations of other sectors (letter V3)."""
    return {"routed": 0, "direct": country.care, "mixed": knobs.other_organisations}[knobs.pathway]


def _direct(knobs: Knobs, country: Country, each: object) -> Reals:
    """Weeks that each direct connection takes, one after the other; as many as the horizon can hold."""
    assert callable(each)
    mean = WEEKS_PER_QUARTER / knobs.direct_rate * knobs.direct_effort if knobs.direct_rate else np.inf
    fits = knobs.horizon_weeks / (mean + knobs.direct_wait)
    most = min(direct_targets(knobs, country), int(np.ceil(fits + 6.0 * knobs.direct_cv * np.sqrt(fits))) + 4)
    if not np.isfinite(mean):
        most = 0
    u = each(Process.DIRECT, np.arange(most))[0]
    return np.asarray(mean * gamma_of_mean_one(knobs.direct_cv, u) + knobs.direct_wait if most else u, np.float64)
