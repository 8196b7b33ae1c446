"""What contradicts what: minors by kind and holder, measures by holder, period and end, a ruling by what stands."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from authority.codes import AuthorityKind
from authority.facts import Authority, Block, Person
from authority.moments import day
from authority.neighbourhood import Neighbourhood
from graph.registers.brp_facts import unnamed_curator
from graph.registers.contradictions import contradictions, next_change

EARLY, NOW = day("2025-01-01"), day("2026-06-15")
ADULT = Person(id="p", register="BRP", born="1960-01-01", recorded_at=EARLY)
CHILD = replace(ADULT, born="2015-01-01")


def said(register: str, kind: AuthorityKind = "CURATELE", holder: str | None = "a", **more: Any) -> Authority:
    dates = {name: day(text) for name, text in more.items() if name.startswith("valid_")}
    made = Authority(
        id=f"{register}/{kind}/{holder}/{more}",
        register=register,
        kind=kind,
        representative=holder,
        represented="p",
        recorded_at=EARLY,
    )
    return replace(made, **(more | dates))


def near(person: Person | None, *stated: Authority, blocks: list[Block] | None = None) -> Neighbourhood:
    return Neighbourhood(
        people={} if person is None else {"p": person}, authorities={"p": list(stated)}, blocks=blocks or []
    )


def sentences(person: Person | None, *stated: Authority, at: int = NOW) -> list[str]:
    return [each.sentence for each in contradictions(near(person, *stated), "p", at)]


SOLE: AuthorityKind = "PARENTAL_SOLE"
JOINT: AuthorityKind = "PARENTAL_JOINT"


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ([said("BRP", SOLE), said("COURT", "GUARDIANSHIP", None)], "BRP says PARENTAL_SOLE; COURT says GUARDIANSHIP"),
        ([said("BRP", SOLE), said("COURT", SOLE, "b")], "BRP says PARENTAL_SOLE of a; COURT says PARENTAL_SOLE of b"),
        (
            [said("BRP", JOINT), said("BRP", JOINT, "b"), said("PROVIDER", JOINT, "c"), said("PROVIDER", JOINT)],
            "BRP says PARENTAL_JOINT of a, b; PROVIDER says PARENTAL_JOINT of a, c",
        ),
        ([said("BRP", SOLE), said("COURT", SOLE)], None),
        ([said("BRP", JOINT), said("BRP", JOINT, "b"), said("PROVIDER", JOINT)], None),
        ([said("BRP", "GUARDIANSHIP", None), said("COURT", "GUARDIANSHIP", "b")], None),
        ([said("BRP", SOLE), said("BRP", "GUARDIANSHIP", None)], None),
        ([said("BRP", SOLE), said("COURT", "GUARDIANSHIP", None, status="ENDED")], None),
        ([said("BRP", SOLE), said("COURT", "GUARDIANSHIP", None, valid_from="2026-06-16")], None),
        ([said("BRP", SOLE), said("COURT", "TREATMENT_SUBSTITUTE", "b")], None),
    ],
)
def test_about_a_minor(stated: list[Authority], words: str | None) -> None:
    expected = [] if words is None else [f"sources disagree about p since 2025-01-01: {words}"]
    assert sentences(CHILD, *stated) == expected
    assert sentences(None, *stated) == expected, "somebody of whom nothing is known may be a minor"
    assert sentences(ADULT, *stated) == []
    assert sentences(replace(CHILD, died=NOW), *stated) == []


CCBR, OTHER = said("CCBR", valid_from="2020-01-01"), said("COURT", holder="b", valid_from="2020-01-01")


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        ([CCBR, OTHER], "CCBR says of a from 2020-01-01; COURT says of b from 2020-01-01"),
        (
            [CCBR, said("COURT", valid_from="2021-01-01")],
            "CCBR says of a from 2020-01-01; COURT says of a from 2021-01-01",
        ),
        (
            [CCBR, said("COURT", valid_from="2020-01-01", valid_until="2030-01-01")],
            "CCBR says of a from 2020-01-01; COURT says of a from 2020-01-01 until 2030-01-01",
        ),
        (
            [CCBR, said("COURT", valid_from="2020-01-01", valid_until="2026-01-01")],
            "CCBR says of a from 2020-01-01; COURT says it ended on 2026-01-01",
        ),
        (
            [CCBR, said("COURT", valid_from="2020-01-01", status="ENDED")],
            "CCBR says of a from 2020-01-01; COURT says it ended on 2025-01-01",
        ),
        (
            [said("BRP", holder=unnamed_curator("p")), said("CCBR", valid_until="2026-01-01")],
            "BRP says it runs; CCBR says it ended on 2026-01-01",
        ),
        (
            [said("BRP", holder=unnamed_curator("p")), said("CCBR", valid_from="2027-01-01")],
            "BRP says it runs; CCBR says it begins on 2027-01-01",
        ),
        # what is left out contradicts nothing
        ([said("BRP", holder=unnamed_curator("p")), CCBR], None),
        ([said("COURT"), CCBR], None),
        ([said("COURT", valid_until="2030-01-01"), said("CCBR", valid_until="2030-01-01")], None),
        # two curators, of whom one register names one
        ([CCBR, said("CCBR", holder="b", valid_from="2020-01-01"), OTHER], None),
        # one after the other
        ([CCBR, said("COURT", valid_from="2010-01-01", valid_until="2015-01-01")], None),
        (
            [
                said("CCBR", valid_from="2020-01-01", valid_until="2027-01-01"),
                said("COURT", holder="b", valid_from="2027-01-01"),
            ],
            None,
        ),
        # both over, both to come, only asked for, another measure, one register
        ([said("CCBR", valid_until="2026-01-01"), said("COURT", valid_until="2025-06-01")], None),
        ([said("CCBR", valid_from="2027-01-01"), said("COURT", holder="b", valid_from="2028-01-01")], None),
        ([CCBR, said("COURT", holder="b", status="REQUESTED")], None),
        ([CCBR, said("COURT", "MENTORSCHAP", "b")], None),
        ([CCBR, said("CCBR", holder="b", valid_from="2021-01-01")], None),
    ],
)
@pytest.mark.parametrize("kind", ["CURATELE", "BEWIND"])
def test_measures(stated: list[Authority], words: str | None, kind: AuthorityKind) -> None:
    alike = [replace(a, kind=kind) if a.kind == "CURATELE" else a for a in stated]
    found = sentences(ADULT, *alike)
    assert [each.partition(": ")[2] for each in found] == ([] if words is None else [words])
    assert all(each.startswith(f"sources disagree about {kind} over p since 20") for each in found)
    assert sentences(ADULT, *reversed(alike)) == found
    assert sentences(CHILD, *alike) == [], "no measure protects a minor"


def test_when_it_begins_and_ends_by_itself() -> None:
    child = replace(CHILD, born="2010-09-01", died=day("2028-12-01"))
    later = said("COURT", "GUARDIANSHIP", None, valid_from="2026-07-01", valid_until="2027-01-01")
    around = near(child, said("BRP", SOLE), later)
    at, found = NOW, []
    while (change := next_change(around, "p", at)) is not None:
        at = change
        found.append((at, [each.since for each in contradictions(around, "p", at)]))
    assert found == [
        (day("2026-07-01"), [day("2026-07-01")]),
        (day("2027-01-01"), []),
        (day("2028-09-01"), []),
        (day("2028-12-01"), []),
    ]


def test_a_ruling_stands_until_it_is_lifted() -> None:
    block = Block(
        id="b1", register="PROVIDER", provider="umc", represented="p", representative="a", reason="RULING",
        recorded_at=EARLY, valid_until=day("2026-07-01"),
    )  # fmt: skip
    for stated, words in (
        ([said("BRP", SOLE)], ", whom BRP still shows"),
        ([said("BRP", SOLE, "b")], "; no register shows that any more, so the block b1 can be lifted"),
    ):
        around = near(CHILD, *stated, blocks=[block])
        (found,) = contradictions(around, "p", NOW)
        assert found.sentence == f"umc recorded a ruling against a over p since 2025-01-01{words}"
        assert contradictions(around, "p", day("2026-07-01")) == []
