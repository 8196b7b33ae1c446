"""The mandate chain and the statutory track, which share the pool: who works when, and when each goes live.

A small event loop over working time that all replications go through together: in each round every replication
moves to its own next event, and there are at most eight.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.drawing import Drawn
from simulator.knobs import Knobs
from simulator.plan import Plan
from simulator.timeline import DAYS_PER_WEEK, next_allowed, to_day
from simulator.vectorised.working_time import WorkingTime

Reals = NDArray[np.float64]
Flags = NDArray[np.bool_]

CARE_SHARE = {"care": 1.0, "both": 0.5, "statutory": 0.0}
_ROUNDS = 12
_HAIR = 1e-9


class Chains(NamedTuple):
    """Days, one a replication; inf: never. `segments` are (from working time, mandate rate, statutory rate)."""

    routing_test: Reals
    mandate_ready: Reals
    mandate_live: Reals
    legal_resolved: Reals
    development_start: Reals
    register_live: Reals
    segments: list[tuple[Reals, Reals, Reals]]


def chains(knobs: Knobs, plan: Plan, drawn: Drawn, time: WorkingTime) -> Chains:
    """Both tracks through the pool; the statutory one elsewhere where an external builder has it."""
    elsewhere = plan.begin + drawn.legal_weeks * DAYS_PER_WEEK
    legal = time.when(drawn.legal_weeks) if knobs.legal_at_logius else elsewhere
    may_develop = legal if knobs.legal_first else np.full(len(legal), plan.begin)
    if not knobs.external_builder:
        return _through_pool(knobs, plan, drawn, time, legal, may_develop)
    alone = _through_pool(knobs, plan, drawn, time, legal, np.full(len(legal), np.inf))
    started = np.maximum(may_develop, to_day(knobs.external_from))
    effort = knobs.statutory_effort * drawn.statutory_estimate * knobs.external_overhead / knobs.external_capacity
    return alone._replace(development_start=started, register_live=started + effort * DAYS_PER_WEEK)


class _Track:
    """Work of one track: what is left and what is done, in every replication."""

    def __init__(self, work: Reals) -> None:
        self.left, self.rate = work.copy(), np.zeros(len(work))

    @property
    def unfinished(self) -> Flags:
        return self.left > _HAIR

    def ends(self, now: Reals) -> Reals:
        """When it is done if nothing changes."""
        return self.reaches(now, self.left)

    def reaches(self, now: Reals, more: Reals) -> Reals:
        """When that much more is done if nothing changes; inf while it stands still."""
        moving = self.rate > 0.0
        return np.where(moving, now + more / np.where(moving, self.rate, 1.0), np.inf)

    def advance(self, step: Reals) -> None:
        self.left = np.maximum(self.left - self.rate * step, 0.0)


def _through_pool(
    knobs: Knobs, plan: Plan, drawn: Drawn, time: WorkingTime, legal: Reals, may_develop: Reals
) -> Chains:
    """The event loop. While care has priority, statutory work waits until mandates are live (letter R1)."""
    runs = len(legal)
    never = np.full(runs, np.inf)
    work_begins = time.done(np.full(runs, plan.work_begins))
    may_work = np.where(np.isfinite(may_develop), time.done(np.minimum(may_develop, plan.turns[-1])), np.inf)
    changes = [(time.done(np.full(runs, day)), CARE_SHARE[to]) for day, to in plan.priorities[1:]]
    mandate = _Track(plan.mandate_work * drawn.estimate)
    statutory = _Track(knobs.statutory_effort * drawn.statutory_estimate)
    after_test = (plan.mandate_work - plan.test_work) * drawn.estimate

    now, care = np.zeros(runs), np.full(runs, CARE_SHARE[plan.priorities[0][1]])
    test, ready, live, live_at, started, built = (never.copy() for _ in range(6))
    segments = []
    for _ in range(_ROUNDS):
        for at, to in changes:
            care = np.where(now >= at - _HAIR, to, care)
        on_mandate = mandate.unfinished & (now >= work_begins - _HAIR)
        allowed = (now >= may_work - _HAIR) & ((care < 1.0) | (now >= live_at - _HAIR))
        on_statutory = allowed & statutory.unfinished
        mandate.rate = np.where(on_mandate, np.where(on_statutory, care, 1.0), 0.0)
        statutory.rate = np.where(on_statutory, np.where(on_mandate, 1.0 - care, 1.0), 0.0)
        segments.append((now, mandate.rate, statutory.rate))
        if (first := (statutory.rate > 0.0) & np.isinf(started)).any():
            started[first] = np.maximum(time.when(now, resuming=True), may_develop)[first]

        upcoming = [mandate.ends(now), statutory.ends(now), work_begins, may_work, live_at, *(at for at, _ in changes)]
        then = np.minimum.reduce([np.where(at > now + _HAIR, at, np.inf) for at in upcoming])
        tested = np.where(np.isinf(test), mandate.reaches(now, mandate.left - after_test), np.inf)
        if (passed := np.isfinite(tested) & (tested <= then + _HAIR)).any():
            test[passed] = time.when(tested)[passed]
        if not np.isfinite(then).any():
            break
        step = np.where(np.isfinite(then), then - now, 0.0)
        mandate.advance(step)
        statutory.advance(step)
        now = now + step
        if (finished := on_mandate & ~mandate.unfinished).any():
            late = time.when(now) + drawn.setback * DAYS_PER_WEEK
            ready = np.where(finished, late, ready)
            live = np.where(finished, next_allowed(late, plan.freeze), live)
            live_at = np.where(finished, time.done(np.minimum(live, plan.turns[-1])), live_at)
        built = np.where(on_statutory & ~statutory.unfinished & np.isinf(built), time.when(now), built)
    return Chains(test, ready, live, legal, started, built, segments)


def work_by(chains: Chains, at: Reals) -> tuple[Reals, Reals]:
    """Mandate and statutory work done by working times `at` (replications by weeks)."""
    mandate, statutory = np.zeros_like(at), np.zeros_like(at)
    for index, (begin, mandate_rate, statutory_rate) in enumerate(chains.segments):
        length = (
            chains.segments[index + 1][0] - begin if index + 1 < len(chains.segments) else np.full(len(begin), np.inf)
        )
        if not (mandate_rate.any() or statutory_rate.any()):
            continue
        spent = np.clip(at - begin[:, None], 0.0, length[:, None])
        if mandate_rate.any():
            mandate += mandate_rate[:, None] * spent
        if statutory_rate.any():
            statutory += statutory_rate[:, None] * spent
    return mandate, statutory
