"""Rows 20 to 32."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from simulator.letter import Statement
from simulator.letter.statement import JUNE, T0, batch, certain, curve, day, events
from simulator.plan import most_useful_staff, plan_of
from simulator.queues import mean_wait_at

Row = Callable[[int], Statement]


def test_letter_20_priorities_change_at_reviews(row: Row) -> None:
    statement = row(20)
    # the work of both tracks together is what it would have been: only its order is another
    moved, unmoved = (certain(k) for k in (statement.knobs, statement.knobs.changed(reprioritise_on=None)))
    both = ("pool_fte_weeks_mandate", "pool_fte_weeks_statutory")
    for name in both:
        assert batch(moved, 1).totals[name] == pytest.approx(batch(unmoved, 1).totals[name])
    assert day(moved, "mandate_live") > day(unmoved, "mandate_live")


def test_letter_21_connection_lags_behind(row: Row) -> None:
    row(21)


def test_letter_22_launching_customers_only(row: Row) -> None:
    row(22)


def test_letter_23_forecast_turned_in_march(row: Row) -> None:
    row(23)


def test_letter_24_work_was_underestimated(row: Row) -> None:
    row(24)


def test_letter_25_nothing_in_2020(row: Row) -> None:
    row(25)


def test_letter_26_delays_are_handed_on(row: Row) -> None:
    row(26)


def test_letter_27_weak_steering(row: Row) -> None:
    row(27)
    seen_late = [plan_of(JUNE.changed(steering=level)).growth for level in (0.0, 0.3, 0.6)]
    assert seen_late[0] > seen_late[1] > seen_late[2]


def test_letter_28_methods_that_do_not_go_together(row: Row) -> None:
    row(28)


def test_letter_29_more_people_help_little(row: Row) -> None:
    row(29)
    best = most_useful_staff(JUNE)
    ready = {n: day(certain(JUNE).changed(staff=best * n), "mandate_ready") - T0 for n in (0.7, 1.0, 1.4)}
    assert min(ready, key=lambda n: ready[n]) == 1.0, "N* is where adding people stops helping"


def test_letter_30_running_services_first(row: Row) -> None:
    row(30)
    with_more = batch(certain(JUNE).changed(continuity_reserved=0.55), 1).milestones["mandate_ready"][0]
    assert with_more > day(certain(JUNE), "mandate_ready"), "what continuity takes, projects lack"


def test_letter_31_outages_take_everybody(row: Row) -> None:
    row(31)


def test_letter_32_used_to_the_limit(row: Row) -> None:
    row(32)
    waits = np.array([mean_wait_at(level, 2) for level in (0.5, 0.6, 0.7, 0.8, 0.9)])
    assert (np.diff(waits, 2) > 0.0).all(), "waiting is convex in utilisation"


def test_conservation_of_suppliers() -> None:
    # in = done + waiting + in service, at each change of the queue
    for replication in range(3):
        run = events(JUNE, replication)
        asked = sum(supplier.asked is not None for supplier in run.suppliers[1:])
        assert all(min(counts) >= 0 and sum(counts) <= asked for _, *counts in run.queue)
        assert sum(run.queue[-1][1:]) == asked
        assert run.queue[-1][3] == sum(supplier.integrated is not None for supplier in run.suppliers[1:])
        assert all(serving <= JUNE.routing_slots for _, _, serving, _ in run.queue)


def test_conservation_of_providers() -> None:
    login, ready = curve(JUNE, "login"), curve(JUNE, "pgo_ready")
    assert (login >= ready - 1e-3).all()
    assert login.max() <= 5_403 + 1e-2
    assert (np.diff(login, axis=1) >= -1e-2).all()
