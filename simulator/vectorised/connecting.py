"""Connecting: the queue of suppliers, the roll-out to their customers, login and mandate, week by week.

In working time the queue is additions only. A roll-out is a line between points, so the weekly curve of all suppliers
is the double sum of where slopes change: some hundred additions a replication, whatever the number of weeks.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simulator.country import LAUNCHING, Country
from simulator.drawing import Drawn
from simulator.knobs import KINDS, Knobs
from simulator.plan import Plan
from simulator.rollout import SHAPES, share_at, time_of
from simulator.timeline import DAYS_PER_WEEK, to_day
from simulator.vectorised.working_time import WorkingTime

Reals = NDArray[np.float64]
_HALVINGS = 36
_HAIR = 1e-9


class Connecting(NamedTuple):
    """Days by supplier (replications by columns); inf: never. `asked` is when a supplier joined the queue."""

    asked: Reals
    started: Reals
    integrated: Reals
    released: Reals
    rollout_days: Reals


def connecting(
    knobs: Knobs, plan: Plan, country: Country, drawn: Drawn, mandate_live: Reals, time: WorkingTime
) -> Connecting:
    """Every supplier through the slots, first asked first served, and by the country's order among equals."""
    shape = drawn.integration_weeks.shape
    asked = np.full(shape, to_day(knobs.scale_start))
    asked[:, LAUNCHING] = to_day(knobs.routing_ready)
    if country.other.any():
        opens = np.where(np.isnan(drawn.other_open), np.inf, drawn.other_open)
        after_care = np.maximum(opens, mandate_live) if knobs.priority == "care" else opens
        asked[:, country.other] = after_care[:, None]
    if knobs.pathway == "direct":
        asked[:] = np.inf
    asked = np.maximum(asked, plan.begin)
    from_work = np.where(np.isfinite(asked), time.done(np.minimum(asked, plan.turns[-1])), np.inf)
    start_work = np.full(shape, np.inf)
    if country.other.any():
        order = np.argsort(asked[:, 1:], axis=1, kind="stable") + 1
        served = _serve(
            np.take_along_axis(from_work, order, 1),
            np.take_along_axis(drawn.integration_weeks, order, 1),
            knobs.routing_slots,
        )
        np.put_along_axis(start_work, order, served, 1)
    else:
        start_work[:, 1:] = _serve(from_work[:, 1:], drawn.integration_weeks[:, 1:], knobs.routing_slots)
    integrated = time.when(start_work + drawn.integration_weeks)
    started = np.maximum(time.when(start_work, resuming=True), asked)
    started[:, LAUNCHING] = integrated[:, LAUNCHING] = asked[:, LAUNCHING]
    return Connecting(
        asked=asked,
        started=started,
        integrated=integrated,
        released=mandate_live[:, None] + drawn.release_weeks * DAYS_PER_WEEK,
        rollout_days=drawn.rollout_weeks * DAYS_PER_WEEK,
    )


def _serve(asked: Reals, work: Reals, slots: int) -> Reals:
    """When each begins, with `slots` servers, in order of columns (Kiefer and Wolfowitz's recursion)."""
    runs, columns = asked.shape
    free = np.zeros((slots, runs))
    begins = np.empty_like(asked)
    every = np.arange(runs)
    for column in range(columns):
        slot = np.argmin(free, axis=0) if slots > 1 else 0
        at = np.maximum(free[slot, every], asked[:, column])
        begins[:, column] = at
        # whoever never asks holds no slot
        free[slot, every] = np.where(np.isfinite(at), at + work[:, column], free[slot, every])
    return begins


class Curves(NamedTuple):
    """Providers by week and kind (replications, kinds, weeks): logged in through routing, and with mandates too."""

    login: Reals
    mandate: Reals


def weekly(knobs: Knobs, plan: Plan, country: Country, connected: Connecting, *, other: bool = False) -> Curves:
    """The curves at the weeks' begins, fluid: roll-outs are lines between their points."""
    columns = np.flatnonzero(country.other == other)
    kinds = len(KINDS) if not other else 1
    kind = country.kind[columns] if not other else np.zeros(len(columns), np.int64)
    customers = country.customers[columns].astype(np.float64)
    begin, length = connected.integrated[:, columns], connected.rollout_days[:, columns]
    released = connected.released[:, columns]
    runs, weeks = len(begin), len(plan.grid)
    login, mandate = _Bends(runs, kinds, weeks), _Bends(runs, kinds, weeks)
    times, shares = SHAPES[knobs.rollout_shape]
    slope = np.concatenate([[0.0], np.diff(shares) / np.diff(times), [0.0]])
    for bend, at in enumerate(times):
        day = begin + at * length
        change = (slope[bend + 1] - slope[bend]) * customers / length
        login.add(kind, plan, day, change)
        mandate.add(kind, plan, np.maximum(day, released), change)
    with np.errstate(invalid="ignore"):
        had = np.nan_to_num((released - begin) / length, nan=0.0, posinf=1.0, neginf=0.0)
    jump = customers * share_at(knobs.rollout_shape, had)
    mandate.jump(kind, plan, released, jump)
    return Curves(login.curve(), mandate.curve())


