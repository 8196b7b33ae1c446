"""What holds for every input of the right shape, however strange the register (Hypothesis)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from authority.parental.brp import Case, Relation
from authority.parental.derivation import Population
from authority.parental.relations import determinations_for, relation_of
from authority.parental.statements import statements_of

OFFICIAL: Final = [
    (case["facts"]["persons"], date.fromisoformat(case["evaluation_date"]))
    for case in map(
        json.loads, (Path(__file__).parents[2] / "cases/parental_authority.jsonl").read_bytes().splitlines()
    )
]
BSNS: Final = ("000000012", "000000024", "000000036", "000000048", "000000061", "000000101", "000000102", "000000103")
DATES: Final = (
    "0000-00-00",
    "1980-00-00",
    "1985-01-01",
    "2007-02-17",
    "2008-04-23",
    "2008-04-24",
    "2010-00-00",
    "2012-01-01",
    "2015-06-01",
    "2022-12-31",
    "2023-01-01",
    "2024-05-00",
)
bsns, dates = st.sampled_from(BSNS), st.sampled_from(DATES)
# more often the likely value, so that routes get past the first questions
countries = st.sampled_from(("6030", "6030", "6030", "6022", None))
surnames = st.sampled_from(("N1", "N1", "N2", "N3", ".", "", None))
deeds = st.sampled_from((*(f"1A{kind}0100" for kind in "AAABCJVEQTM"), "1", "", None))
marks = st.none() | st.fixed_dictionaries(
    {
        "field": st.sampled_from(
            ("10000", "010310", "026210", "036200", "050610", "050000", "113210", "110000", "518120")
        )
    },
    optional={"until": dates},
)
row: dict[str, Any] = {"incorrect": st.sampled_from((False, False, False, True)), "under_investigation": marks}


def fields(required: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    given_or_not = {key: each for key, each in {**optional, **row}.items() if key not in required}
    return st.fixed_dictionaries(required, optional=given_or_not)


def with_history(each: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.builds(lambda now, before: {**now, "history": before}, each, st.lists(each, max_size=2))


PARENT = {
    "bsn": st.none() | bsns,
    "surname": surnames,
    "birth_date": dates,
    "birth_country": countries,
    "sex": st.sampled_from("MVO"),
    "family_relation_from": dates,
    "deed_no": deeds,
}
UNION = {
    "bsn": bsns,
    "surname": surnames,
    "birth_date": dates,
    "start": dates,
    "end": st.none() | dates,
    "end_reason": st.sampled_from("SON"),
}
parents = with_history(fields({"bsn": bsns, "surname": surnames}, PARENT))
unions = with_history(fields({"bsn": bsns}, UNION))
own_rows = fields({}, {"surname": surnames, "birth_date": dates, "birth_country": countries, "deed_no": deeds})
changes = st.fixed_dictionaries(
    {},
    optional={
        "bsn": bsns,
        "surname": surnames,
        "birth_date": dates,
        "birth_country": countries,
        "deed_no": deeds,
        "residence": st.none() | st.fixed_dictionaries({"municipality": st.sampled_from(("0518", "1999", ""))}),
        "parents": st.fixed_dictionaries({}, optional={"1": parents, "2": parents}),
        "unions": st.lists(unions, max_size=2),
        "children": st.lists(fields({"bsn": bsns, "birth_date": dates}, {}), max_size=2),
        "sex": st.sampled_from("MVO"),
        "history": st.lists(own_rows, max_size=2),
        "record_suspended": st.fixed_dictionaries({"reason": st.sampled_from("OEMRFW")}, optional={"since": dates}),
        "date_of_death": dates,
        "authority_record": fields(
            {},
            {
                "indication": st.sampled_from(("1", "2", "12", "1D", "2D", "D")),
                "effective_from": dates,
                "curatele_register": st.booleans(),
            },
        ),
        **row,
    },
)
Register = tuple[list[Any], date]


@st.composite
def registers(draw: st.DrawFn) -> Register:
    """The people of an official case, some of them changed, doubled or gone, and some nobody has heard of."""
    persons, today = draw(st.sampled_from(OFFICIAL))
    people = [dict(person) for person in persons]
    for place, change, how in draw(
        st.lists(st.tuples(st.integers(0, 11), changes, st.sampled_from("cccdga")), max_size=4)
    ):
        index = place % len(people) if people else 0
        if how == "a" or not people:
            people.append(change)
        elif how == "c":
            people[index] = {**people[index], **change}
        elif how == "d":
            people.append({**people[index], **change})
        else:
            del people[index]
    return people, today


def decoded(persons: list[Any]) -> Population:
    """By the same way as a line of a cases file."""
    line = {"id": "x", "evaluation_date": "2026-04-23", "facts": {"persons": persons}, "query": {"bsn": BSNS[0]}}
    return Population(msgspec.json.decode(msgspec.json.encode(line), type=Case).facts.persons)


def relations(asked: str, population: Population, today: date) -> list[Relation]:
    found = determinations_for(asked, population, today)
    return [relation for relation in map(relation_of, found) if relation is not None]


def holders(relation: Relation) -> set[str]:
    thirds = (third.bsn for third in relation.third_parties or ())
    return {bsn for bsn in (*(relation.parents or ()), *thirds) if bsn is not None}


def is_minor(record: Any, today: date) -> bool:
    rows = [each for each in (record, *record.history) if not each.incorrect]
    born = rows[0].birth_date if rows else None
    return born is not None and born > f"{today.year - 18}{today:-%m-%d}"


@given(registers())
def test_who_is_dead_under_curatele_or_a_minor_is_given_nothing(register: Register) -> None:
    persons, today = register
    population = decoded(persons)
    for asked in BSNS:
        for relation in relations(asked, population, today):
            for holder in holders(relation):
                for record in population.all_of(holder):
                    suspended, court = record.record_suspended, record.authority_record
                    assert suspended is None or suspended.reason not in "OR"
                    assert record.date_of_death is None
                    assert court is None or court.incorrect or not court.curatele_register
                    assert not is_minor(record, today)


@given(registers())
def test_nobody_of_age_and_nobody_dead_is_under_authority(register: Register) -> None:
    persons, today = register
    population = decoded(persons)
    for asked in BSNS:
        for relation in relations(asked, population, today):
            found = population.all_of(relation.minor)
            assert found
            assert len(found) > 1 or is_minor(found[0], today)
            suspended = found[0].record_suspended
            if relation.type != "GezagNietTeBepalen":
                assert suspended is None or suspended.reason != "O"


@given(registers())
def test_one_is_shown_ones_own_and_what_one_holds_and_nothing_else(register: Register) -> None:
    persons, today = register
    population = decoded(persons)
    for asked in BSNS:
        for relation in relations(asked, population, today):
            assert relation.minor == asked or asked in holders(relation)
            own = relations(relation.minor, population, today)
            assert relation in own


@given(registers(), st.randoms(use_true_random=False))
def test_the_order_of_persons_does_not_matter(register: Register, random: Any) -> None:
    persons, today = register
    shuffled = list(persons)
    random.shuffle(shuffled)
    for asked in BSNS:
        assert determinations_for(asked, decoded(persons), today) == determinations_for(asked, decoded(shuffled), today)


def without_marks(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_marks(each) for key, each in value.items() if key != "under_investigation"}
    return [without_marks(each) for each in value] if isinstance(value, list) else value


@given(registers())
def test_doubts_flag_the_answer_and_change_nothing_else(register: Register) -> None:
    persons, today = register
    certain = decoded(without_marks(persons))
    for asked in BSNS:
        marked = determinations_for(asked, decoded(persons), today)
        plain = determinations_for(asked, certain, today)
        assert [found._replace(under_investigation=False) for found in marked] == plain


@given(registers())
def test_records_in_error_or_erased_change_nothing(register: Register) -> None:
    persons, today = register
    kept = [each for each in persons if each.get("record_suspended", {}).get("reason") not in ("F", "W")]
    for asked in BSNS:
        assert determinations_for(asked, decoded(persons), today) == determinations_for(asked, decoded(kept), today)


@given(registers())
def test_statements_name_only_holders_and_only_where_the_relation_does(register: Register) -> None:
    persons, today = register
    population = decoded(persons)
    for asked in BSNS:
        for found in determinations_for(asked, population, today):
            statements = statements_of(found)
            assert {each.representative for each in statements} - {None} == set(found.holders)
            assert all(each.represented == found.minor for each in statements)
            assert all(each.under_investigation == found.doubtful for each in statements)
            assert (relation_of(found) is None) <= (statements == [])
