from __future__ import annotations

import json
from collections import Counter
from datetime import date
from hashlib import sha256
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from authority.facts import Authority, Employment, Fact, Organisation, Person, Provider, Register, Service
from authority.moments import birthday, day, possible_birth_days
from graph.intake import line_of, read_fact
from simulator.population import Lines, Population
from simulator.population.streets import STREET

PEOPLE = 30_011
COUNTRY = Population(PEOPLE, 7)
LINES = Lines(COUNTRY)


@pytest.fixture(scope="module")
def lines() -> list[bytes]:
    return (b"".join(LINES.first()) + LINES.of(np.arange(PEOPLE))).splitlines()


@pytest.fixture(scope="module")
def facts(lines: list[bytes]) -> list[Fact]:
    return [read_fact(line, recorded_at=None)[0] for line in lines]


@pytest.fixture(scope="module")
def people(facts: list[Fact]) -> dict[str, Person]:
    return {fact.id: fact for fact in facts if isinstance(fact, Person)}


@pytest.fixture(scope="module")
def held(facts: list[Fact]) -> list[Authority]:
    return [fact for fact in facts if isinstance(fact, Authority)]


def test_every_line_is_a_fact_in_canonical_form(lines: list[bytes], facts: list[Fact]) -> None:
    for line, fact in zip(lines, facts, strict=True):
        canonical = msgspec.json.decode(line_of(fact), type=dict[str, object])
        del canonical["recorded_at"]
        assert msgspec.json.encode(canonical) == line


def test_everybody_and_every_kind_is_there(facts: list[Fact], held: list[Authority]) -> None:
    assert Counter(type(fact) for fact in facts)[Person] == PEOPLE
    kinds = Counter(fact.kind for fact in held)
    # TREATMENT_SUBSTITUTE alone does not occur: a judge's substitute consent is for one treatment
    assert len(kinds) == 14, kinds
    assert {fact.status for fact in held} == {"REQUESTED", "ACTIVE", "WITHDRAWN", "ENDED"}


def test_no_id_is_used_twice(facts: list[Fact]) -> None:
    ids = Counter(
        ("one of people and organisations" if isinstance(fact, Person | Organisation) else type(fact).__name__, fact.id)
        for fact in facts
    )
    assert max(ids.values()) == 1


def test_what_is_named_exists(facts: list[Fact], people: dict[str, Person], held: list[Authority]) -> None:
    ids = {cls: {fact.id for fact in facts if isinstance(fact, cls)} for cls in (Provider, Service, Organisation)}
    for fact in facts:
        if isinstance(fact, Service):
            assert fact.provider in ids[Provider]
        elif isinstance(fact, Employment):
            assert fact.organisation in ids[Organisation]
            assert fact.employee in people
    parties = {None} | people.keys() | ids[Organisation]
    for authority in held:
        assert authority.represented in people
        assert authority.representative in parties
        assert set(authority.services or ()) <= ids[Service]
        assert set(authority.candidates) <= people.keys()


def test_what_is_named_comes_before_it_is_named(facts: list[Fact]) -> None:
    """Registers, providers, organisations; then household by household people and what is held over them."""
    order: list[type[Fact] | tuple[type[Fact], ...]] = [
        Register,
        (Provider, Service),
        (Organisation, Employment),
        (Person, Authority),
    ]
    stage = 0
    for fact in facts:
        while not isinstance(fact, order[stage]):
            stage += 1
    assert stage == len(order) - 1
    seen: set[str] = set()
    for fact in facts:
        if isinstance(fact, Person):
            seen.add(fact.id)
        elif isinstance(fact, Authority):
            assert fact.represented in seen


def test_a_household_stands_together(facts: list[Fact]) -> None:
    household = COUNTRY.columns().household
    of_person = {f"{int(number):016x}": int(head) for number, head in zip(COUNTRY.columns().id, household, strict=True)}
    runs = [
        of_person[fact.represented if isinstance(fact, Authority) else fact.id]
        for fact in facts
        if isinstance(fact, Person | Authority)
    ]
    assert runs == sorted(runs)


# what the law does not allow does not occur


def turned(person: Person, years: int) -> int:
    days = possible_birth_days(person.born)
    assert days is not None
    return birthday(days[1], years)


TODAY = day(COUNTRY.as_of.isoformat())
OVER_MINORS = {"PARENTAL_SOLE", "PARENTAL_JOINT", "SHARED_AUTHORITY", "GUARDIANSHIP", "NO_AUTHORITY", "UNDETERMINED"}
MEASURES = {"CURATELE", "BEWIND", "MENTORSCHAP"}
AFTER_DEATH = {"HEIR", "EXECUTOR", "NEXT_OF_KIN_MANDATE", "RECORD_AFTER_DEATH"}


def test_holders_are_living_adults_whom_no_measure_excludes(people: dict[str, Person], held: list[Authority]) -> None:
    protected = {authority.represented for authority in held if authority.kind in MEASURES}
    incapable = {authority.represented for authority in held if authority.kind == "CURATELE"}
    parents_under_bewind = 0
    for authority in held:
        holder = people.get(authority.representative or "")
        if holder is not None:
            assert turned(holder, 18) <= TODAY, authority
            assert holder.died is None, authority
            # bewind and mentorschap do not touch parental authority, but exclude from every office (BW 1:246, 1:435)
            parental = authority.kind in ("PARENTAL_SOLE", "PARENTAL_JOINT", "SHARED_AUTHORITY")
            assert holder.id not in (incapable if parental else protected), authority
            parents_under_bewind += holder.id in protected
            assert holder.id != authority.represented
    assert parents_under_bewind > 20