class _Bends:
    """Second differences on the weekly grid: where slopes change, and where a curve jumps."""

    def __init__(self, runs: int, kinds: int, weeks: int) -> None:
        self._shape = (runs, kinds, weeks + 2)
        self._rows = np.arange(runs)[:, None] * kinds
        self._index: list[NDArray[np.int64]] = []
        self._amount: list[Reals] = []
        self._jump_index: list[NDArray[np.int64]] = []
        self._jump_amount: list[Reals] = []

    def _cell(self, kind: NDArray[np.int64], week: Reals) -> NDArray[np.int64]:
        return (self._rows + kind[None, :]) * self._shape[2] + week.astype(np.int64)

    def add(self, kind: NDArray[np.int64], plan: Plan, day: Reals, change: Reals) -> None:
        """The slope changes by `change` a day at `day`."""
        at = np.clip((day - plan.begin) / DAYS_PER_WEEK, 0.0, self._shape[2] - 2.0)
        week = np.ceil(at)
        amount = change * DAYS_PER_WEEK
        cell = self._cell(kind, week)
        self._index += [cell.ravel(), (cell + 1).ravel()]
        self._amount += [(amount * (week - at)).ravel(), (amount * (1.0 - week + at)).ravel()]

    def jump(self, kind: NDArray[np.int64], plan: Plan, day: Reals, height: Reals) -> None:
        """The curve rises by `height` at `day`."""
        week = np.ceil(np.clip((day - plan.begin) / DAYS_PER_WEEK - _HAIR, 0.0, self._shape[2] - 2.0))
        self._jump_index.append(self._cell(kind, week).ravel())
        self._jump_amount.append(height.ravel())

    def curve(self) -> Reals:
        """Summed twice; the two weeks beyond the grid, where all that comes too late was put, are cut off."""
        size = int(np.prod(self._shape))
        slopes = np.bincount(np.concatenate(self._index), np.concatenate(self._amount), size).reshape(self._shape)
        rises = np.cumsum(slopes, axis=2, dtype=np.float64)
        if self._jump_index:
            rises += np.bincount(np.concatenate(self._jump_index), np.concatenate(self._jump_amount), size).reshape(
                self._shape
            )
        return np.asarray(np.cumsum(rises, axis=2)[:, :, : self._shape[2] - 2], np.float64)


def day_of_provider(
    knobs: Knobs, plan: Plan, country: Country, connected: Connecting, rank: int, *, mandate: bool
) -> Reals:
    """The exact day on which the `rank`-th care provider (from 1) is connected; inf if not within the horizon.

    Counts whole providers, each at its own turn in its supplier's roll-out, as the event engine does.
    """
    columns = np.flatnonzero(~country.other)
    customers = country.customers[columns].astype(np.float64)
    # transposed: one long row of replications for each supplier
    begin = np.ascontiguousarray(connected.integrated[:, columns].T)
    length = np.ascontiguousarray(connected.rollout_days[:, columns].T)
    released = np.ascontiguousarray(connected.released[:, columns].T)
    rate = customers[:, None] / length

    def count(day: Reals) -> Reals:
        if knobs.rollout_shape == "linear":
            had = (day - begin) * rate
        else:
            had = share_at(knobs.rollout_shape, (day - begin) / length) * customers[:, None]
        had = np.floor(np.clip(had + (0.5 + _HAIR), 0.0, customers[:, None]))
        if mandate:
            had *= day >= released
        return np.asarray(had.sum(axis=0))

    runs = begin.shape[1]
    low, high = np.full(runs, plan.begin), np.full(runs, plan.end)
    if rank < 1:
        return np.full(runs, np.inf)
    with np.errstate(invalid="ignore"):
        begin = np.where(np.isfinite(begin), begin, 1e12)
        never = count(high) < rank
        for _ in range(_HALVINGS):
            middle = 0.5 * (low + high)
            enough = count(middle) >= rank
            high = np.where(enough, middle, high)
            low = np.where(enough, low, middle)
    return np.where(never, np.inf, high)


def first_of_each(knobs: Knobs, country: Country, connected: Connecting, *, mandate: bool) -> Reals:
    """The day of each supplier's first customer."""
    first = time_of(knobs.rollout_shape, 0.5 / np.maximum(country.customers, 1))
    day = np.where(country.customers > 0, connected.integrated + first * connected.rollout_days, np.inf)
    return np.maximum(day, connected.released) if mandate else day
