"""What follows from the knobs alone: the calendar of the run, the pool's speed, the work that the plan counted on.

Work is counted in weeks of the project pool as it stood in June 2020, which is what the knobs' defaults describe; so
there the speed is 1. What happened before the decision date has happened: only `capacity` reaches back before it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.knobs import Knobs
from simulator.timeline import DAYS_PER_WEEK, WEEKS_PER_YEAR, Window, to_date, to_day, windows

Reals = NDArray[np.float64]

BEGIN_2021: Final = date(2021, 2, 1)
"""What "begin 2021" is planned against where a scenario has no freeze: the day on which the letter's would begin."""
_BEYOND_DAYS: Final = 200_000.0


class Plan(NamedTuple):
    """Days since 1 January 2020, work in weeks of the pool of June 2020.

    `speed[i]` holds from `turns[i]` to `turns[i + 1]`. `growth` is what an unseen setback grows by, in weeks.
    `priorities` are (from day, priority), the later one effective at a review.
    """

    begin: float
    end: float
    freeze: tuple[Window, ...]
    mandate_plan: float
    mandate_work: float
    test_work: float
    work_begins: float
    turns: Reals
    speed: Reals
    growth: float
    priorities: tuple[tuple[float, str], ...]

    @property
    def grid(self) -> Reals:
        """The days at which weeks begin, and the end."""
        weeks = np.arange(round((self.end - self.begin) / DAYS_PER_WEEK) + 1)
        return np.asarray(self.begin + DAYS_PER_WEEK * weeks, np.float64)


def usl(people: float, alpha: float, beta: float) -> float:
    """Throughput of `people` relative to one (Universal Scalability Law, simulation.md chapter 2)."""
    return people / (1.0 + alpha * (people - 1.0) + beta * people * (people - 1.0))


def most_useful_staff(knobs: Knobs) -> float:
    """N*: beyond it more people mean less work done; infinite without a coherence cost."""
    return float(np.sqrt((1.0 - knobs.usl_alpha) / knobs.usl_beta)) if knobs.usl_beta else float("inf")


def project_share(knobs: Knobs, day: float) -> float:
    """The share of the pool that is left for projects: continuity first, then the change programme while it runs."""
    change = knobs.change_share if day <= to_day(knobs.change_until) else 0.0
    return max(0.0, 1.0 - knobs.continuity_reserved - change)


def project_speed(knobs: Knobs, day: float) -> float:
    """Speed outside freeze and outages; 1 is the pool of June 2020."""
    now = to_day(knobs.decision_date)
    if day < now:
        return knobs.capacity
    people = knobs.staff if day >= to_day(knobs.staff_from) else _JUNE.staff
    throughput = usl(people, knobs.usl_alpha, knobs.usl_beta) / usl(_JUNE.staff, knobs.usl_alpha, knobs.usl_beta)
    productivity = (knobs.mismatch_factor if knobs.method_mismatch else 1.0) / _JUNE.mismatch_factor
    share = project_share(knobs, day) / project_share(_JUNE, to_day(_JUNE.decision_date))
    return knobs.capacity * throughput * productivity * share


def steering_at(knobs: Knobs, day: float) -> float:
    """How well slips are seen: a boost from the letter on, structural steering growing later (letter P1)."""
    if day < to_day(knobs.decision_date):
        return knobs.steering
    boosted = min(1.0, knobs.steering + knobs.steering_boost)
    ramp = (day - to_day(knobs.steering_from)) / (knobs.steering_ramp * DAYS_PER_WEEK)
    return boosted + (1.0 - boosted) * min(1.0, max(0.0, ramp))


def next_review(knobs: Knobs, day: float) -> float:
    """The first review on or after `day`; without reviews at once (letter O1)."""
    step = knobs.monitoring_weeks * DAYS_PER_WEEK
    if step == 0.0:
        return day
    begin = to_day(knobs.start)
    return begin + step * float(np.ceil((day - begin) / step - 1e-9))


@lru_cache(maxsize=256)
def plan_of(knobs: Knobs) -> Plan:
    """The plan of a scenario: a pure function of its knobs. ValueError for freeze windows that are none."""
    begin = to_day(knobs.start)
    end = begin + knobs.horizon_weeks * DAYS_PER_WEEK
    last = to_date(end)
    freeze = windows(
        knobs.freeze,
        first_year=knobs.freeze_first_year,
        last_year=min(9998, (last.year if last else 9997) + 1),
        remobilise_weeks=knobs.remobilise_weeks,
    )
    planned = _planned_day(knobs, freeze)
    work = (planned - begin) / DAYS_PER_WEEK
    late = knobs.mandate_waits_for_login
    turns, speed = _speed_pieces(knobs, freeze, begin, end)
    unseen_weeks = knobs.detection_weeks * (1.0 - steering_at(knobs, planned - knobs.test_lead * DAYS_PER_WEEK))
    priorities = [(begin, knobs.priority)]
    if knobs.reprioritise_on is not None:
        priorities.append((next_review(knobs, to_day(knobs.reprioritise_on)), knobs.reprioritise_to))
    return Plan(
        begin=begin,
        end=end,
        freeze=tuple(freeze),
        mandate_plan=planned,
        mandate_work=work,
        test_work=max(0.0, work - knobs.test_lead),
        work_begins=to_day(knobs.scale_start) if late else begin,
        turns=turns,
        speed=speed,
        growth=knobs.slip_growth * unseen_weeks,
        priorities=tuple(priorities),
    )


def _planned_day(knobs: Knobs, freeze: list[Window]) -> float:
    """The stated plan, or `slack_weeks` before the first freeze of the run."""
    if knobs.mandate_plan is not None:
        return to_day(knobs.mandate_plan)
    first = next((window.begin for window in freeze if window.begin > to_day(knobs.start)), to_day(BEGIN_2021))
    return first - knobs.slack_weeks * DAYS_PER_WEEK


def _speed_pieces(knobs: Knobs, freeze: list[Window], begin: float, end: float) -> tuple[Reals, Reals]:
    """The pool's speed from `begin` until long after `end`, so that every finite job ends somewhere."""
    after_change = to_day(knobs.change_until + timedelta(days=1))
    edges = {begin, end + _BEYOND_DAYS, to_day(knobs.decision_date), to_day(knobs.staff_from), after_change}
    edges |= {day for window in freeze for day in (window.begin, window.resumes)}
    turns = np.array(sorted(day for day in edges if day >= begin))
    speed = np.array(
        [0.0 if any(w.begin <= day < w.resumes for w in freeze) else project_speed(knobs, day) for day in turns[:-1]]
    )
    return turns, speed


def outage_hazard(knobs: Knobs) -> list[tuple[float, float]]:
    """Outages per day as (from day, rate), counted from the decision: what came before is in the plan."""
    rate = knobs.incident_rate / (WEEKS_PER_YEAR * DAYS_PER_WEEK)
    begin = max(to_day(knobs.decision_date), to_day(knobs.start))
    after = to_day(knobs.change_until + timedelta(days=1))
    if not knobs.change_share or after <= begin:
        return [(begin, rate)]
    return [(begin, rate), (after, rate * knobs.change_effect)]


_JUNE: Final = Knobs()
