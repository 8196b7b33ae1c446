"""What a forecaster could have said on a day: the model, run with what was known then.

Before `effort_known` nobody knew that the work had been underestimated (letter O3: in March it became clear).
"""

from __future__ import annotations

from datetime import date

import numpy as np

from simulator.knobs import Knobs
from simulator.timeline import to_day
from simulator.vectorised.engine import simulate


def as_known(knobs: Knobs, issued: date) -> Knobs:
    """The scenario as it was believed on a day; the truth behind it stays the same.

    Before the work was known it was taken for the planned work, more or less; after, there is nothing left to guess.
    """
    if issued >= knobs.effort_known:
        return knobs.changed(estimate_sigma=0.0)
    return knobs.changed(estimate_error=1.0)


def probability(knobs: Knobs, milestone: str, by: date, issued: date, replications: int = 1_000) -> float:
    """The chance, as forecast on `issued`, that a milestone is reached on or before `by`."""
    days = simulate(as_known(knobs, issued), range(replications), detail=False, ranked=(milestone,)).milestones[
        milestone
    ]
    return float(np.mean(days < to_day(by) + 1.0))
