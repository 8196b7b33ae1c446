"""Whose relations are asked, and the shape of the answer (domain.md 7.4)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from authority.parental.brp import Relation
from authority.parental.relations import determinations_for, relation_of
from tests.authority.parental.families import (
    CHILD,
    DEAD,
    FATHER,
    MOTHER,
    PARTNER,
    TODAY,
    as_parent,
    child,
    child_of,
    ended,
    father,
    mother,
    partner,
    population,
    ruling,
    union,
)

OF_CHILD = {"bsn": CHILD, "birth_date": "2015-06-01"}
STRANGER = {"surname": "N9", "birth_date": "1980-01-01", "sex": "M"}


def relations(asked: str, *records: Any) -> list[Relation]:
    found = determinations_for(asked, population(*records), TODAY)
    return [relation for relation in map(relation_of, found) if relation is not None]


def held(asked: str, *records: Any) -> list[tuple[str, str]]:
    return [(relation.type, relation.minor) for relation in relations(asked, *records)]


def test_a_minor_is_shown_every_outcome() -> None:
    joint = relations(CHILD, child(authority_record=ruling("12")), mother(), father())
    assert msgspec.to_builtins(joint) == [
        {
            "type": "GezamenlijkOuderlijkGezag",
            "minor": CHILD,
            "parents": (MOTHER, FATHER),
            "under_investigation": False,
        }
    ]
    assert held(CHILD, child(residence=None)) == [("GezagNietTeBepalen", CHILD)]
    assert held(CHILD, child_of()) == [("TijdelijkGeenGezag", CHILD)]
    guardianship = relations(CHILD, child(authority_record=ruling("D")))
    assert msgspec.to_builtins(guardianship) == [
        {"type": "Voogdij", "minor": CHILD, "third_parties": (), "under_investigation": False}
    ]
    shared = relations(CHILD, child(authority_record=ruling("1D")), mother())
    assert msgspec.to_builtins(shared[0].third_parties) == ({"known": False},)


def test_an_adult_is_shown_the_authority_that_they_hold() -> None:
    people = (child(), mother(children=[OF_CHILD]), father(children=[OF_CHILD]))
    assert held(MOTHER, *people) == [("EenhoofdigOuderlijkGezag", CHILD)]
    assert held(FATHER, *people) == []


@pytest.mark.parametrize("of_child", [{"residence": None}, {"parents": {}}, {"authority_record": ruling("D")}])
def test_an_adult_is_not_shown_where_nobody_or_a_guardian_holds_it(of_child: Any) -> None:
    assert held(MOTHER, child(**of_child), mother(children=[OF_CHILD]), father()) == []


@pytest.mark.parametrize("unions", [[union(partner())], [ended(partner(), "2020-01-01")]])
def test_children_of_partners_and_former_partners(unions: Any) -> None:
    people = (
        child_of(as_parent(mother())),
        mother(children=[OF_CHILD], unions=unions),
        partner(unions=[{**each, "bsn": MOTHER, "history": []} for each in unions]),
    )
    assert held(PARTNER, *people) == [("GezamenlijkGezag", CHILD)]
    assert held(PARTNER, people[0], {**people[1], **DEAD}, people[2]) == [("Voogdij", CHILD)]


def test_a_partner_known_from_history_alone() -> None:
    gone = [{"valid_from": "2020-01-01", "history": [union(mother())]}]
    people = (
        child_of(as_parent(mother())),
        mother(children=[OF_CHILD], unions=[union(partner())]),
        partner(unions=gone),
    )
    assert held(PARTNER, *people) == [("GezamenlijkGezag", CHILD)]


def test_a_child_on_two_records_is_shown_once() -> None:
    people = (
        child(),
        mother(children=[OF_CHILD], unions=[union(father())]),
        father(children=[OF_CHILD], unions=[union(mother())]),
    )
    assert held(MOTHER, *people) == [("GezamenlijkOuderlijkGezag", CHILD)]


@pytest.mark.parametrize(
    "entry", [{**OF_CHILD, "incorrect": True}, {**OF_CHILD, "birth_date": "2008-04-23"}, {**OF_CHILD, "bsn": None}]
)
def test_children_that_are_not_to_be_found(entry: Any) -> None:
    assert held(MOTHER, child(), mother(children=[entry]), father()) == []


def test_a_deceased_adult_holds_none() -> None:
    assert held(MOTHER, child(), mother(children=[OF_CHILD], **DEAD), father()) == []


def test_a_minor_mother_is_shown_her_own_and_holds_none() -> None:
    young = mother(
        birth_date="2010-01-01", residence={"municipality": "0518"}, children=[OF_CHILD], parents=child()["parents"]
    )
    assert [minor for _, minor in held(MOTHER, child_of(as_parent(young)), young)] == [MOTHER]


def test_a_joint_authority_with_somebody_nobody_can_name_is_shown_to_the_child_alone() -> None:
    people = (
        child_of(as_parent(mother()), as_parent(STRANGER)),
        mother(children=[OF_CHILD], unions=[union(STRANGER)]),
    )
    assert held(CHILD, *people) == [("GezamenlijkOuderlijkGezag", CHILD)]
    assert held(MOTHER, *people) == []


def test_somebody_the_register_does_not_know() -> None:
    assert relations("999999999", child()) == []


@pytest.mark.parametrize("reason", ["F", "W"])
def test_a_record_in_error_is_nobodys(reason: str) -> None:
    wrong = child(record_suspended={"reason": reason}, parents={})
    assert held(CHILD, wrong) == []
    assert held(CHILD, wrong, child(), mother(), father()) == [("EenhoofdigOuderlijkGezag", CHILD)]


def test_two_records_for_one_person() -> None:
    both = (child(), child(birth_country="6022"))
    for people in (both, both[::-1]):
        assert held(CHILD, *people, mother(), father()) == [("GezagNietTeBepalen", CHILD)]
    assert held(MOTHER, mother(), mother(surname="N7")) == []
