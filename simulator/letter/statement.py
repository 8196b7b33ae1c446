"""A statement of the letter, and what the functions that measure one have in common."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.events.engine import Run
from simulator.events.engine import simulate as run_events
from simulator.knobs import Knobs
from simulator.outcome import Batch
from simulator.scenario import load
from simulator.timeline import to_date, to_day
from simulator.vectorised.engine import simulate

Reals = NDArray[np.float64]

JUNE: Final = load("june_2020").knobs
JANUARY: Final = load("january_2020").knobs
T0: Final = to_day(JUNE.decision_date)


class Finding(NamedTuple):
    """Whether the sentence is true of a scenario, and what the model says, in figures."""

    holds: bool
    says: str


class Statement(NamedTuple):
    """`quote` is the letter's Dutch, `meaning` ours; true of `knobs`, not of `otherwise`, which `unless` describes."""

    number: int
    paragraph: str
    quote: str
    meaning: str
    knobs: Knobs
    otherwise: Knobs
    unless: str
    measure: Callable[[Knobs], Finding]


STATEMENTS: Final[dict[int, Statement]] = {}


def statement(
    number: int,
    paragraph: str,
    quote: str,
    meaning: str,
    *,
    knobs: Knobs = JUNE,
    otherwise: Knobs | dict[str, object],
    unless: str,
) -> Callable[[Callable[[Knobs], Finding]], Callable[[Knobs], Finding]]:
    """Enter a measure in STATEMENTS. `otherwise` is a set of knobs, or what differs from `knobs`."""
    other = otherwise if isinstance(otherwise, Knobs) else knobs.changed(**otherwise)
    assert number not in STATEMENTS
    assert other != knobs

    def enter(measure: Callable[[Knobs], Finding]) -> Callable[[Knobs], Finding]:
        STATEMENTS[number] = Statement(number, paragraph, quote, meaning, knobs, other, unless, measure)
        return measure

    return enter


def certain(knobs: Knobs) -> Knobs:
    """The same plan without chance on its dates: no drawn setback, no outages, no scatter of work or law."""
    fixed = knobs.setback if knobs.setback is not None else 0.0
    return knobs.changed(setback=fixed, incident_rate=0.0, estimate_sigma=0.0, legal_sigma=0.0)


@lru_cache(maxsize=128)
def batch(knobs: Knobs, replications: int = 200) -> Batch:
    """Milestones and totals of some replications."""
    return simulate(knobs, range(replications), detail=False)


@lru_cache(maxsize=16)
def detailed(knobs: Knobs, replications: int = 100) -> Batch:
    """The same with weekly curves."""
    return simulate(knobs, range(replications))


@lru_cache(maxsize=32)
def events(knobs: Knobs, replication: int = 0) -> Run:
    """One replication in the event engine."""
    return run_events(knobs, replication)


def day(knobs: Knobs, milestone: str) -> float:
    """The day of a milestone in the first replication."""
    return float(batch(knobs, 1).milestones[milestone][0])


def on(value: float) -> str:
    """A day as a date, for people."""
    return str(to_date(value) or "never")


def curve(knobs: Knobs, name: str, replications: int = 100) -> Reals:
    """A weekly curve by replication."""
    curves = detailed(knobs, replications).curves
    assert curves is not None
    return curves[name].astype(np.float64)


def week_of(knobs: Knobs, at: date) -> int:
    """The last week that begins on or before a date."""
    return int((to_day(at) - to_day(knobs.start)) // 7)


def chance(knobs: Knobs, milestone: str, by: date, replications: int = 1_000) -> float:
    """The share of replications that reach a milestone on or before a date."""
    return float(np.mean(batch(knobs, replications).milestones[milestone] < to_day(by) + 1.0))
