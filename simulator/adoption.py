"""Citizens who record a mandate, week by week: Bass diffusion, online or at a counter, by digital skill.

One step of a week, for any number of replications at once; both engines take the same step. The counter is a queue of
which people give up (simulation.md 5.2); whoever gives up or does not succeed online is a candidate again.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.knobs import Knobs
from simulator.timeline import DAYS_PER_WEEK, to_day

Reals = NDArray[np.float64]


class Adoption(NamedTuple):
    """People. `waiting` is the counters' queue; `arrived`, `served` and `gave_up` count since the begin."""

    low_skilled: Reals
    others: Reals
    waiting: Reals
    arrived: Reals
    served: Reals
    gave_up: Reals


def nobody(runs: int) -> Adoption:
    """Before anybody has begun."""
    return Adoption(*(np.zeros(runs) for _ in range(6)))


def website_live(knobs: Knobs) -> float:
    """The day on which the new site opens; its team is not the pool."""
    return to_day(knobs.start) + knobs.website_effort * DAYS_PER_WEEK


def completion(knobs: Knobs, day: float) -> float:
    """The share of online attempts that succeed: a step with the new site, then improvement without an end."""
    weeks = (day - website_live(knobs)) / DAYS_PER_WEEK
    if weeks < 0.0:
        return knobs.completion_before
    best = max(knobs.completion_best, knobs.completion_after)
    return float(best - (best - knobs.completion_after) * np.exp(-knobs.improvement * weeks))


def counter_capacity(knobs: Knobs) -> float:
    """Registrations that all counters together can make in a week."""
    return knobs.counter_servers * knobs.counter_hours * 60.0 / knobs.counter_minutes


def a_week(knobs: Knobs, day: float, state: Adoption, innovators: Reals, imitators: Reals) -> Adoption:
    """The state a week after `day`."""
    succeed = completion(knobs, day)
    open_now = day >= to_day(knobs.counter_live)
    potential = knobs.low_skilled + knobs.skilled_users
    pull = innovators + imitators * (state.low_skilled + state.others) / potential
    low_tries = pull * (knobs.low_skilled - state.low_skilled)
    other_tries = pull * (knobs.skilled_users - state.others)
    low_online, other_online = low_tries * knobs.online_low_skill, other_tries * knobs.online_other
    low = state.low_skilled + low_online * succeed
    others = state.others + other_online * succeed
    if not open_now:
        return state._replace(low_skilled=np.minimum(low, knobs.low_skilled), others=others)
    arrived = low_tries - low_online
    demand = state.waiting + arrived
    served = np.minimum(demand, counter_capacity(knobs))
    served = np.minimum(served, np.maximum(knobs.low_skilled - low, 0.0))
    gave_up = (demand - served) * knobs.counter_patience
    return Adoption(
        low_skilled=low + served,
        others=others,
        waiting=demand - served - gave_up,
        arrived=state.arrived + arrived,
        served=state.served + served,
        gave_up=state.gave_up + gave_up,
    )
