"""Rows 01 to 19, and tables 4.1 and 4.2 of simulation.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from simulator import decisions, registers
from simulator.knobs import Knobs
from simulator.letter import Statement
from simulator.letter.statement import JANUARY, JUNE, batch, certain, curve, day, detailed, events, week_of
from simulator.timeline import WEEKS_PER_YEAR, to_date, to_day
from simulator.vectorised.engine import direct_days

Row = Callable[[int], Statement]


def test_letter_01_programme_is_late(row: Row) -> None:
    row(1)
    # whatever else is drawn: no replication of June is as early as January's plan
    assert batch(JUNE).milestones["mandate_live"].min() > batch(JANUARY).milestones["mandate_live"].max()


def test_letter_02_two_goals(row: Row) -> None:
    row(2)
    loads = detailed(JUNE, 50).load_sums
    assert loads is not None
    claims = ("continuity", "change_programme", "mandate_track", "statutory_track", "outage", "frozen_or_idle")
    assert np.allclose(sum(loads[claim] for claim in claims), 50.0), "every hour of the pool is accounted once"


def test_letter_03_a_group_that_needs_help(row: Row) -> None:
    row(3)
    groups = batch(JUNE).excluded.mean(axis=0)
    assert groups.shape == (4, 2), "reported by age band and digital skill"
    assert groups[1:, 0].min() > 0.0


def test_letter_04_three_kinds_by_law(row: Row) -> None:
    row(4)
    kinds = {situation.kind for situation in decisions.SITUATIONS}
    assert {"PARENTAL_SOLE", "BEWIND", "NEXT_OF_KIN_MANDATE"} <= kinds
    lags = {registers.mean_lag(JUNE), JUNE.administrator_lag, JUNE.next_of_kin_lag}
    assert len(lags) == 3


def test_letter_05_website_early_in_june(row: Row) -> None:
    row(5)
    assert day(JUNE, "website_live") == events(certain(JUNE)).milestones["website_live"]


def test_letter_06_improvement_goes_on(row: Row) -> None:
    row(6)


def test_letter_07_no_counter_yet(row: Row) -> None:
    row(7)
    queue = curve(JUNE, "counter_queue")
    before = week_of(JUNE, JUNE.counter_live)
    assert queue[:, : before + 1].max() == 0.0


def test_letter_08_two_or_three_a_quarter(row: Row) -> None:
    statement = row(8)
    exponential = statement.measure(statement.otherwise)
    share = float(exponential.says.split("%", maxsplit=1)[0])
    assert share == pytest.approx(47.0, abs=1.5), "simulation.md 5.2: 47 % with exponential effort"
    for rate, a_year in ((2.0, 8.0), (3.0, 12.0)):
        days = direct_days(JUNE.changed(direct_rate=rate), range(300))
        per_year = (days < to_day(JUNE.start) + 8 * 365.25).sum(axis=1).mean() / 8
        assert per_year == pytest.approx(a_year, rel=0.02)


def test_letter_09_labour_is_the_cause(row: Row) -> None:
    row(9)


def test_letter_10_many_at_once(row: Row) -> None:
    row(10)


def test_letter_11_january_is_not_met(row: Row) -> None:
    row(11)
    assert to_date(day(certain(JANUARY), "routing_test")) == date(2020, 3, 4)
    assert to_date(day(certain(JANUARY), "first_routed_connection")) == date(2020, 7, 1)


def test_letter_12_care_then_other_sectors(row: Row) -> None:
    statement = row(12)
    for replication in range(3):
        found = events(statement.knobs, replication).milestones
        assert found["first_routed_connection"] < found["first_other_sector"]


def test_letter_13_pilot_is_over(row: Row) -> None:
    row(13)


def test_letter_14_no_single_source(row: Row) -> None:
    row(14)
    shares = decisions.outcome_shares(JUNE, 1e6, 0.5)
    assert sum(shares.values()) == pytest.approx(1.0)
    assert shares["INDETERMINATE"] > 0.0


@pytest.mark.parametrize(("shape", "stock"), [("constant", 15_000), ("uniform", 7_500)])
def test_table_4_2_stale_stock(shape: str, stock: int) -> None:
    knobs = JUNE.changed(lag_shape=shape, register_lag=365.25 / 4)
    assert registers.stale_rulings(knobs) == pytest.approx(stock, rel=0.01)
    assert registers.stale_rulings(knobs) / 3_333_105 == pytest.approx(0.0045 * stock / 15_000, rel=0.01)
    # and one by one: the rulings of a run, followed from court to register
    run = events(certain(knobs))
    days, seen = (np.array(column) for column in zip(*run.stale, strict=True))
    settled = np.searchsorted(days, run.plan.begin + 100.0)
    mean = np.average(seen[settled:-1], weights=np.diff(days[settled:]))
    assert mean * 100 == pytest.approx(stock, rel=0.05)


def test_letter_15_up_to_three_months(row: Row) -> None:
    row(15)
    assert max(events(certain(JUNE.changed(lag_shape="beta"))).ruling_lags) <= 92.0


def test_letter_16_no_pilot_for_administrators(row: Row) -> None:
    row(16)


def test_letter_17_register_first(row: Row) -> None:
    row(17)


def test_letter_18_law_before_development(row: Row) -> None:
    row(18)
    for knobs in (JUNE.changed(external_builder=True), JUNE.changed(priority="statutory")):
        found = batch(knobs).milestones
        assert (found["development_start"] >= found["legal_resolved"] - 1e-9).all()


def test_letter_19_register_is_filled(row: Row) -> None:
    row(19)


@pytest.mark.parametrize(
    ("who", "number", "at_three", "at_two"),
    [
        ("hospitals", 198, 16.5, 24.75),
        ("municipalities", 355, 29.6, 44.4),
        ("organisations on DigiD", 700, 58.3, 87.5),
        ("GP practices, 2016", 5_028, 419.0, 628.5),
        ("GP practices", 5_677, 473.1, 709.6),
        ("MedMij list", 5_403, 450.3, 675.4),
        ("all care providers", 50_000, 4_166.7, 6_250.0),
    ],
)
def test_table_4_1_direct_only(who: str, number: int, at_three: float, at_two: float) -> None:
    for rate, years in ((3.0, at_three), (2.0, at_two)):
        assert _years_direct(number, rate) == pytest.approx(years, abs=0.06), who


def test_table_4_1_one_line() -> None:
    assert _years_direct(5_403, 2.5) == pytest.approx(540.3)


def _years_direct(number: int, rate: float) -> float:
    """How long the model takes to connect so many directly, with nothing else going on."""
    weeks = int(number / rate * 13.1) + 10
    knobs = Knobs(
        pathway="direct", direct_rate=rate, direct_cv=0.0, horizon_weeks=min(weeks, 330_000), freeze=(),
        hospitals=0, gp_practices=number, mental_care=0, other_care=0, launch_cap=0,
    )  # fmt: skip
    days = direct_days(knobs, range(1))[0]
    assert len(days) == number
    return float(days[-1] - to_day(knobs.start)) / 7.0 / WEEKS_PER_YEAR
