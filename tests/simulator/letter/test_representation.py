"""Rows 51 to 58."""

from __future__ import annotations

from collections.abc import Callable

from simulator import decisions
from simulator.country import country_of
from simulator.letter import STATEMENTS, Statement
from simulator.letter.statement import JUNE, batch, certain, events

Row = Callable[[int], Statement]


def test_letter_51_statutory_work_stands_still(row: Row) -> None:
    row(51)


def test_letter_52_law_goes_on(row: Row) -> None:
    row(52)


def test_letter_53_outside_logius(row: Row) -> None:
    row(53)
    plain = certain(JUNE)
    waiting = batch(plain, 1).milestones["register_live"][0]
    start = batch(plain.changed(external_builder=True), 1).milestones["development_start"][0]
    even = (waiting - start) / 7.0 / JUNE.statutory_effort
    for factor, earlier in ((0.99, True), (1.01, False)):
        external = plain.changed(external_builder=True, external_overhead=even * factor)
        assert bool(batch(external, 1).milestones["register_live"][0] < waiting) is earlier


def test_letter_54_same_answers(row: Row) -> None:
    row(54)
    missing = next(s for s in decisions.SITUATIONS if s.name == "administrator not in the register")
    assert decisions.answer(missing) == "INDETERMINATE"
    assert decisions.answer(missing, complete=True) == "DENY"


def test_letter_55_reports_know_only_the_past(row: Row) -> None:
    row(55)
    # a plan that differed before the report is reported differently
    early = events(certain(JUNE).changed(launch_weeks=5.0)).reports
    assert early != events(certain(JUNE)).reports


def test_letter_56_change_programme(row: Row) -> None:
    row(56)


def test_letter_57_login_before_mandates(row: Row) -> None:
    row(57)
    for replication in range(3):
        for provider in events(JUNE, replication).providers:
            assert provider.mandate_live is None or (provider.login_live or 1e9) <= provider.mandate_live


def test_letter_58_the_old_and_the_less_skilled(row: Row) -> None:
    row(58)
    older = country_of(JUNE.changed(hospital_age_tilt=4.0)).dependants[0].sum()
    less_skilled = country_of(JUNE.changed(low_skill_65_79=0.6)).dependants[0].sum()
    now = country_of(JUNE).dependants[0].sum()
    assert older > now
    assert less_skilled > now
    low, other = batch(JUNE).excluded.mean(axis=0)[1:].T
    assert (low > other).all()


def test_all_fifty_eight_have_a_test() -> None:
    assert sorted(STATEMENTS) == list(range(1, 59))
    assert len({statement.measure for statement in STATEMENTS.values()}) == 58
