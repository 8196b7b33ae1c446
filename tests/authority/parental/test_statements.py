"""What a connector is told: the kinds of facts.md, and whose."""

from __future__ import annotations

from typing import Any

import pytest

from authority.parental.statements import Statement, statements_of
from tests.authority.parental.families import (
    CHILD,
    DEAD,
    FATHER,
    MOTHER,
    PARTNER,
    as_parent,
    child,
    child_of,
    derive,
    mother,
    partner,
    ruling,
    union,
)

STRANGER = {"surname": "N9", "birth_date": "1980-01-01", "sex": "M"}
WITH_PARTNER = mother(unions=[union(partner())])


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([child(authority_record=ruling("12"))], [("PARENTAL_JOINT", MOTHER), ("PARENTAL_JOINT", FATHER)]),
        ([child(authority_record=ruling("1"))], [("PARENTAL_SOLE", MOTHER)]),
        ([child(authority_record=ruling("1D"))], [("SHARED_AUTHORITY", MOTHER), ("SHARED_AUTHORITY", None)]),
        ([child(authority_record=ruling("D"))], [("GUARDIANSHIP", None)]),
        (
            [child_of(as_parent(mother())), WITH_PARTNER, partner()],
            [("SHARED_AUTHORITY", MOTHER), ("SHARED_AUTHORITY", PARTNER)],
        ),
        ([child_of(as_parent(mother())), {**WITH_PARTNER, **DEAD}, partner()], [("GUARDIANSHIP", PARTNER)]),
        ([child_of()], [("NO_AUTHORITY", None)]),
        ([child(birth_date="1990-01-01")], []),
        ([child_of(as_parent(STRANGER))], []),
        (
            [child_of(as_parent(mother()), as_parent(STRANGER)), mother(unions=[union(STRANGER)])],
            [("PARENTAL_JOINT", MOTHER)],
        ),
    ],
)
def test_kinds_and_holders(people: Any, expected: Any) -> None:
    statements = statements_of(derive(*people))
    assert [(each.kind, each.representative) for each in statements] == expected
    assert {each.represented for each in statements} <= {CHILD}
    assert not any(each.under_investigation for each in statements)


def test_undetermined_names_the_legal_parents_as_candidates() -> None:
    assert statements_of(derive(child(residence=None))) == [
        Statement("UNDETERMINED", None, CHILD, under_investigation=False, candidates=(MOTHER, FATHER))
    ]
    unknown = child_of(as_parent(mother()), as_parent(STRANGER, surname="."), residence=None)
    assert statements_of(derive(unknown))[0].candidates == (MOTHER,)


def test_the_registers_doubt_and_ours_are_passed_on() -> None:
    in_doubt = child(authority_record=ruling("1"), under_investigation={"field": "010310"})
    assert [each.under_investigation for each in statements_of(derive(in_doubt))] == [True]
    widow = mother(unions=[union(STRANGER, end="2024-01-01", end_reason="O")])
    found = derive(child_of(as_parent(mother()), as_parent(STRANGER)), widow)
    assert not found.under_investigation
    assert [each.under_investigation for each in statements_of(found)] == [True]
