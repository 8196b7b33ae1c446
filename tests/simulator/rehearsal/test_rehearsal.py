"""The rehearsal by itself: what is told when, and that the tally can tell a service that is wrong."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from simulator.knobs import Knobs
from simulator.rehearsal.asking import Posed
from simulator.rehearsal.play import Day, Rehearsal
from simulator.rehearsal.tally import Tally

SMALL = Knobs(gp_practices=300, gp_suppliers=12, horizon_weeks=160)
PEOPLE = 4_000


def played(
    knobs: Knobs, questions: int, seed: int = 1, weeks: int = 52, begin: date | None = None
) -> tuple[Rehearsal, list[Day]]:
    rehearsal = Rehearsal(knobs, PEOPLE, seed=seed, questions=questions, weeks=weeks, begin=begin)
    assert sum(1 for _ in rehearsal.facts()) > PEOPLE
    return rehearsal, list(rehearsal.days())


@pytest.fixture(scope="module")
def year() -> tuple[Rehearsal, list[Day]]:
    return played(SMALL, 6_000)


def answered(rehearsal: Rehearsal, days: list[Day], answer: str) -> Tally:
    """The tally of a service that answers what is `right`, or what was `told`."""
    tally = Tally(rehearsal.happenings)
    for day in days:
        for posed in day.questions:
            tally.hear(day.day.toordinal(), posed, *getattr(posed, answer))
    return tally


def test_nothing_is_told_before_it_is_so(year: tuple[Rehearsal, list[Day]]) -> None:
    happenings = year[0].happenings
    assert len(happenings.rulings) > 5
    assert len(happenings.kin) > 20
    rulings, kin = ([(one.happens, one.shows) for one in some] for some in (happenings.rulings, happenings.kin))
    deaths = [(turn.happens, turn.shows) for turn in happenings.world.deaths.values()]
    assert all(happens <= shows for happens, shows in (*rulings, *kin, *deaths))
    # before the first day as well, so that the lag is what it always is
    assert min(one.happens for one in happenings.rulings) < year[0].year.first


def test_a_year_has_everything_in_it(year: tuple[Rehearsal, list[Day]]) -> None:
    rehearsal, days = year
    facts = Counter((fact["fact"], fact.get("status")) for day in days for fact in day.facts)
    for expected in (
        ("provider", "CONNECTED"),
        ("provider", "LIVE"),
        ("authority", "ACTIVE"),
        ("authority", "REQUESTED"),
        ("authority", "WITHDRAWN"),
        ("person", None),
    ):
        assert facts[expected], expected
    heard = [day for day in days if any(fact.get("heard_from") for fact in day.facts)]
    assert len(heard) == len(days) - len(rehearsal.happenings.polls.missed & set(rehearsal.year.days))
    assert {posed.track for day in days for posed in day.questions} >= {"birth", "birthday", "provider", "stranger"}


def test_same_seed_same_rehearsal(year: tuple[Rehearsal, list[Day]]) -> None:
    again = played(SMALL, 6_000)[1]
    assert again == year[1]
    assert played(SMALL, 60, seed=2)[1] != played(SMALL, 60)[1]


def test_a_service_that_answers_what_it_was_told_has_the_models_shares(year: tuple[Rehearsal, list[Day]]) -> None:
    tally = answered(*year, "told")
    assert tally.wrong == 0
    shares = {share.track: share for share in tally.shares()}
    assert set(shares) == {"parental_authority", "next_of_kin", "administration"}
    assert all(share.agrees for share in shares.values())
    assert shares["next_of_kin"].service > 0.05
    assert tally.false_permits[True] > 0
    assert tally.false_permits[False] == 0


def test_a_service_without_the_lag_is_not_what_the_model_says(year: tuple[Rehearsal, list[Day]]) -> None:
    shares = {share.track: share for share in answered(*year, "right").shares()}
    assert not shares["next_of_kin"].agrees
    assert not shares["administration"].agrees


def test_a_permit_that_nothing_explains_is_wrong(year: tuple[Rehearsal, list[Day]]) -> None:
    rehearsal, days = year
    denied: Posed = next(p for day in days for p in day.questions if {p.right.outcome, p.told.outcome} == {"DENY"})
    tally = Tally(rehearsal.happenings)
    assert tally.hear(rehearsal.year.first, denied, "PERMIT", "PARENTAL_AUTHORITY") == "wrong"
    assert (tally.wrong, tally.false_permits[False]) == (1, 1)
    assert tally.examples[0]["question"] == denied.question


def test_registers_fall_silent_in_an_outage() -> None:
    outages = SMALL.changed(incident_rate=12.0, incident_median=6.0)
    rehearsal, days = played(outages, 1_500, weeks=26, begin=date(2021, 1, 1))
    silent = rehearsal.world.silent
    assert silent
    told = {posed.told.reason for day in days if day.day.toordinal() in silent for posed in day.questions}
    assert "REGISTER_STALE" in told
    permitted = {posed.told.outcome for day in days if day.day.toordinal() in silent for posed in day.questions}
    assert "PERMIT" not in permitted
    for share in answered(rehearsal, days, "told").shares():
        assert share.agrees, share


def test_clerks_fill_the_register_of_administrators() -> None:
    rehearsal = Rehearsal(
        SMALL.changed(legal_weeks=20.0, statutory_effort=5.0, priority="both"), PEOPLE, questions=4_000
    )
    sum(1 for _ in rehearsal.facts())
    tally = answered(rehearsal, list(rehearsal.days()), "told")
    share = next(share for share in tally.shares() if share.track == "administration")
    assert 0.0 < share.model < 1.0
    assert share.agrees


def test_the_busiest_year_is_played_by_default() -> None:
    assert Rehearsal(SMALL.changed(setback=0.0), 1_000, weeks=1).begin == date(2020, 12, 28)
