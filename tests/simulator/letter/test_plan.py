"""Rows 33 to 50, and table 4.3 of simulation.md."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from simulator.events.measures import curve as curve_of
from simulator.letter import Statement
from simulator.letter.statement import JUNE, batch, certain, curve, day, events, week_of
from simulator.scenario import load
from simulator.timeline import to_date, to_day

Row = Callable[[int], Statement]

SETBACKS = {
    0.0: date(2021, 1, 25),
    0.5: date(2021, 1, 28),
    1.0: date(2021, 2, 1),
    **dict.fromkeys((1.1, 2.0, 4.0, 8.0, 12.0, 26.0), date(2021, 7, 29)),
}


def test_letter_33_a_boost_now_structure_later(row: Row) -> None:
    row(33)


def test_letter_34_not_both(row: Row) -> None:
    row(34)


def test_letter_35_care_before_all_but_continuity(row: Row) -> None:
    row(35)


def test_letter_36_login_and_mandates(row: Row) -> None:
    row(36)
    direct = events(certain(JUNE).changed(pathway="direct"))
    connected = [provider for provider in direct.providers if provider.direct is not None]
    assert connected
    assert not any(provider.pgo_ready for provider in connected), "mandates without login are not enough either"


def test_letter_37_one_connection_all_services(row: Row) -> None:
    row(37)


def test_letter_38_level_and_mandates_at_a_provider(row: Row) -> None:
    row(38)


def test_letter_39_no_more_lending(row: Row) -> None:
    row(39)


def test_letter_40_whoever_needs_help_is_shut_out(row: Row) -> None:
    row(40)
    # the definition, provider by provider and week by week, against the engine's weekly sum
    run = events(certain(JUNE))
    dependants = run.country.dependants.sum(axis=(1, 2))
    enforced, mandate = curve_of(run, lambda p: p.enforced), curve_of(run, lambda p: p.mandate_live)
    by_definition = ((enforced - mandate)[:, :-1] * dependants[:, None]).sum()
    assert batch(certain(JUNE), 1).totals["excluded_person_weeks"][0] == pytest.approx(by_definition, rel=0.02)


def test_letter_41_a_few_from_june(row: Row) -> None:
    row(41)


def test_letter_42_large_scale_from_september(row: Row) -> None:
    row(42)


def test_letter_43_september_decides(row: Row) -> None:
    row(43)
    end = week_of(JUNE, date(2020, 12, 31))
    later = curve(load("later_september").knobs, "login")[:, end]
    assert (later < curve(JUNE, "login")[:, end]).all()


def test_letter_44_mandates_in_parallel(row: Row) -> None:
    row(44)


def test_letter_45_no_room_for_setbacks(row: Row) -> None:
    row(45)


def test_letter_46_half_a_year(row: Row) -> None:
    row(46)


@pytest.mark.parametrize(("weeks", "live"), SETBACKS.items())
def test_table_4_3_exact_dates(weeks: float, live: date) -> None:
    knobs = load("one_setback").knobs.changed(setback=weeks)
    assert to_date(day(knobs, "mandate_live")) == live
    assert to_date(events(knobs).milestones["mandate_live"]) == live
    slip = (day(knobs, "mandate_live") - to_day(date(2021, 1, 25))) / 7.0
    assert slip == pytest.approx(weeks if weeks <= 1.0 else 26.4, abs=0.03)


def test_filing_window_alone_does_not_give_half_a_year() -> None:
    # simulation.md 4.3: freeze 1 March to 1 May, plan 22 February: at most 9.7 weeks, unless the setback is longer
    knobs = load("filing_window_only").knobs
    assert to_date(day(certain(knobs.changed(setback=0.0)), "mandate_live")) == date(2021, 2, 22)
    planned = to_day(date(2021, 2, 22))
    slips = [(day(knobs.changed(setback=weeks), "mandate_live") - planned) / 7.0 for weeks in np.arange(0.0, 9.71, 0.1)]
    assert max(slips) == pytest.approx(9.7, abs=0.05)
    assert max(slips) < 24.0


def test_letter_47_second_half_of_2021_at_the_latest(row: Row) -> None:
    row(47)


def test_letter_48_no_date_for_other_sectors(row: Row) -> None:
    row(48)


def test_letter_49_for_some_direct_is_quicker(row: Row) -> None:
    statement = row(49)
    assert "12 at 2 a quarter" in statement.measure(statement.knobs).says
    assert "18 at 3 a quarter" in statement.measure(statement.knobs).says


def test_letter_50_no_large_work_in_the_tax_season(row: Row) -> None:
    statement = row(50)
    frozen = batch(statement.knobs).milestones["mandate_live"]
    for window in events(certain(statement.knobs)).plan.freeze:
        assert not ((frozen > window.begin) & (frozen < window.resumes)).any()


def test_tension_between_login_and_mandates() -> None:
    # simulation.md 4.4: login from September, mandates from 2021 at the best: a slip multiplies what is left out
    on_time = batch(load("no_setback").knobs).totals["login_without_mandate_provider_weeks"].mean()
    late = batch(load("one_setback").knobs).totals["login_without_mandate_provider_weeks"].mean()
    assert on_time > 10_000
    assert late > 2.0 * on_time
    assert batch(load("safe_enforcement").knobs).totals["excluded_person_weeks"].max() == 0.0
