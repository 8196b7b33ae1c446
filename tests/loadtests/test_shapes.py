"""Shapes have the simulator's rates."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from loadtests import shapes
from loadtests.demand import Demand, demand_of
from loadtests.errors import LoadTestError
from loadtests.mix import BATCH, READING, SEVERAL, reading
from loadtests.plan import Plan
from loadtests.planning import Wanted, planned
from loadtests.shapes import SPIKE, WAVE_PROVIDERS, Rates
from simulator.demand import EVENTS


@pytest.fixture(scope="module")
def demand() -> Demand:
    return demand_of("hospitals_2027", 50)


def decisions(rates: Rates, at: float) -> float:
    """Asked a second by all who read."""
    return sum(rates[name].at(at) * each.decisions for name, each in READING.items() if name in rates)


def test_the_busiest_hour_asks_what_the_simulator_says(demand: Demand) -> None:
    week = demand.week_of("2027-W09")
    assert demand.weeks[week] <= date(2027, 3, 1) < demand.weeks[week + 1]
    hour = demand.busiest(week)
    assert hour.decisions == max(demand.result.decisions_per_second(week, number) for number in range(168))
    rates = shapes.hour(hour, 300.0)
    assert decisions(rates, 150.0) == pytest.approx(hour.decisions)
    assert rates["Mandates.request"].at(150.0) == pytest.approx(hour.events["mandates_requested"])
    active = rates["Mandates.activate"].at(150.0) + rates["Counters.register"].at(150.0)
    assert active == pytest.approx(hour.events["mandates_activated"])
    assert rates["Registers.record"].at(150.0) * 3 == pytest.approx(hour.events["register_facts"])


def test_a_week_has_the_rates_of_its_demand_table(demand: Demand) -> None:
    week = demand.week_of("2027-W09")
    hour = demand.at(week, 34)
    assert set(hour.events) == set(EVENTS)
    of_week = sum(demand.at(week, number).events["mandates_withdrawn"] for number in range(168)) * 3_600
    assert of_week == pytest.approx(float(demand.result.events_per_week["mandates_withdrawn"][week]))


def test_weights_change_how_it_is_asked_but_not_how_much() -> None:
    rates = reading(shapes.up_to(100.0, 60.0), {"Portals.batch": 0.5, "Helpers.ask": 0.0})
    assert "Helpers.ask" not in rates
    assert decisions(rates, 30.0) == pytest.approx(100.0)
    assert rates["Portals.batch"].at(30.0) < 1.0 < SEVERAL < BATCH


def test_a_spike_is_so_many_times_the_hour(demand: Demand) -> None:
    hour = demand.busiest(demand.busiest_week)
    rates = shapes.spike(hour, 300.0)
    assert decisions(rates, 100.0) == pytest.approx(hour.decisions)
    assert decisions(rates, 150.0) == pytest.approx(SPIKE * hour.decisions)
    assert decisions(rates, 200.0) == pytest.approx(hour.decisions)


def test_a_day_is_replayed_hour_by_hour(demand: Demand) -> None:
    hours = demand.day(demand.busiest_week)
    assert max(hours, key=lambda each: each.decisions) == demand.busiest(demand.busiest_week)
    rates = shapes.day(hours, 240.0)
    assert [decisions(rates, number * 10.0) for number in range(24)] == pytest.approx([h.decisions for h in hours])


def test_a_soak_has_the_mean_of_the_week(demand: Demand) -> None:
    week = demand.busiest_week
    mean = sum(demand.at(week, number).decisions for number in range(168)) / 168
    assert decisions(shapes.soak(demand, week, 3_600.0), 1_800.0) == pytest.approx(mean)


def test_the_wave_brings_all_its_providers_and_then_mandates(demand: Demand) -> None:
    hour = demand.busiest(demand.busiest_week)
    rates = shapes.wave(hour, 600.0, demand.dependants_of_a_practice)
    # five steps of every provider, fifty at once
    assert rates["Suppliers.bulk"].total * 50 == pytest.approx(WAVE_PROVIDERS * 5)
    assert rates["Suppliers.bulk"].seconds == pytest.approx(100.0)
    assert rates["Mandates.request"].at(50.0) == 0.0
    assert rates["Mandates.request"].at(101.0) > rates["Mandates.request"].at(599.0) > 0.0
    assert decisions(rates, 300.0) == pytest.approx(hour.decisions)


def test_a_plan_survives_its_json(demand: Demand) -> None:
    plan = Plan(shapes.hour(demand.busiest(demand.busiest_week), 60.0), about={"shape": "busiest-hour"})
    again = Plan.loads(plan.dumps())
    assert again == plan
    assert list(again.arrivals(1, 3)) == list(plan.arrivals(1, 3))


def test_parts_of_a_plan_have_its_rate_together() -> None:
    plan = Plan(shapes.stated(200.0, 60.0))
    count = sum(len(list(plan.arrivals(part, 4))) for part in range(4))
    assert count == pytest.approx(plan.total, rel=0.05)


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (Wanted(scenario="june_2020", rate=1.0), "--scenario and --rate: say once"),
        (Wanted(scenario="june_2020", week="2027-9"), "--week: found 2027-9, expected an ISO week such as 2027-W09"),
        (Wanted(scenario="june_2020", week="2027-W54"), "--week: found 2027-W54"),
        (Wanted(scenario="june_2020", week="2035-W01"), "outside the scenario's run"),
        (Wanted(scenario="june_2021"), "june_2021"),
        (Wanted(week="2027-W09"), "--week goes with --scenario"),
        (Wanted(shape="spike"), "--shape spike needs a --scenario"),
        (Wanted(rate=1.0, weights={"Portals.batches": 1.0}), "--weight Portals.batches: no such activity"),
        (Wanted(curve=Path("nowhere.csv")), "nowhere.csv: No such file"),
    ],
)
def test_what_cannot_be_planned_is_told_in_one_line(wanted: Wanted, said: str) -> None:
    with pytest.raises(LoadTestError, match=said):
        planned(wanted).rates()
