"""Differences between plans: paired, replication by replication."""

from __future__ import annotations

import numpy as np
import pytest

from simulator.comparing import COMPARED, changed_knobs, compare
from simulator.levers import LEVER_REPLICATIONS, LEVERS, pull
from simulator.results import BANDS, quantile_of
from simulator.running import run
from simulator.scenario import load
from simulator.sensitivity import FACTORS, MEASURES, SWING_REPLICATIONS, evaluate, one_at_a_time

RUNS = 200
PLAN = load("june_2020").changed(gp_practices=300, gp_suppliers=12)


def test_a_plan_does_not_differ_from_itself_whatever_its_seed() -> None:
    base = run(PLAN, RUNS)
    found = compare(base, PLAN.changed(seed=7))
    assert all(difference.bands == (0.0, 0.0, 0.0) and difference.mean == 0.0 for difference in found.differences)
    assert changed_knobs(PLAN, PLAN.changed(seed=7, replications=5)) == []


def test_differences_are_those_of_the_pairs() -> None:
    base, other = run(PLAN, RUNS, detail=False), PLAN.changed(setback=0.0, incident_rate=0.0)
    found = compare(base, other, detail=False)
    pairs = run(other, RUNS, detail=False).milestones["mandate_live"] - base.milestones["mandate_live"]
    live = found.of("mandate_live")
    assert live.bands == pytest.approx([quantile_of(pairs, q) for q in BANDS])
    assert live.mean == pytest.approx(pairs.mean())
    # better in every pair, which two separate bands cannot show
    assert pairs.max() <= 0.0 < np.ptp(pairs)
    assert changed_knobs(PLAN, other) == ["setback", "incident_rate"]
    assert [difference.measure for difference in found.differences] == list(COMPARED)


def test_what_is_not_within_the_run_is_not_a_number_of_days() -> None:
    short = PLAN.changed(horizon_weeks=70)
    base = run(short, RUNS, detail=False)
    assert np.isinf(base.milestones["mandate_live"]).any()
    late = compare(base, short.changed(setback=30.0), detail=False).of("mandate_live")
    assert late.bands[1] == np.inf
    assert late.finite < 1.0
    assert compare(base, short, detail=False).of("mandate_live").bands == (0.0, 0.0, 0.0)


def test_a_lever_is_the_plan_with_its_changes() -> None:
    pulled = {lever.name: lever for lever in pull(PLAN)}
    assert set(pulled) == set(LEVERS)
    slots = pulled["one_more_slot"]
    assert slots.changes == {"routing_slots": PLAN.knobs.routing_slots + 1}
    then = run(PLAN.changed(**slots.changes), LEVER_REPLICATIONS, detail=False).milestones["pgo_90"]
    now = run(PLAN, LEVER_REPLICATIONS, detail=False).milestones["pgo_90"]
    assert slots.comparison.of("pgo_90").mean == pytest.approx((then - now).mean())
    safe = load("safe_enforcement").changed(gp_practices=300, gp_suppliers=12, freeze=())
    assert {lever.name for lever in pull(safe)} == {"one_more_slot", "hospitals_first", "half_again_staff"}


def test_one_at_a_time_is_the_evaluation_of_its_ends() -> None:
    found = one_at_a_time(PLAN.knobs)
    assert set(found.swings) == set(FACTORS)
    low, high = FACTORS["routing_slots"]
    means = evaluate(
        PLAN.knobs, ["routing_slots"], np.array([[PLAN.knobs.routing_slots], [low], [high]]), SWING_REPLICATIONS
    )
    for measure in MEASURES:
        swing = found.swings["routing_slots"]
        told = [found.base[measure], swing.at_low[measure], swing.at_high[measure]]
        assert told == pytest.approx(list(means[measure]))
    assert found.swings["routing_slots"].own == PLAN.knobs.routing_slots
