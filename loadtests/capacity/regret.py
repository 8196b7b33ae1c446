"""What it costs to have bought too much, too little, too early or too late, against whoever had known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from loadtests.capacity.assumptions import Assumptions
from loadtests.capacity.need import Quarter, quantile

Reals = NDArray[np.float64]


class Policy(NamedTuple):
    """Machines by quarter, and what that costs: `short` is the share of draws with a quarter that is not served.

    Euros over all quarters, on average over the draws; `regret` beyond what the one who knew the draw would have paid.
    """

    name: str
    machines: list[int]
    euro: float
    short: float
    regret: float
    regret_p90: float


def policies(quarters: Sequence[Quarter], assumptions: Assumptions) -> list[Policy]:
    """Buying for P50 or P90, in time, early and late; and one too many or too few. What is the same is named once."""
    p50, p90 = ([int(quantile(quarter.machines, share)) for quarter in quarters] for share in (0.5, 0.9))
    plans = {
        "for P90, in time": p90,
        "for P50, in time": p50,
        "for P90, a quarter early": [*p90[1:], p90[-1]],
        "for P90, a quarter late": [p90[0], *p90[:-1]],
        "for P50, a quarter late": [p50[0], *p50[:-1]],
        "at once all that P90 ever needs": [max(p90)] * len(quarters),
        "one more than P90": [machines + 1 for machines in p90],
        "one fewer than P50": [max(1, machines - 1) for machines in p50],
    }
    names: dict[tuple[int, ...], list[str]] = {}
    for name, plan in plans.items():
        names.setdefault(tuple(plan), []).append(name)
    bare = np.stack([quarter.bare for quarter in quarters])
    best = _least(bare, assumptions)
    found = []
    for machines, same in names.items():
        counts = np.array(machines, np.float64)[:, None]
        regret = _cost(counts, bare, assumptions).sum(axis=0) - best
        found.append(
            Policy(
                same[0] if len(same) == 1 else f"{same[0]} (and so {'; '.join(same[1:])})",
                list(machines),
                float((regret + best).mean()),
                float((counts < bare).any(axis=0).mean()),
                float(regret.mean()),
                float(np.quantile(regret, 0.9)),
            )
        )
    return sorted(found, key=lambda policy: policy.regret)


def _cost(machines: Reals, bare: Reals, assumptions: Assumptions) -> Reals:
    """By quarter and draw: the machines; all of the shortage with too few, its chance where none may fail."""
    said = assumptions.shortage
    spare = assumptions.machine["spare"]
    risk = np.where(machines < bare, 1.0, np.where(machines < bare + spare, said["failures_per_quarter"], 0.0))
    return np.asarray(assumptions.machine["euro_per_quarter"] * machines + said["euro_per_quarter"] * risk)


def _least(bare: Reals, assumptions: Assumptions) -> Reals:
    """By draw: what is cheapest in each quarter, with or without the spare."""
    spare = assumptions.machine["spare"]
    each = np.minimum(_cost(bare, bare, assumptions), _cost(bare + spare, bare, assumptions))
    return np.asarray(each.sum(axis=0))
