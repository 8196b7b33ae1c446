"""Two engines, one truth: the same drawn inputs give the same dates; random ones the same means."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from simulator.country import country_of
from simulator.drawing import draw
from simulator.events.engine import Run
from simulator.events.engine import simulate as run_events
from simulator.events.measures import curve, dates, excluded_person_weeks
from simulator.knobs import Knobs
from simulator.outcome import MILESTONES
from simulator.plan import plan_of
from simulator.scenario import load, shipped
from simulator.timeline import to_date
from simulator.vectorised.engine import simulate, simulate_drawn

SMALL = Knobs(gp_practices=300, gp_suppliers=12, horizon_weeks=300)

WORLDS = {
    **{name: load(name).knobs for name in shipped()},
    "both tracks": Knobs(priority="both", legal_weeks=15.0),
    "statutory first": Knobs(priority="statutory", legal_weeks=10.0),
    "to both at a review": Knobs(reprioritise_on=date(2020, 8, 1), legal_weeks=20.0),
    "back to care": Knobs(priority="both", legal_weeks=10.0, reprioritise_on=date(2020, 7, 1), reprioritise_to="care"),
    "other sectors too": Knobs(scope="all", priority="both", other_sectors_open=date(2020, 8, 1)),
    "other sectors after care": Knobs(scope="all", other_sectors_open=date(2020, 8, 1)),
    "many outages": Knobs(incident_rate=8.0, estimate_sigma=0.3, routing_slots=4, rollout_shape="logistic"),
    "mandates wait": Knobs(mandate_waits_for_login=True, staff=40.0),
    "law needs the pool": Knobs(legal_at_logius=True, incident_rate=4.0),
    "no freeze": Knobs(freeze=()),
    "two freezes a year": Knobs(freeze=("02-01/05-01", "10-01/11-15"), slack_weeks=3.0),
    "launching only": Knobs(scope="launching"),
}


def shown(days: dict[str, float]) -> dict[str, date | str | None]:
    return {name: "unknown" if np.isnan(day) else to_date(day) for name, day in days.items()}


@pytest.mark.parametrize("name", WORLDS)
def test_same_inputs_same_dates(name: str) -> None:
    knobs = WORLDS[name]
    many = simulate(knobs, range(2))
    for replication in range(2):
        found = {milestone: float(many.milestones[milestone][replication]) for milestone in MILESTONES}
        assert shown(found) == shown(dates(run_events(knobs, replication)))


@settings(max_examples=25, deadline=None)
@example(slots=1, setback=14.0, slack=0.0, incidents=1.0, priority="care", legal=1.0, staff=5.0, seed=0)
@given(
    slots=st.integers(1, 6),
    setback=st.floats(0.0, 40.0),
    slack=st.floats(0.0, 8.0),
    incidents=st.floats(0.0, 6.0),
    priority=st.sampled_from(["care", "both", "statutory"]),
    legal=st.floats(1.0, 80.0),
    staff=st.floats(5.0, 60.0),
    seed=st.integers(0, 2**40),
)
def test_any_plan_gives_the_same_dates(
    slots: int, setback: float, slack: float, incidents: float, priority: str, legal: float, staff: float, seed: int
) -> None:
    knobs = SMALL.changed(
        routing_slots=slots,
        setback=setback,
        slack_weeks=slack,
        incident_rate=incidents,
        priority=priority,
        legal_weeks=legal,
        staff=staff,
        seed=seed,
    )
    drawn = draw(knobs, range(1))
    many = simulate_drawn(knobs, drawn)
    run = Run(knobs, drawn).run()
    found = dates(run)
    for milestone in MILESTONES:
        a, b = float(many.milestones[milestone][0]), found[milestone]
        # to the minute: a date may turn on it
        assert a == b or abs(a - b) < 1.0 / 1440.0 or (np.isnan(a) and np.isnan(b)), milestone
    assert many.curves is not None
    login = curve(run, lambda provider: provider.login_live).sum(axis=0)
    # fluid against whole providers: half a one for each supplier that is rolling out
    assert np.abs(login - many.curves["login"][0]).max() <= len(run.suppliers) / 2


def test_random_inputs_same_means() -> None:
    # other replications for each engine, so that the agreement is of distributions and not of numbers
    many = simulate(SMALL, range(1_000, 3_000))
    runs = [run_events(SMALL, replication) for replication in range(60)]
    for milestone in (
        "mandate_live",
        "first_routed_connection",
        "login_half",
        "pgo_90",
        "legal_resolved",
        "register_live",
    ):
        ours = many.milestones[milestone]
        theirs = np.array([dates(run)[milestone] for run in runs])
        assert np.isfinite(ours).all()
        error = np.sqrt(ours.var(ddof=1) / len(ours) + theirs.var(ddof=1) / len(theirs))
        assert abs(ours.mean() - theirs.mean()) <= 3.0 * error, milestone
    ours, theirs = many.totals["excluded_person_weeks"], np.array([excluded_person_weeks(run) for run in runs])
    error = np.sqrt(ours.var(ddof=1) / len(ours) + theirs.var(ddof=1) / len(theirs))
    assert abs(ours.mean() - theirs.mean()) <= 3.0 * error


@pytest.mark.parametrize("replication", range(3))
def test_littles_law_on_the_suppliers_queue(replication: int) -> None:
    run = run_events(SMALL, replication)
    end = run.plan.end
    days, waiting = (np.array(column) for column in zip(*((d, w) for d, w, _, _ in run.queue), strict=True))
    number = (waiting * np.diff(np.append(days, end))).sum() / (end - run.plan.begin)
    # waiting ends when the slot is given, which in the freeze is before work begins: count from the other side
    waits = []
    slots = sorted(
        (s.asked, s.integrated) for s in run.suppliers[1:] if s.asked is not None and s.integrated is not None
    )
    arrivals = len(slots)
    assert arrivals == len(run.suppliers) - 1
    free = [run.plan.begin] * run.knobs.routing_slots
    for supplier in run.suppliers[1:]:
        assert supplier.asked is not None
        assert supplier.integrated is not None
        taken = max(supplier.asked, min(free))
        waits.append(taken - supplier.asked)
        free[free.index(min(free))] = supplier.integrated
    rate = arrivals / (end - run.plan.begin)
    assert number == pytest.approx(rate * np.mean(waits), rel=1e-9)


def test_littles_law_in_the_vectorised_engine() -> None:
    many = simulate(SMALL, range(50))
    assert many.load_sums is not None
    horizon = float(SMALL.horizon_weeks)
    number = many.load_sums["suppliers_waiting"].sum() / 50 / horizon
    suppliers = sum(s for s in (6, 12, 6, 8))
    assert number == pytest.approx(suppliers / horizon * many.totals["mean_wait_weeks"].mean(), rel=0.03)
    assert number == pytest.approx(many.totals["mean_waiting_suppliers"].mean(), rel=0.03)


@pytest.mark.parametrize("replication", range(3))
def test_suppliers_are_conserved(replication: int) -> None:
    run = run_events(SMALL.changed(routing_slots=3), replication)
    asked = sorted(s.asked for s in run.suppliers[1:] if s.asked is not None)
    assert asked
    last = {}
    for day, waiting, serving, done in run.queue:
        assert min(waiting, serving, done) >= 0
        assert serving <= 3
        last[day] = waiting + serving + done
    # several may come and go in one instant: count when it is over
    for day, inside in last.items():
        assert inside == np.searchsorted(asked, day, side="right")


def test_providers_are_conserved_in_the_vectorised_engine() -> None:
    many = simulate(SMALL, range(60))
    assert many.curves is not None
    login, ready = many.curves["login"], many.curves["pgo_ready"]
    everybody = country_of(SMALL).care
    for connected in (login, ready):
        assert (np.diff(connected, axis=1) > -1e-2).all()
        assert connected.min() >= 0.0
        assert connected.max() <= everybody * (1.0 + 1e-6)
    assert (ready <= login + 1e-2).all()
    assert login[:, -1] == pytest.approx(everybody)


def test_people_are_conserved_at_the_counters() -> None:
    run = run_events(SMALL.changed(counter_servers=5, counter_live=date(2020, 6, 1)), 0)
    last = run.citizens[-1]
    assert float(last.waiting[0]) > 0.0
    assert float(last.arrived[0]) == pytest.approx(float((last.served + last.gave_up + last.waiting)[0]))


def test_shares_of_the_pool_sum_to_one_without_a_gap() -> None:
    run = run_events(SMALL.changed(incident_rate=6.0), 1)
    assert run.pool.spans[0][0] == plan_of(SMALL).begin
    assert run.pool.spans[-1][1] == pytest.approx(plan_of(SMALL).end)
    for (_, to, shares), (since, _, _) in zip(run.pool.spans, run.pool.spans[1:], strict=False):
        assert to == since
        assert sum(shares.values()) == pytest.approx(1.0)
        assert min(shares.values()) >= -1e-12


def test_a_day_in_the_tail_does_not_depend_on_the_batch() -> None:
    whole, part = simulate(SMALL, range(600)), simulate(SMALL, range(450, 600))
    for milestone in MILESTONES:
        assert np.array_equal(whole.milestones[milestone][450:], part.milestones[milestone], equal_nan=True)
