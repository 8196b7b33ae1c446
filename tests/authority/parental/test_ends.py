"""Who is dead or unfit holds nothing: the table of domain.md 7.3, cell by cell."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from tests.authority.parental.families import (
    A_MINOR,
    CURATELE,
    DEAD,
    FATHER,
    MOTHER,
    PARTNER,
    as_parent,
    child,
    child_of,
    derive,
    father,
    mother,
    partner,
    ruling,
    union,
)

FIT: dict[str, Any] = {}
UNFIT = {"DECEASED": DEAD, "CURATELE": CURATELE, "MINOR": A_MINOR}
PAIRS = list(product(UNFIT, UNFIT))


def with_ruling(**first_and_second: Any) -> Any:
    return child(authority_record=ruling("12"), **first_and_second)


@pytest.mark.parametrize(
    ("first", "second", "outcome", "parents"),
    [
        (FIT, FIT, "PARENTAL_JOINT", (MOTHER, FATHER)),
        *[(unfit, FIT, "PARENTAL_SOLE", (FATHER,)) for unfit in UNFIT.values()],
        *[(FIT, unfit, "PARENTAL_SOLE", (MOTHER,)) for unfit in UNFIT.values()],
    ],
)
def test_4a_2_two_parents(first: Any, second: Any, outcome: str, parents: Any) -> None:
    found = derive(with_ruling(), mother(**first), father(**second))
    assert (found.outcome, found.parents) == (outcome, parents)


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_4a_2_both_unfit(first: str, second: str) -> None:
    found = derive(with_ruling(), mother(**UNFIT[first]), father(**UNFIT[second]))
    assert (found.outcome, found.parents) == ("NO_AUTHORITY", ())
    assert found.because is not None
    gravest, other = sorted((first, second), key=list(UNFIT).index)
    assert found.because.code == (f"BOTH_PARENTS_{first}" if first == second else f"PARENTS_{gravest}_AND_{other}")


@pytest.mark.parametrize("why", UNFIT)
def test_4a_3_the_one_parent(why: str) -> None:
    found = derive(child(authority_record=ruling("1")), mother(**UNFIT[why]))
    assert (found.outcome, found.because and found.because.code) == ("NO_AUTHORITY", f"PARENT_{why}")
    assert derive(child(authority_record=ruling("2")), mother(**UNFIT[why])).parents == (FATHER,)


def born_in_union(of_mother: Any, of_partner: Any) -> Any:
    return derive(child_of(as_parent(mother())), mother(unions=[union(partner())], **of_mother), partner(**of_partner))


@pytest.mark.parametrize("why", UNFIT)
def test_4b_1_parent_unfit_leaves_the_partner_as_guardian(why: str) -> None:
    found = born_in_union(UNFIT[why], FIT)
    assert (found.outcome, found.parents) == ("GUARDIANSHIP", ())
    assert [(third.known, third.bsn) for third in found.third_parties] == [(True, PARTNER)]


def test_4b_1_a_guardian_needs_a_record() -> None:
    found = derive(child_of(as_parent(mother())), mother(unions=[union(partner())], **DEAD))
    assert (found.outcome, found.third_parties, "HOLDER_NOT_NAMED" in found.flags) == ("GUARDIANSHIP", (), True)


@pytest.mark.parametrize("why", UNFIT)
def test_4b_1_partner_unfit_leaves_the_parent(why: str) -> None:
    found = born_in_union(FIT, UNFIT[why])
    assert (found.outcome, found.parents, found.third_parties) == ("PARENTAL_SOLE", (MOTHER,), ())


@pytest.mark.parametrize(("first", "second"), PAIRS)
def test_4b_1_both_unfit(first: str, second: str) -> None:
    found = born_in_union(UNFIT[first], UNFIT[second])
    assert (found.outcome, found.because and found.because.code) == ("NO_AUTHORITY", f"PARENT_{first}_PARTNER_{second}")


def test_4b_1_partner_in_the_non_residents_register_only() -> None:
    assert born_in_union(FIT, {"record_suspended": {"reason": "R"}}).outcome == "UNDETERMINED"


def test_of_a_parent_without_a_record_only_minority_can_be_told() -> None:
    named = as_parent({"surname": "N9", "birth_date": "2009-01-01", "sex": "V"})
    assert derive(child_of(named)).outcome == "NO_AUTHORITY"
    assert derive(child_of({**named, "birth_date": "1990-01-01"})).outcome == "PARENTAL_SOLE"
    assert derive(child_of({**named, "birth_date": None})).outcome == "PARENTAL_SOLE"


@pytest.mark.parametrize(
    ("born", "sex", "flagged"),
    [("2010-04-23", "V", True), ("2010-04-24", "V", False), ("2009-01-01", "M", False), ("2000-01-01", "V", False)],
)
def test_a_mother_of_16_or_17_may_have_been_declared_of_age(born: str, sex: str, *, flagged: bool) -> None:
    young = mother(birth_date=born, sex=sex)
    found = derive(child_of(as_parent(young)), young)
    assert ("DECLARATION_OF_AGE_NOT_VISIBLE" in found.flags) == flagged


@pytest.mark.parametrize("sign", [{"date_of_death": "2024-01-01"}, {"record_suspended": {"reason": "O"}}])
def test_either_sign_of_death_is_enough(sign: Any) -> None:
    assert derive(with_ruling(), mother(**sign)).parents == (FATHER,)


def test_an_incorrect_curatele_is_none() -> None:
    record = {"curatele_register": True, "incorrect": True}
    assert derive(with_ruling(), mother(authority_record=record)).outcome == "PARENTAL_JOINT"
