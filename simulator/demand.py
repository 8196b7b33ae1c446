"""How many decisions a second the connected providers ask for: one chain from the plan to the load test.

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
