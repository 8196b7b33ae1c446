"""What the connected providers and the country ask of the service, hour by hour: one chain from plan to load test.

The week's shape is an estimate: working hours, a peak on weekday mornings; `peak_factor` is the busiest hour over the
mean hour (simulation.md 3.2: 5 to 10; 403 M DigiD logins in 2020 are 12.7 a second on average).
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from simulator.country import country_of
from simulator.knobs import Knobs
from simulator.registers import administrated_at
from simulator.timeline import DAYS_PER_WEEK, WEEKS_PER_YEAR

Reals = NDArray[np.float64]

EVENTS: Final = (
    "mandates_requested",
    "mandates_activated",
    "mandates_withdrawn",
    "providers_advanced",
    "register_facts",
)
"""What is written, beside the decisions that are asked."""
BY_PEOPLE: Final = frozenset({"mandates_requested", "mandates_activated", "mandates_withdrawn"})
HOURS_PER_WEEK: Final = 168
_SECONDS_PER_YEAR: Final = 365.25 * 86_400.0


@lru_cache(maxsize=32)
def week_shape(peak_factor: float) -> NDArray[np.float64]:
    """168 hours from Monday midnight, of mean 1, the busiest `peak_factor`."""
    hour = np.arange(HOURS_PER_WEEK)
    of_day = hour % 24
    shape = np.exp(-(((of_day - 10.0) / 3.0) ** 2)) + 0.7 * np.exp(-(((of_day - 19.5) / 2.5) ** 2)) + 0.02
    shape *= np.where(hour >= 120, 0.4, 1.0)
    low, high = 0.0, 50.0
    for _ in range(80):
        power = 0.5 * (low + high)
        raised = (shape / shape.max()) ** power
        low, high = (power, high) if 1.0 / raised.mean() < peak_factor else (low, power)
    return np.asarray(raised / raised.mean(), np.float64)


def decisions_per_second(knobs: Knobs, ready_providers: float, hour: int) -> float:
    """Load when so many providers have both login and mandates."""
    country = country_of(knobs)
    clients = np.array([knobs.hospital_clients, knobs.gp_clients, knobs.mental_clients, knobs.other_clients])
    each = float((country.per_kind * clients).sum() / max(1, country.care))
    mean = ready_providers * each * knobs.decisions_per_client / _SECONDS_PER_YEAR
    return mean * float(week_shape(knobs.peak_factor)[hour % HOURS_PER_WEEK])


@lru_cache(maxsize=1)
def office_shape() -> NDArray[np.float64]:
    """168 hours from Monday midnight, of mean 1: Monday to Friday, nine to five, and nothing else."""
    hour = np.arange(HOURS_PER_WEEK)
    open_now = (hour < 120) & (hour % 24 >= 9) & (hour % 24 < 17)
    return np.asarray(open_now / open_now.mean(), np.float64)


def events_per_week(knobs: Knobs, grid: NDArray[np.float64], means: dict[str, NDArray[np.float64]]) -> dict[str, Reals]:
    """How many of each of EVENTS happen in each week of the run, in the mean; in the last as in the one before.

    A mandate is requested by who then gets it online, joins the queue at a counter, or gives up there. A provider
    advances when it gets its login and when it gets mandates. Registers tell of rulings, of deaths and next of kin,
    and of the measures that clerks enter.
    """
    registered = means["registered_low_skilled"] + means["registered_others"]
    queue = means["counter_queue"]
    # who gives up is a share of those who were not served, and the queue is the others
    gave_up = np.append(queue[1:], queue[-1:]) * knobs.counter_patience / max(1.0 - knobs.counter_patience, 1e-9)
    activated = _rise(registered)
    advanced = sum(_rise(means[name]) for name in ("login", "pgo_ready", "direct", "other_sectors"))
    entered = means["register_coverage"] * administrated_at(knobs, float(grid[0]), grid)
    told = knobs.rulings / WEEKS_PER_YEAR + 2.0 * knobs.deaths * DAYS_PER_WEEK
    return {
        "mandates_requested": activated + np.diff(queue, append=queue[-1:]) + gave_up,
        "mandates_activated": activated,
        "mandates_withdrawn": registered * knobs.withdrawals / WEEKS_PER_YEAR,
        "providers_advanced": np.asarray(advanced),
        "register_facts": _rise(entered) + told,
    }


def events_per_hour(knobs: Knobs, name: str, per_week: float, hour: int) -> float:
    """One of EVENTS in an hour of the week: people at all hours, offices when they are open."""
    shape = week_shape(knobs.peak_factor) if name in BY_PEOPLE else office_shape()
    return per_week / HOURS_PER_WEEK * float(shape[hour % HOURS_PER_WEEK])


def _rise(curve: Reals) -> Reals:
    """What is added from each week to the next; the last week repeats the one before."""
    rises = np.diff(curve)
    return np.maximum(np.append(rises, rises[-1:]) if len(rises) else np.zeros(len(curve)), 0.0)