def test_kinds_fit_the_age_and_life_of_the_represented(people: dict[str, Person], held: list[Authority]) -> None:
    for authority in held:
        person = people[authority.represented]
        adult = turned(person, 18) <= TODAY
        assert adult == (authority.kind not in OVER_MINORS), authority
        if authority.kind in AFTER_DEATH:
            assert person.died is not None
            assert authority.valid_from == person.died
        if authority.kind in MEASURES:
            assert person.died is None


def test_a_minor_has_one_statement_of_one_kind(people: dict[str, Person], held: list[Authority]) -> None:
    over: dict[str, list[str]] = {}
    for authority in held:
        if authority.kind in OVER_MINORS:
            over.setdefault(authority.represented, []).append(authority.kind)
    minors = {person.id for person in people.values() if turned(person, 18) > TODAY}
    assert over.keys() == minors
    for kinds in over.values():
        assert len(set(kinds)) == 1
        assert len(kinds) == (2 if kinds[0] in ("PARENTAL_JOINT", "SHARED_AUTHORITY") else 1)


def test_a_mandate_begins_when_its_grantor_is_18_and_alive(people: dict[str, Person], held: list[Authority]) -> None:
    protected = {authority.represented for authority in held if authority.kind in MEASURES}
    for mandate in held:
        if mandate.kind == "VOLUNTARY_MANDATE":
            person = people[mandate.represented]
            assert mandate.valid_from is not None
            assert mandate.valid_from >= turned(person, 18)
            assert mandate.valid_from < (person.died or TODAY)
            assert mandate.services
            assert person.id not in protected


def test_curatele_stands_alone_and_a_bewind_for_debts_has_a_term(held: list[Authority]) -> None:
    over: dict[str, set[str]] = {}
    for authority in held:
        if authority.kind in MEASURES:
            over.setdefault(authority.represented, set()).add(authority.kind)
            assert authority.valid_from is not None
            assert authority.valid_from < TODAY
            assert (authority.ground == "DEBTS") == (authority.valid_until is not None)
    assert all("CURATELE" not in kinds or len(kinds) == 1 for kinds in over.values())
    assert {"BEWIND", "MENTORSCHAP"} in over.values()


def test_authority_may_differ_from_parenthood(held: list[Authority]) -> None:
    columns = COUNTRY.columns()
    ids = [f"{int(number):016x}" for number in columns.id]
    parents = {
        ids[row]: {ids[parent] for parent in (columns.parent_1[row], columns.parent_2[row]) if parent < PEOPLE}
        for row in range(PEOPLE)
    }
    both, alone, stranger = 0, 0, 0
    holders: dict[str, set[str | None]] = {}
    for authority in held:
        if authority.kind in OVER_MINORS:
            holders.setdefault(authority.represented, set()).add(authority.representative)
    for child, who in holders.items():
        both += who == parents[child] and len(who) == 2
        alone += len(who) == 1 and who < parents[child]
        stranger += bool(who - parents[child] - {None})
    assert both > 5 * alone > 500
    assert stranger > 20


# the bytes


@settings(max_examples=10, deadline=None)
@given(data=st.data(), people=st.integers(1_000, 4_000), seed=st.integers(0, 1 << 32))
def test_bytes_do_not_depend_on_the_chunks(data: st.DataObject, people: int, seed: int) -> None:
    lines = Lines(Population(people, seed))
    whole = lines.of(np.arange(people))
    cuts = sorted(data.draw(st.sets(st.integers(1, people // STREET).map(lambda n: n * STREET), max_size=5)) - {people})
    edges = [0, *cuts, people]
    parts = [lines.of(np.arange(start, stop)) for start, stop in pairwise(edges)]
    assert b"".join(parts) == whole


def test_bytes_stay_what_they_are() -> None:
    """Of names no test: Faker's lists may change. Whoever changes the model on purpose renews this."""
    lines = Lines(Population(1_000, 1, date(2026, 1, 1)), with_names=False)
    made = b"".join(lines.first()) + lines.of(np.arange(1_000))
    assert sha256(made).hexdigest() == "f2b736adba85f9524a4c21e0c8b8e72ac701b84cc47d9da17cf7fd72552ba1af"


def test_names_are_left_out_on_request() -> None:
    lines = Lines(Population(1_000, 1), with_names=False)
    assert all("name" not in json.loads(line) for line in lines.of(np.arange(1_000)).splitlines())


@given(as_of=st.dates(date(1990, 1, 1), date(2100, 1, 1)))
@settings(max_examples=8, deadline=None)
def test_every_day_gives_good_facts(as_of: date) -> None:
    lines = Lines(Population(1_000, 2, as_of))
    for line in lines.of(np.arange(1_000)).splitlines():
        read_fact(line, recorded_at=None)
