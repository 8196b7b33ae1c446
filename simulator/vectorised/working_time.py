"""Working time: how much work the pool can have done by a day, for every replication, and back.

The pool's speed without outages is the same in all replications: lines between the plan's turns. Outages are disjoint
and in order; each takes from the line what the line would have gained while it lasts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simulator.drawing import Drawn
from simulator.plan import Plan
from simulator.timeline import DAYS_PER_WEEK

Reals = NDArray[np.float64]
_HAIR = 1e-9


class WorkingTime:
    """Work in weeks of the pool of June 2020 since the run's begin, against days."""

    def __init__(self, plan: Plan, drawn: Drawn) -> None:
        self._turns = plan.turns
        self._rate = plan.speed / DAYS_PER_WEEK
        self._work = np.concatenate([[0.0], np.cumsum(self._rate * np.diff(plan.turns))])
        # where the pool stands still work does not grow: only the pieces with speed can be looked up by work
        self._moving = np.flatnonzero(self._rate > 0.0)
        self._begun = self._line(drawn.outage_begin)
        self._lost = self._line(drawn.outage_end) - self._begun
        before = np.cumsum(self._lost, axis=1) - self._lost
        self._reached = self._begun - before

    def _line(self, days: Reals) -> Reals:
        return np.asarray(np.interp(days, self._turns, self._work), np.float64)

    def done(self, days: Reals) -> Reals:
        """Work that can have been done by these days; `days` has replications on axis 0, or one row for all."""
        line = self._line(days)
        work = np.array(np.broadcast_to(line, np.broadcast_shapes(line.shape, self._column(0, line).shape)))
        for outage in range(self._lost.shape[1]):
            gone = line - self._column(outage, line, self._begun)
            work -= np.clip(gone, 0.0, self._column(outage, line, self._lost))
        return work

    def when(self, work: Reals, *, resuming: bool = False) -> Reals:
        """The day by which this much work is done; inf for work that never is.

        At work that was reached just before a standstill: the standstill's first day, or, `resuming`, its last.
        """
        line = np.array(np.where(np.isfinite(work), work, 0.0))
        hair = _HAIR if resuming else -_HAIR
        for outage in range(self._lost.shape[1]):
            hit = self._column(outage, work, self._reached) < work + hair
            line += np.where(hit, self._column(outage, work, self._lost), 0.0)
        ends = self._work[self._moving + 1]
        piece = np.searchsorted(ends, line + hair, side="right" if resuming else "left")
        beyond = piece >= len(ends)
        at = self._moving[np.minimum(piece, len(ends) - 1)]
        day = self._turns[at] + np.maximum(line - self._work[at], 0.0) / self._rate[at]
        return np.where(beyond | ~np.isfinite(work), np.inf, day)

    def _column(self, outage: int, like: Reals, values: Reals | None = None) -> Reals:
        """One outage of each replication, shaped to go with `like`."""
        rows = len(self._lost) if values is None else len(values)
        column = np.zeros(rows) if values is None else values[:, outage]
        return column.reshape((-1,) + (1,) * (like.ndim - 1))
