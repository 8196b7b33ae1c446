"""Every question of the tree, each answer once. The order is that of domain.md 7.2."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.authority.parental.families import (
    BORN,
    CURATELE,
    DEAD,
    FATHER,
    MOTHER,
    PARTNER,
    answers,
    as_parent,
    child,
    child_of,
    derive,
    ended,
    father,
    mother,
    partner,
    ruling,
    union,
)

MARRIED = (mother(unions=[union(father())]), father(unions=[union(mother())]))


def because(found: Any) -> str:
    assert found.because is not None
    return str(found.because.code)


# 1.1


@pytest.mark.parametrize("residence", [None, {}, {"municipality": ""}, {"municipality": "0518", "incorrect": True}])
def test_1_1_no_municipality_is_missing(residence: Any) -> None:
    found = derive(child(residence=residence), *MARRIED)
    assert (found.outcome, because(found)) == ("UNDETERMINED", "DATA_MISSING")
    assert answers(found) == {"1.1": "missing: municipality of registration"}


def test_1_1_non_resident() -> None:
    found = derive(child(residence={"municipality": "1999"}), *MARRIED)
    assert (found.outcome, because(found), answers(found)) == ("UNDETERMINED", "NOT_RESIDENT", {"1.1": "no"})


# 1.2


@pytest.mark.parametrize(
    ("born", "outcome"),
    [("2008-04-24", "PARENTAL_JOINT"), ("2008-04-23", "NOT_APPLICABLE"), ("2008-04-22", "NOT_APPLICABLE")],
)
def test_1_2_of_age_on_the_18th_birthday(born: str, outcome: str) -> None:
    assert derive(child(birth_date=born), *MARRIED).outcome == outcome


def test_1_2_born_on_a_leap_day() -> None:
    born = child(birth_date="2008-02-29")
    assert derive(born, *MARRIED, today=date(2026, 2, 28)).outcome == "PARENTAL_JOINT"
    assert derive(born, *MARRIED, today=date(2026, 3, 1)).outcome == "NOT_APPLICABLE"


@pytest.mark.parametrize(
    ("born", "outcome"),
    [
        (None, "NOT_APPLICABLE"),
        ("0000-00-00", "NOT_APPLICABLE"),
        ("2008-00-00", "NOT_APPLICABLE"),
        ("2010-00-00", "PARENTAL_JOINT"),
    ],
)
def test_1_2_incomplete_birth_date_is_compared_as_a_number_and_flagged(born: str | None, outcome: str) -> None:
    found = derive(child(birth_date=born), *MARRIED)
    assert found.outcome == outcome
    assert "BIRTH_DATE_INCOMPLETE" in found.flags


def test_1_2_deceased() -> None:
    found = derive(child(**DEAD), *MARRIED)
    assert (found.outcome, answers(found)["1.2"]) == ("NOT_APPLICABLE", "no: deceased")


def test_1_2_an_adult_abroad_is_not_asked_where_they_live() -> None:
    assert derive(child(birth_date="1990-01-01", residence={"municipality": "1999"})).outcome == "NOT_APPLICABLE"


# 1.3


def test_1_3_lived_abroad() -> None:
    found = derive(child(residence={"municipality": "0518", "settled_in_nl_on": "2020-01-01"}))
    assert (found.outcome, because(found)) == ("UNDETERMINED", "LIVED_ABROAD")


def test_1_3_country_of_birth_missing() -> None:
    found = derive(child(birth_country=None))
    assert (found.outcome, answers(found)["1.3"]) == ("UNDETERMINED", "missing: country of birth")


@pytest.mark.parametrize(
    "abroad",
    [
        {"birth_country": "6022"},
        {"birth_country": None},
        {"residence": {"municipality": "0518", "settled_in_nl_on": "2020-01-01"}},
    ],
)
def test_1_3_is_not_asked_of_united_parents(abroad: Any) -> None:
    found = derive(child(**abroad), *MARRIED)
    assert found.outcome == "PARENTAL_JOINT"
    assert not {"1.3a", "1.3b"} & answers(found).keys()


def test_1_3_is_asked_where_a_parent_is_in_the_non_residents_register() -> None:
    found = derive(child(birth_country="6022"), MARRIED[0], {**MARRIED[1], "record_suspended": {"reason": "R"}})
    assert because(found) == "BORN_ABROAD"


def test_1_3_is_asked_where_one_of_the_united_parents_is_not_known() -> None:
    unknown = child_of(as_parent(mother()), as_parent(father(), surname="."), birth_country="6022")
    assert because(derive(unknown, *MARRIED)) == "BORN_ABROAD"


def test_1_3_settling_here_tells_nothing_of_a_child_born_abroad() -> None:
    settled = {"municipality": "0518", "settled_in_nl_on": "2020-01-01"}
    assert because(derive(child(birth_country="6022", residence=settled))) == "BORN_ABROAD"
    assert derive(child(birth_country="6022", deed_no="1AQ0100", residence=settled)).outcome == "PARENTAL_JOINT"


# 1.3a, 1.3b


def test_1_3a_born_abroad_and_1_3b_not_adopted_here() -> None:
    found = derive(child(birth_country="6022", deed_no=None))
    assert (found.outcome, because(found)) == ("UNDETERMINED", "BORN_ABROAD")
    assert (answers(found)["1.3a"], answers(found)["1.3b"]) == ("yes", "no")


@pytest.mark.parametrize(
    "deeds",
    [{"deed_no": "1AQ0100"}, {"deed_no": "1AC0100", "history": [{"deed_no": "1AQ0100"}]}],
)
def test_1_3b_adopted_by_a_dutch_deed_now_or_before(deeds: Any) -> None:
    found = derive(child(birth_country="6022", **deeds))
    assert (found.outcome, answers(found)["1.3b"]) == ("PARENTAL_JOINT", "yes")


def test_1_3b_an_adoption_corrected_away_never_was() -> None:
    found = derive(child(birth_country="6022", history=[{"deed_no": "1AQ0100", "incorrect": True}]))
    assert because(found) == "BORN_ABROAD"


def test_1_3b_a_later_deed_may_hide_the_adoption() -> None:
    found = derive(child(birth_country="6022", deed_no="1AT0100"))
    assert (because(found), found.flags) == ("BORN_ABROAD", ("ADOPTION_DEED_OVERWRITTEN",))


# 1.4


@pytest.mark.parametrize("record", [None, {}, {"effective_from": "2020-01-01"}, {**ruling("1"), "incorrect": True}])
def test_1_4_no_ruling(record: Any) -> None:
    found = derive(child(authority_record=record), *MARRIED)
    assert (found.outcome, answers(found)["1.4"]) == ("PARENTAL_JOINT", "no")


def test_1_4_an_earlier_ruling_was_replaced() -> None:
    found = derive(child(authority_record={**ruling("2"), "history": [ruling("1")]}), *MARRIED)
    assert found.parents == (FATHER,)


# 3.1


@pytest.mark.parametrize("since", [None, "0000-00-00"])
def test_3_1_effective_date_unknown(since: Any) -> None:
    found = derive(child(authority_record={"indication": "12", "effective_from": since}))
    assert (found.outcome, answers(found)["3.1"]) == ("UNDETERMINED", "missing: effective date of the ruling")


def test_3_1_denial_since() -> None:
    found = derive(child_of(as_parent(mother()), {"deed_no": "1AE0100"}, authority_record=ruling("12")))
    assert answers(found)["3.1"] == "yes: no longer two parents"
    assert (found.outcome, found.parents) == ("PARENTAL_SOLE", (MOTHER,))


@pytest.mark.parametrize(("adopted_on", "joint"), [("2019-12-31", False), ("2020-01-01", True), ("2021-01-01", True)])
def test_3_1_adoption_since(adopted_on: str, *, joint: bool) -> None:
    parents = (as_parent(mother()), as_parent(father(), family_relation_from=adopted_on))
    found = derive(child_of(*parents, deed_no="1AQ0100", authority_record=ruling("1")))
    assert answers(found)["3.1"] == ("yes: adopted" if joint else "no")
    assert found.outcome == ("PARENTAL_JOINT" if joint else "PARENTAL_SOLE")


def test_3_1_adoption_without_both_dates_leaves_the_ruling() -> None:
    parents = (as_parent(mother(), family_relation_from=None), as_parent(father(), family_relation_from="2021-01-01"))
    found = derive(child_of(*parents, deed_no="1AQ0100", authority_record=ruling("1")))
    assert answers(found)["3.1"] == "no"


def remarried(start: str, **changes: Any) -> tuple[Any, Any]:
    return (
        mother(unions=[union(father(), start, **changes), ended(father(), "2018-01-01")]),
        father(unions=[union(mother(), start, **changes), ended(mother(), "2018-01-01")]),
    )


@pytest.mark.parametrize("indication", ["1", "2"])
def test_3_1_remarriage_since_restores_and_is_passed_on_as_doubtful(indication: str) -> None:
    found = derive(child(authority_record=ruling(indication)), *remarried("2021-01-01"))
    assert (found.outcome, found.flags) == ("PARENTAL_JOINT", ("RESTORED_BY_REMARRIAGE",))
    assert found.doubtful
    assert not found.under_investigation


def test_3_1_remarried_on_the_day_of_the_ruling() -> None:
    assert derive(child(authority_record=ruling("1")), *remarried("2020-01-01")).outcome == "PARENTAL_JOINT"


def test_3_1_remarriage_that_ended_again_has_restored_all_the_same() -> None:
    found = derive(child(authority_record=ruling("1")), *remarried("2021-01-01", end="2023-01-01", end_reason="S"))
    assert found.outcome == "PARENTAL_JOINT"


@pytest.mark.parametrize(
    "people",
    [
        remarried("2019-12-31"),
        (mother(unions=[union(father(), "2021-01-01")]), father(unions=[union(mother(), "2021-01-01")])),
        (remarried("2021-01-01")[0], father()),
    ],
    ids=["before the ruling", "a first marriage", "on one record only"],
)
def test_3_1_no_remarriage_since(people: Any) -> None:
    found = derive(child(authority_record=ruling("1")), *people)
    assert (found.outcome, found.parents, found.flags) == ("PARENTAL_SOLE", (MOTHER,), ())


def test_3_1_remarriage_does_not_touch_a_third() -> None:
    found = derive(child(authority_record=ruling("1D")), *remarried("2021-01-01"))
    assert found.outcome == "SHARED_AUTHORITY"


# 3.2


@pytest.mark.parametrize(
    ("indication", "outcome", "parents", "named"),
    [
        ("12", "PARENTAL_JOINT", (MOTHER, FATHER), []),
        ("1", "PARENTAL_SOLE", (MOTHER,), []),
        ("2", "PARENTAL_SOLE", (FATHER,), []),
        ("1D", "SHARED_AUTHORITY", (MOTHER,), [False]),
        ("2D", "SHARED_AUTHORITY", (FATHER,), [False]),
        ("D", "GUARDIANSHIP", (), []),
    ],
)
def test_3_2_what_the_ruling_says(indication: str, outcome: str, parents: Any, named: list[bool]) -> None:
    found = derive(child(authority_record=ruling(indication)))
    assert (found.outcome, found.parents) == (outcome, parents)
    assert [third.known for third in found.third_parties] == named
    assert ("HOLDER_NOT_NAMED" in found.flags) == ("D" in indication)


@pytest.mark.parametrize("unfit", [DEAD, CURATELE])
def test_3_2_parent_and_third_when_the_parent_is_unfit(unfit: Any) -> None:
    found = derive(child(authority_record=ruling("1D")), mother(**unfit))
    assert (found.outcome, found.parents, found.third_parties) == ("GUARDIANSHIP", (), ())


def test_3_2_names_a_parent_who_is_not_there() -> None:
    alone = child_of(as_parent(mother()), None, authority_record=ruling("2"))
    assert because(derive(alone)) == "NAMED_PARENT_ABSENT"
    found = derive({**alone, "authority_record": ruling("2D")})
    assert (found.outcome, because(found)) == ("UNDETERMINED", "DATA_MISSING")


# 2.1


@pytest.mark.parametrize("places", [(".", "N2"), ("N1", "."), (".", ".")])
def test_2_1_a_parent_nobody_knows(places: tuple[str, str]) -> None:
    found = derive(child_of(as_parent(mother(), surname=places[0]), as_parent(father(), surname=places[1])))
    assert (found.outcome, because(found)) == ("UNDETERMINED", "PARENT_NOT_KNOWN")


@pytest.mark.parametrize("nobody", [None, {}, {"deed_no": "1AA0100"}, {"surname": "N9", "incorrect": True}])
def test_2_1_no_parents(nobody: Any) -> None:
    found = derive(child_of(nobody, nobody))
    assert (found.outcome, because(found)) == ("NO_AUTHORITY", "NO_PARENTS")


def test_2_1_one_parent() -> None:
    assert answers(derive(child_of(None, as_parent(mother()))))["2.1"] == "one"


# 2a.1


def test_2a_1_united_now() -> None:
    found = derive(child(), *MARRIED)
    assert (found.outcome, answers(found)["2a.1"]) == ("PARENTAL_JOINT", "yes")


@pytest.mark.parametrize(
    ("end", "reason", "answer"),
    [
        ("2014-01-01", "S", "never"),
        (BORN, "S", "no, but they were"),
        ("2020-01-01", "S", "no, but they were"),
        ("2014-01-01", "N", "no, but they were"),
    ],
)
def test_2a_1_ended(end: str, reason: str, answer: str) -> None:
    people = (mother(unions=[ended(father(), end, reason)]), father(unions=[ended(mother(), end, reason)]))
    assert answers(derive(child(), *people))["2a.1"] == answer


def test_2a_1_ended_by_death() -> None:
    people = (mother(unions=[ended(father(), "2024-01-01", "O")]), father(unions=[union(mother())], **DEAD))
    found = derive(child(), *people)
    assert (answers(found)["2a.1"], found.outcome, found.parents) == ("no, but they were", "PARENTAL_SOLE", (MOTHER,))


def test_2a_1_a_death_that_the_partners_record_does_not_show_yet() -> None:
    found = derive(child(), MARRIED[0], {**MARRIED[1], **DEAD})
    assert (answers(found)["2a.1"], found.parents) == ("no, but they were", (MOTHER,))


def test_2a_1_an_end_on_one_record_is_enough() -> None:
    people = (mother(unions=[ended(father(), "2020-01-01")]), MARRIED[1])
    assert answers(derive(child(), *people))["2a.1"] == "no, but they were"
    people = (mother(unions=[ended(father(), "2014-01-01")]), MARRIED[1])
    assert answers(derive(child(), *people))["2a.1"] == "never"


def test_2a_1_never() -> None:
    assert answers(derive(child()))["2a.1"] == "never"
    others = (mother(unions=[union(partner())]), father())
    assert answers(derive(child(), *others))["2a.1"] == "never"


def test_2a_1_a_union_corrected_away_never_was() -> None:
    people = (mother(unions=[union(father(), incorrect=True)]), father(unions=[union(mother(), incorrect=True)]))
    assert answers(derive(child(), *people))["2a.1"] == "never"


STRANGER = {"surname": "N9", "birth_date": "1980-01-01", "sex": "M", "birth_country": "5014"}


@pytest.mark.parametrize("place", [1, 2])
def test_2a_1_a_parent_without_a_record_is_found_by_name_and_birth_date(place: int) -> None:
    named = [as_parent(mother()), as_parent(STRANGER)]
    found = derive(child_of(*(named if place == 2 else reversed(named))), mother(unions=[union(STRANGER)]))
    assert (found.outcome, set(found.parents)) == ("PARENTAL_JOINT", {MOTHER, None})
    assert "PARENT_WITHOUT_RECORD" in found.flags


@pytest.mark.parametrize("other", [{"surname": "N8"}, {"birth_date": "1980-01-02"}, {"birth_date": None}])
def test_2a_1_another_name_or_birth_date_is_another_person(other: Any) -> None:
    found = derive(child_of(as_parent(mother()), as_parent(STRANGER)), mother(unions=[union({**STRANGER, **other})]))
    assert answers(found)["2a.1"] == "never"
    assert "UNION_ABROAD_NOT_VISIBLE" in found.flags


def test_2a_1_nobody_with_a_record() -> None:
    found = derive(child_of(as_parent(STRANGER), as_parent({**STRANGER, "surname": "N8", "sex": "V"})))
    assert (answers(found)["2a.1"], found.parents) == ("never", (None,))


def test_2a_1_the_partners_record_says_that_a_parent_without_one_died() -> None:
    found = derive(
        child_of(as_parent(mother()), as_parent(STRANGER)), mother(unions=[ended(STRANGER, "2024-01-01", "O")])
    )
    assert "DEATH_STATED_BY_PARTNER" in found.flags
    assert found.doubtful


def test_2a_1_a_parent_in_the_non_residents_register_only() -> None:
    found = derive(child(), MARRIED[0], {**MARRIED[1], "record_suspended": {"reason": "R"}})
    assert (found.outcome, because(found)) == ("UNDETERMINED", "DATA_MISSING")


def test_2a_1_a_parent_who_emigrated_still_counts() -> None:
    abroad = {"record_suspended": {"reason": "E"}, "residence": {"municipality": "1999"}}
    assert derive(child(), MARRIED[0], {**MARRIED[1], **abroad}).outcome == "PARENTAL_JOINT"


@pytest.mark.parametrize("reason", ["F", "W"])
def test_a_record_in_error_or_erased_is_not_there(reason: str) -> None:
    found = derive(child(), MARRIED[0], {**MARRIED[1], "record_suspended": {"reason": reason}})
    assert "PARENT_WITHOUT_RECORD" in found.flags


def test_two_records_for_one_parent() -> None:
    found = derive(child(), *MARRIED, father(surname="N7"))
    assert (found.outcome, because(found)) == ("UNDETERMINED", "DATA_MISSING")


# 2a.2


def test_2a_2_adopted() -> None:
    found = derive(child(deed_no="1AQ0100"))
    assert (found.outcome, answers(found)["2a.2"]) == ("PARENTAL_JOINT", "yes")


# 2a.3


def acknowledged(deed: str, since: str, **changes: Any) -> Any:
    return child_of(
        as_parent(mother()),
        as_parent(father(), deed_no=f"1A{deed}0100", family_relation_from=since),
        deed_no=f"1A{deed}0100",
        **changes,
    )


@pytest.mark.parametrize("deed", ["B", "C", "J", "V", "A"])
@pytest.mark.parametrize(("since", "outcome"), [("2022-12-31", "PARENTAL_SOLE"), ("2023-01-01", "PARENTAL_JOINT")])
def test_2a_3_acknowledged_before_or_since_2023(deed: str, since: str, outcome: str) -> None:
    found = derive(acknowledged(deed, since))
    assert found.outcome == outcome
    assert found.parents[0] == MOTHER
    assert ("ACKNOWLEDGEMENT_EXCEPTION_NOT_VISIBLE" in found.flags) == (outcome == "PARENTAL_JOINT")


@pytest.mark.parametrize("place", [1, 2])
def test_2a_3_family_relation_date_missing(place: int) -> None:
    named = [as_parent(mother()), as_parent(father())]
    named[place - 1]["family_relation_from"] = None
    found = derive(child_of(*named))
    assert answers(found)["2a.3"] == f"missing: family-relation date of parent {place}"


def test_2a_3_who_acknowledged_before_2023_does_not_hold_it_whatever_their_sex() -> None:
    found = derive(child_of(as_parent(mother(), deed_no="1AC0100"), as_parent(father()), deed_no="1AC0100"))
    assert found.parents == (FATHER,)


def test_2a_3_an_acknowledgement_in_history_counts_unless_corrected_away() -> None:
    history = [{"deed_no": "1AC0100"}]
    parents = (as_parent(mother(), sex="M"), as_parent(father(), history=history))
    assert derive(child_of(*parents)).parents == (MOTHER,)
    history[0]["incorrect"] = True  # type: ignore[assignment]
    assert because(derive(child_of(*parents))) == "BIRTH_MOTHER_NOT_CLEAR"


@pytest.mark.parametrize("deed", ["A", "M"])
def test_2a_3_born_since_2023(deed: str) -> None:
    day = "2023-01-01"
    parents = (as_parent(mother(), family_relation_from=day), as_parent(father(), family_relation_from=day))
    assert derive(child_of(*parents, birth_date=day, deed_no=f"1A{deed}0100")).outcome == "PARENTAL_JOINT"


@pytest.mark.parametrize(("sexes", "parents"), [("VM", (MOTHER,)), ("MV", (FATHER,)), ("VO", (MOTHER,))])
def test_2a_3_the_birth_mother_alone(sexes: str, parents: Any) -> None:
    found = derive(child_of(as_parent(mother(), sex=sexes[0]), as_parent(father(), sex=sexes[1])))
    assert (found.outcome, found.parents) == ("PARENTAL_SOLE", parents)


@pytest.mark.parametrize("sexes", ["VV", "MM"])
def test_2a_3_birth_mother_not_clear(sexes: str) -> None:
    named = child_of(as_parent(mother(), sex=sexes[0]), as_parent(father(), sex=sexes[1]))
    assert because(derive(named)) == "BIRTH_MOTHER_NOT_CLEAR"
    assert derive(named, mother(**DEAD)).parents == (FATHER,)


# 2b.1


@pytest.mark.parametrize(
    ("unions", "shared"),
    [
        ([], False),
        ([union(partner(), BORN)], True),
        ([union(partner(), "2015-06-02")], False),
        ([ended(partner(), BORN)], False),
        ([ended(partner(), "2015-06-02")], True),
    ],
)
def test_2b_1_born_within_a_union(unions: Any, *, shared: bool) -> None:
    found = derive(child_of(as_parent(mother())), mother(unions=unions), partner())
    assert found.outcome == ("SHARED_AUTHORITY" if shared else "PARENTAL_SOLE")
    assert found.parents == (MOTHER,)
    assert [third.bsn for third in found.third_parties] == ([PARTNER] if shared else [])


def test_2b_1_parent_in_the_second_place() -> None:
    found = derive(child_of(None, as_parent(mother())), mother(unions=[union(partner())]), partner())
    assert (found.outcome, found.parents) == ("SHARED_AUTHORITY", (MOTHER,))


@pytest.mark.parametrize(
    "denial", [{"deed_no": "1AE0100"}, {"deed_no": "1AA0100", "history": [{"deed_no": "1AE0100"}]}]
)
def test_2b_1_the_partners_parenthood_was_denied(denial: Any) -> None:
    found = derive(child_of(as_parent(mother()), denial), mother(unions=[union(partner())]), partner())
    assert found.outcome == "PARENTAL_SOLE"


def test_2b_1_a_partner_without_a_record_is_known_by_name() -> None:
    stranger = union({"surname": "N9", "birth_date": "1980-01-01"})
    found = derive(child_of(as_parent(mother())), mother(unions=[stranger]))
    assert [(third.known, third.bsn) for third in found.third_parties] == [(True, None)]


def test_2b_1_two_unions_at_once_are_not_for_us_to_choose_from() -> None:
    found = derive(child_of(as_parent(mother())), mother(unions=[union(partner()), union(father(), "2012-01-01")]))
    assert answers(found)["2b.1"] == "missing: which union stood at the birth"


def test_2b_1_a_parent_without_a_record() -> None:
    found = derive(child_of(as_parent(STRANGER)))
    assert (found.outcome, found.parents) == ("PARENTAL_SOLE", (None,))
