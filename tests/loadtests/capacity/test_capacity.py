"""The calculation against one by hand, regret, assumptions that are wrong, and the whole answer."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from loadtests.capacity.answer import answer
from loadtests.capacity.assumptions import Assumptions, read
from loadtests.capacity.measuring import Measured, Point
from loadtests.capacity.need import Machine, Quarter, machine, needs, quantile, quarters_between, surge
from loadtests.capacity.page import page
from loadtests.capacity.regret import policies
from loadtests.capacity.words import headline, sentences
from loadtests.demand import Demand, demand_of
from loadtests.errors import LoadTestError
from loadtests.usl import usl

MARCH = date(2027, 3, 1)


def measured(rate: float = 400.0, workers: int = 1) -> Measured:
    """What a service with a known law would have shown."""
    ns = np.array([1.0, 2.0, 4.0, 8.0, 16.0, 32.0])
    xs = usl(ns, rate, 0.2, 0.001).tolist()
    points = tuple(Point(int(n), x, x, x * 500e-6, 2.0, 9.0, 0) for n, x in zip(ns, xs, strict=True))
    about = {"cores": 2, "load_average": [0.5, 0.5, 0.5], "memory_bytes": 2**34, "python": "3.11"}
    return Measured(points, workers, 100_000, 80 * 2**20, 150 * 2**20, about, "2026-11-27T10:00:00+0000")


@pytest.fixture(scope="module")
def demand() -> Demand:
    return demand_of("hospitals_2027", 50)


def certain(**values: float) -> Assumptions:
    """Hardly any doubt, so that there is one right answer."""
    said = read()
    known = {"decisions_per_client": 2.0, "peak_factor": 5.0, "surge_weeks": 8.0, "questions_per_mandate": 3.0} | values
    uncertain = {key: (value * (1 - 1e-9), value, value * (1 + 1e-9)) for key, value in known.items()}
    return Assumptions(uncertain, said.machine, said.shortage, said.neo4j)


def test_the_decisions_are_those_of_the_simulator_and_the_surge(demand: Demand) -> None:
    one = Machine(np.full(1_000, 10.0), np.full(1_000, 25.0), 0.375)
    before, during, after = needs(demand, [date(2026, 10, 1), date(2027, 1, 1), date(2027, 4, 1)], one, certain())
    usual = demand.busiest_bands(demand.week_at(MARCH))["p50"]
    assert quantile(before.decisions, 0.5) == pytest.approx(usual, rel=1e-3)
    assert quantile(after.decisions, 0.5) == pytest.approx(usual, rel=1e-3)
    # 198 hospitals, those of their clients who depend on help, half of whom by a lent password; in eight weeks
    people = surge(demand.scenario.knobs)
    assert 300_000 < people < 1_000_000
    mandates = people / (8 * 7 * 86_400) * 5
    assert quantile(during.decisions, 0.5) == pytest.approx(usual + 3 * mandates, rel=1e-3)
    assert quantile(during.writes, 0.5) - quantile(after.writes, 0.5) == pytest.approx(2 * mandates, rel=0.1)
    assert quantile(during.machines, 0.5) == np.ceil((usual + 3 * mandates) / 25.0) + 1


def test_a_scenario_without_a_demand_has_no_surge() -> None:
    assert surge(demand_of("june_2020", 10).scenario.knobs) == 0.0


def test_one_machine_is_its_workers_less_headroom() -> None:
    found = machine(measured(workers=2), measured(workers=2).fit(), read())
    most = float(usl(np.array([28.28]), 400.0, 0.2, 0.001)[0])
    assert quantile(found.per_worker, 0.5) == pytest.approx(most / 2, rel=0.01)
    # four cores: 38 % stay free (simulation.md chapter 2)
    assert found.headroom == pytest.approx(0.38, abs=0.005)
    assert quantile(found.usable, 0.5) == pytest.approx(most / 2 * 4 * (1 - found.headroom), rel=0.01)


def test_more_to_do_never_needs_fewer(demand: Demand) -> None:
    one = machine(measured(), measured().fit(), read())
    few, many = (
        needs(demand, [date(2027, 1, 1)], one, certain(decisions_per_client=times))[0].machines
        for times in (2.0, 5_000.0)
    )
    assert (many >= few).all()
    assert many.min() > few.max()


def quarter(bare: list[float], begin: date) -> Quarter:
    values = np.array(bare)
    return Quarter(begin, values, values, values, values, values, values + 1)


def test_whoever_buys_what_every_draw_needs_regrets_nothing() -> None:
    same = [quarter([2.0] * 10, date(2027, 1, 1)), quarter([2.0] * 10, date(2027, 4, 1))]
    best = policies(same, read())[0]
    assert best.machines == [3, 3]
    assert (best.regret, best.short) == (0.0, 0.0)
    names = " ".join(policy.name for policy in policies(same, read()))
    assert "for P50, in time" in names


def test_a_rising_need_makes_late_worse_than_early() -> None:
    rising = [quarter([float(n)] * 10, date(2027, 3 * n - 2, 1)) for n in (1, 2, 3, 4)]
    found = {policy.name: policy for policy in policies(rising, read())}
    early, late = found["for P90, a quarter early"], found["for P90, a quarter late (and so for P50, a quarter late)"]
    assert early.machines == [3, 4, 5, 5]
    assert late.machines == [2, 2, 3, 4]
    assert 0.0 < early.regret < late.regret
    assert all(policy.regret >= -1e-6 for policy in found.values())


def test_an_answer_with_its_calculation(demand: Demand) -> None:
    whole = answer(
        demand, measured(), read(), first=date(2026, 12, 1), last=date(2027, 12, 1), month=MARCH, command="capacity"
    )
    assert [each["name"] for each in whole["quarters"]] == ["2026 Q4", "2027 Q1", "2027 Q2", "2027 Q3", "2027 Q4"]
    assert whole["asked"]["name"] == "2027 Q1"
    assert headline(whole).endswith("for March 2027")
    said = " ".join(text for _, text in sentences(whole))
    assert "that may fail" in said
    assert "1 Jan 2027" in said
    # what goes beyond what was measured is said
    assert any("4 cores is taken to do 4 times" in text for text in whole["extrapolates"])
    assert any("100,000 people" in text for text in whole["extrapolates"])
    html = page(whole)
    assert "<script" not in html
    assert "The calculation for March 2027" in html


def test_a_month_outside_is_told(demand: Demand) -> None:
    with pytest.raises(LoadTestError, match="--month 2029-01: not among the quarters"):
        answer(
            demand,
            *(measured(), read()),
            first=date(2027, 1, 1),
            last=date(2027, 12, 1),
            month=date(2029, 1, 1),
            command="",
        )


def test_quarters() -> None:
    assert quarters_between(date(2026, 12, 31), date(2027, 7, 1)) == [
        *(date(2026, 10, 1), date(2027, 1, 1), date(2027, 4, 1), date(2027, 7, 1)),
    ]
    with pytest.raises(LoadTestError, match="expected 1 to 40 quarters"):
        quarters_between(date(2026, 1, 1), date(2046, 1, 1))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "[uncertain]\npeak_factors = [1, 2, 3]\n",
            "uncertain.peak_factors: no such assumption; did you mean peak_factor?",
        ),
        ("[uncertain]\npeak_factor = [3, 2, 1]\n", "expected 0 < low <= likely <= high"),
        ("[uncertain]\npeak_factor = 5\n", r"found 5, expected \[low, likely, high\]"),
        ("[machine]\ncores = 0\n", "machine.cores: found 0, expected at least 1"),
        ("[machine]\nheadroom = 1\n", "machine.headroom: found 1, expected below 1"),
        ("[neo4j]\nmembers = 'three'\n", "neo4j.members: found 'three'"),
        ("[money]\neuro = 1\n", r"\[money\]: expected one of"),
    ],
)
def test_wrong_assumptions_are_told_by_their_key(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "assumptions.toml"
    file.write_text(text)
    with pytest.raises(LoadTestError, match=said):
        read(file)


def test_one_assumption_may_be_changed(tmp_path: Path) -> None:
    file = tmp_path / "assumptions.toml"
    file.write_text("[machine]\ncores = 8\n")
    found: Any = read(file)
    assert found.machine["cores"] == 8
    assert found.machine["spare"] == read().machine["spare"]
    assert found.headroom == pytest.approx(0.28, abs=0.005)
