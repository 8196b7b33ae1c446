"""What came of a run of the event engine, in the terms of the vectorised one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simulator.events.engine import Run
from simulator.events.people import Provider
from simulator.knobs import KINDS
from simulator.outcome import MILESTONES, within
from simulator.timeline import DAYS_PER_WEEK

Reals = NDArray[np.float64]


def dates(run: Run) -> dict[str, float]:
    """All milestones, as the vectorised engine names them: inf not reached, nan not known."""
    care = [provider for provider in run.providers if not provider.other]
    logins = sorted(p.login_live for p in care if p.login_live is not None)
    ready = sorted(p.mandate_live for p in care if p.mandate_live is not None)
    half, ninety = -(-len(care) // 2), -(-len(care) * 9 // 10)
    unknown = not run.country.other.any() or np.isnan(run.drawn.other_open[0])
    found = {
        "login_half": _at(logins, half),
        "login_90": _at(logins, ninety),
        "pgo_half": _at(ready, half),
        "pgo_90": _at(ready, ninety),
        "first_other_sector": float("nan") if unknown else run.milestones.get("first_other_sector", float("inf")),
    }
    names = [name for name in MILESTONES if name not in found]
    found |= {name: run.milestones.get(name, float("inf")) for name in names}
    return {name: float(within(np.array(found[name]), run.plan.end)) for name in MILESTONES}


def curve(run: Run, days: Callable[[Provider], float | None], *, other: bool = False) -> Reals:
    """Providers by kind and week for whom that day has come."""
    counts = np.zeros((len(KINDS), len(run.plan.grid)))
    for provider in run.providers:
        day = days(provider)
        if day is not None and provider.other == other:
            counts[provider.kind, np.searchsorted(run.plan.grid, day - 1e-9, side="left") :] += 1.0
    return counts


def excluded_person_weeks(run: Run) -> float:
    """Exactly, from each provider's own dates."""
    total = 0.0
    per_kind = run.country.dependants.sum(axis=(1, 2))
    for provider in run.providers:
        if provider.enforced is not None and not provider.other:
            until = run.plan.end if provider.mandate_live is None else provider.mandate_live
            total += max(0.0, until - provider.enforced) / DAYS_PER_WEEK * per_kind[provider.kind]
    return float(total)


def share_of_pool(run: Run, claim: str, begin: float, end: float) -> float:
    """The mean share of the pool that a claim had between two days."""
    spent = sum(shares[claim] * max(0.0, min(to, end) - max(since, begin)) for since, to, shares in run.pool.spans)
    return spent / (end - begin)


def _at(days: list[float], rank: int) -> float:
    return days[rank - 1] if 1 <= rank <= len(days) else float("inf")
