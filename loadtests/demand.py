"""What the country asks in an hour of a week of a scenario, by the simulator's own rates: plan and load in one chain.

Bands over replications: the week's mean is what is replayed; P10, P50 and P90 of the providers that are connected by
then give the same for a lean and for a full year (`capacity`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from loadtests.errors import LoadTestError
from simulator.country import country_of
from simulator.demand import EVENTS, HOURS_PER_WEEK, decisions_per_second, events_per_hour
from simulator.errors import ScenarioError
from simulator.knobs import KINDS
from simulator.results import Result
from simulator.running import run
from simulator.scenario import Scenario, load

REPLICATIONS = 500
BANDS = ("p10", "p50", "p90")


@dataclass(frozen=True)
class Hour:
    """`decisions` and `events` a second, in the mean. `hour` of the week: 0 is Monday from midnight."""

    scenario: str
    digest: str
    week: date
    hour: int
    decisions: float
    events: dict[str, float]

    def about(self) -> dict[str, Any]:
        """For the report."""
        return {
            "scenario": self.scenario,
            "hash": self.digest,
            "week": self.week.isoformat(),
            "hour": self.hour,
            "decisions_per_second": self.decisions,
            "events_per_second": self.events,
        }


class Demand:
    """Of one scenario, week by week."""

    def __init__(self, scenario: Scenario, replications: int = REPLICATIONS) -> None:
        self.scenario = scenario
        self.result: Result = run(scenario, replications)

    @property
    def weeks(self) -> list[date]:
        """The first day of each."""
        return self.result.weeks

    def week_of(self, text: str) -> int:
        """The number in the run of an ISO week such as 2027-W09. Raises LoadTestError."""
        found = re.fullmatch(r"(\d{4})-W(\d\d)", text)
        try:
            day = date.fromisocalendar(int(found[1]), int(found[2]), 1) if found else None
        except ValueError:
            day = None
        if day is None:
            raise LoadTestError(f"--week: found {text}, expected an ISO week such as 2027-W09")
        return self.week_at(day)

    def week_at(self, day: date) -> int:
        """The number in the run of the week with this day. Raises LoadTestError."""
        weeks = self.weeks
        number = (day - weeks[0]).days // 7
        if not 0 <= number < len(weeks):
            raise LoadTestError(f"--week: {day} lies outside the scenario's run, {weeks[0]} to {weeks[-1]}")
        return number

    @property
    def busiest_week(self) -> int:
        """The first in which as many providers ask as ever do."""
        return int(np.argmax(self.result.means["pgo_ready"]))

    @property
    def dependants_of_a_practice(self) -> float:
        """Clients of one GP practice who need somebody's help to get in."""
        return float(country_of(self.scenario.knobs).dependants[KINDS.index("gp")].sum())

    def at(self, week: int, hour: int) -> Hour:
        """Any hour."""
        knobs = self.scenario.knobs
        events = {
            name: events_per_hour(knobs, name, float(self.result.events_per_week[name][week]), hour) / 3_600.0
            for name in EVENTS
        }
        decisions = self.result.decisions_per_second(week, hour)
        return Hour(self.scenario.name, self.scenario.digest, self.weeks[week], hour, decisions, events)

    def busiest(self, week: int) -> Hour:
        """The hour with most decisions."""
        rates = [self.result.decisions_per_second(week, hour) for hour in range(HOURS_PER_WEEK)]
        return self.at(week, int(np.argmax(rates)))

    def day(self, week: int) -> list[Hour]:
        """The 24 hours of the busiest day."""
        first = self.busiest(week).hour // 24 * 24
        return [self.at(week, first + hour) for hour in range(24)]

    def busiest_bands(self, week: int) -> dict[str, float]:
        """Decisions a second in the busiest hour of a week, at P10, P50 and P90 of the connected providers."""
        hour = self.busiest(week).hour
        ready = self.result.bands["pgo_ready"][week]
        knobs = self.scenario.knobs
        return {band: decisions_per_second(knobs, float(ready[i]), hour) for i, band in enumerate(BANDS)}


def demand_of(scenario: str, replications: int = REPLICATIONS) -> Demand:
    """Of a shipped scenario or a file. Raises LoadTestError."""
    try:
        return Demand(load(scenario), replications)
    except ScenarioError as wrong:
        raise LoadTestError(str(wrong)) from None
