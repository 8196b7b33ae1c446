"""Who cannot get in: providers that demand Substantieel without offering mandates, and the people who depend on help.

excluded(t) = sum over providers of enforced(t) and not mandate(t), times dependants (simulation.md row 40). Raising the
level makes a lent password useless; without a mandate nothing takes its place (letter V1).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.country import Country
from simulator.knobs import Knobs
from simulator.timeline import to_day

Reals = NDArray[np.float64]


def enforced(knobs: Knobs, country: Country, days: Reals, login: Reals, mandate: Reals) -> Reals:
    """Care providers that demand Substantieel, by replication, kind and week."""
    by_policy = {"immediately": login, "with_mandate": mandate, "never": np.zeros_like(login)}[knobs.enforce_policy]
    if knobs.hospitals_enforce_on is None:
        return by_policy
    demanded = by_policy.copy()
    demanded[:, 0, days >= to_day(knobs.hospitals_enforce_on)] = country.per_kind[0]
    return demanded


def without_mandate(demanded: Reals, mandate: Reals) -> Reals:
    """Those of them that do not offer mandates."""
    gap = demanded - mandate
    # a millionth of a provider is the rounding of sums
    return np.where(gap > 1e-6, gap, 0.0)


def excluded_people(country: Country, gap: Reals) -> Reals:
    """People excluded by replication and week."""
    return np.asarray(np.einsum("rkw,k->rw", gap, country.dependants.sum(axis=(1, 2))))


def person_weeks(country: Country, gap: Reals) -> Reals:
    """Person-weeks of exclusion over the run, by replication, age band and skill; a week counts as at its begin."""
    return np.asarray(np.einsum("rk,kbs->rbs", gap[:, :, :-1].sum(axis=2), country.dependants))
