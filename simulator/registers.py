"""Registers that lag and fill: what share of decisions rests on something that is no longer so.

Little's law gives the stock of changes not yet shown: rate times mean lag (simulation.md 4.2: 60,000 rulings a year,
three months each: 15,000 wrong at any moment). The share of decisions counts that families in change ask more often.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from simulator.knobs import Knobs

Reals = NDArray[np.float64]

REGISTERS: Final = ("parental_authority", "administration", "next_of_kin")
DAYS_PER_YEAR: Final = 365.25
MENTORED_SHARE: Final = 70_400 / 326_100
_BETA: Final = (2.0, 3.0)


def mean_lag(knobs: Knobs) -> float:
    """Days from a ruling until the register shows it, on average."""
    whole = {"uniform": 0.5, "beta": _BETA[0] / sum(_BETA), "constant": 1.0}[knobs.lag_shape]
    return knobs.register_lag * whole


def lag_of(knobs: Knobs, u: Reals) -> Reals:
    """Lags in days at these uniforms; none is longer than `register_lag`."""
    if knobs.lag_shape == "uniform":
        return np.asarray(knobs.register_lag * u)
    if knobs.lag_shape == "constant":
        return np.full_like(u, knobs.register_lag)
    return np.asarray(knobs.register_lag * betaincinv(*_BETA, u))


def stale_rulings(knobs: Knobs) -> float:
    """Rulings on parental authority that the register does not show yet, at any moment (Little)."""
    return knobs.rulings / DAYS_PER_YEAR * mean_lag(knobs)


def stale_deaths(knobs: Knobs) -> float:
    """Deaths whose next of kin are not registered yet, at any moment (Little)."""
    return knobs.deaths * knobs.next_of_kin_lag


def share_of_decisions(stock: Reals, people: Reals, reask: float) -> Reals:
    """The share of decisions about people whose fact is stale, when those ask `reask` times as often."""
    asked = stock * reask
    return np.asarray(asked / np.maximum(people - stock + asked, 1e-300))


def administrated_at(knobs: Knobs, begin: float, days: Reals) -> Reals:
    """Adults under a measure; the published stock is taken for the run's first day."""
    return np.asarray(knobs.administrated + knobs.administrated_growth * (days - begin) / DAYS_PER_YEAR)


def coverage_at(knobs: Knobs, begin: float, days: Reals, register_live: Reals) -> Reals:
    """The share of measures in the register: nothing before it is live, then what clerks enter of what there is.

    One row a replication. The rest is not found, which is not the same as not there (letter W7).
    """
    stock = administrated_at(knobs, begin, days)[None, :]
    open_days = np.maximum(days[None, :] - register_live[:, None], 0.0)
    entered = np.minimum(knobs.register_fill * open_days / DAYS_PER_YEAR, stock)
    return np.asarray(entered / stock)


def stale_shares(knobs: Knobs, days: Reals, coverage: Reals) -> dict[str, Reals]:
    """The stale or missing share of decisions per register, by replication and week.

    Where no replication differs from another it is one row.
    """
    shape = (1, len(days))
    parental = share_of_decisions(np.array(stale_rulings(knobs)), np.array(float(knobs.minors)), knobs.reask)
    deaths = stale_deaths(knobs)
    # next of kin are asked for in the year after a death
    kin = share_of_decisions(np.array(deaths), np.array(max(knobs.deaths * DAYS_PER_YEAR, 1.0)), knobs.reask)
    return {
        "parental_authority": np.broadcast_to(parental, shape),
        "administration": 1.0 - coverage,
        "next_of_kin": np.broadcast_to(kin, shape),
    }
