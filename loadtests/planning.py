"""From what a user asks for to rates: a scenario's week, a stated rate, or a file, in one of the shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from loadtests import shapes
from loadtests.arrivals import read
from loadtests.demand import demand_of
from loadtests.errors import LoadTestError
from loadtests.mix import reading
from loadtests.shapes import SECONDS, Rates, Shape

FIRST_RATE: Final = 100.0
"""Decisions a second, when nothing is said."""


@dataclass(frozen=True)
class Wanted:
    """At most one of `scenario`, `rate` (decisions a second) and `curve`; `week` such as 2027-W09, of the scenario."""

    shape: Shape = "busiest-hour"
    scenario: str | None = None
    week: str | None = None
    rate: float | None = None
    curve: Path | None = None
    seconds: float | None = None
    weights: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Planned:
    """Rates for a time, and where they come from."""

    seconds: float
    make: Callable[[float], Rates]
    about: dict[str, Any]

    def rates(self, scale: float = 1.0) -> Rates:
        """So many times as much."""
        return shapes.scaled(self.make(self.seconds), scale)


def planned(wanted: Wanted) -> Planned:
    """Raises LoadTestError."""
    given = [name for name in ("scenario", "rate", "curve") if getattr(wanted, name)]
    if len(given) > 1:
        raise LoadTestError(f"--{given[0]} and --{given[1]}: say once where the rates come from")
    if wanted.week and not wanted.scenario:
        raise LoadTestError("--week goes with --scenario")
    weights = wanted.weights
    seconds = wanted.seconds or SECONDS[wanted.shape]
    about: dict[str, Any] = {"shape": wanted.shape, "weights": dict(weights)}
    if wanted.curve:
        curve = read(wanted.curve)
        return Planned(curve.seconds, lambda _: reading(curve, weights), about | {"curve": str(wanted.curve)})
    if wanted.scenario:
        return _of_scenario(wanted, wanted.scenario, seconds, about)
    if wanted.shape not in ("busiest-hour", "break"):
        raise LoadTestError(f"--shape {wanted.shape} needs a --scenario")
    rate = wanted.rate or FIRST_RATE
    return Planned(seconds, lambda length: shapes.stated(rate, length, weights), about | {"rate": rate})


def _of_scenario(wanted: Wanted, scenario: str, seconds: float, about: dict[str, Any]) -> Planned:
    demand, weights = demand_of(scenario), wanted.weights
    week = demand.week_of(wanted.week) if wanted.week else demand.busiest_week
    busiest = demand.busiest(week)
    make: dict[Shape, Callable[[float], Rates]] = {
        "busiest-hour": lambda length: shapes.hour(busiest, length, weights),
        "break": lambda length: shapes.hour(busiest, length, weights),
        "spike": lambda length: shapes.spike(busiest, length, weights),
        "soak": lambda length: shapes.soak(demand, week, length, weights),
        "day": lambda length: shapes.day(demand.day(week), length, weights),
        "wave": lambda length: shapes.wave(busiest, length, demand.dependants_of_a_practice, weights),
    }
    return Planned(seconds, make[wanted.shape], about | busiest.about() | {"title": demand.scenario.title})
