"""What an engine hands back: the same names from both.

Milestones are days since 1 January 2020, inf where one is not reached within the horizon, nan where it is not known.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.knobs import KINDS

Reals = NDArray[np.float64]
Singles = NDArray[np.float32]

MILESTONES: Final = (
    "website_live",
    "first_login_connection",
    "counter_live",
    "routing_test",
    "mandate_ready",
    "mandate_live",
    "first_routed_connection",
    "login_half",
    "login_90",
    "pgo_half",
    "pgo_90",
    "first_direct_connection",
    "legal_resolved",
    "administration_pilot",
    "development_start",
    "register_live",
    "first_other_sector",
)
"""In the order in which a report shows them. `first_routed_connection`: mandates through routing at a care provider."""

CURVES: Final = (
    "login",
    "pgo_ready",
    *(f"pgo_ready_{kind}" for kind in KINDS),
    "direct",
    "other_sectors",
    "enforced",
    "informal_share",
    "excluded_people",
    "registered_low_skilled",
    "registered_others",
    "counter_queue",
    "register_coverage",
    "stale_parental_authority",
    "stale_administration",
    "stale_next_of_kin",
)
"""Weekly, with bands over the replications."""

LOADS: Final = (
    "continuity",
    "change_programme",
    "mandate_track",
    "statutory_track",
    "outage",
    "frozen_or_idle",
    "slots_busy",
    "suppliers_waiting",
    "counters_busy",
    "direct_team_busy",
)
"""Weekly means: shares of the pool, of the slots, of the counters, of the direct team; and a number waiting."""

TOTALS: Final = (
    "login_without_mandate_provider_weeks",
    "excluded_person_weeks",
    "connected_at_end",
    "pool_fte_weeks_mandate",
    "pool_fte_weeks_statutory",
    "integration_fte_weeks",
    "direct_fte_weeks",
    "direct_fte_weeks_avoided",
    "cost_euro",
    "mean_wait_weeks",
    "mean_waiting_suppliers",
    "setback_weeks",
)
"""One number a replication."""


class Batch(NamedTuple):
    """Some replications' outcomes, in their order; curves by replication and week.

    `excluded` is person-weeks by replication, age band and skill. `curves` is None where only milestones were asked.
    `load_sums` are sums over the replications, by week.
    """

    replications: int
    milestones: dict[str, Reals]
    totals: dict[str, Reals]
    excluded: Reals
    curves: dict[str, Singles] | None
    load_sums: dict[str, Reals] | None


def within(days: Reals, end: float) -> Reals:
    """Milestones that fall after the horizon are not reached; nan stays."""
    with np.errstate(invalid="ignore"):
        return np.where(days > end, np.inf, days)
