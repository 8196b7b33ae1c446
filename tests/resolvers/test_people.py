"""Both lists are complete, page by page, and name nobody whom no decision permits."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authority.decide import decide
from authority.question import Question
from graph.embedded import EmbeddedGraph
from graph.gathering import Pile, gather
from graph.intake import fact_of
from resolvers.decisions import Answer
from resolvers.people import SHOWN, place, representatives_of, represented_by
from resolvers.reading import NEWEST
from tests.resolvers.small import FACTS, asked, fill


async def all_represented(ledger: EmbeddedGraph, question: Question, first: int) -> list[Answer]:
    found: list[Answer] = []
    more = True
    while more:
        page = await represented_by(ledger, question, NEWEST, first, found[-1].question.represented if found else "")
        assert len(page.items) == first or not page.more
        found, more = found + page.items, page.more
    return found


async def all_representatives(ledger: EmbeddedGraph, question: Question, first: int) -> list[Answer]:
    found: list[Answer] = []
    more = True
    while more:
        page = await representatives_of(ledger, question, NEWEST, first, place(found[-1]) if found else ("", ""))
        assert len(page.items) == first or not page.more
        found, more = found + page.items, page.more
    return found


async def test_whom_may_a_mother_act_for(ledger: EmbeddedGraph) -> None:
    page = await represented_by(ledger, asked(), NEWEST, 50)
    assert [(a.question.represented, a.decision.reason) for a in page.items] == [
        ("child", "PARENTAL_AUTHORITY"),
        ("father", "VOLUNTARY_MANDATE"),
    ]
    assert not page.more
    page = await represented_by(ledger, asked(), NEWEST, 1)
    assert [a.question.represented for a in page.items] == ["child"]
    assert page.more


async def test_an_organisations_ground_appears_once_for_each_employee(ledger: EmbeddedGraph) -> None:
    question = asked(represented="client", provider="t1", service="return")
    page = await representatives_of(ledger, question, NEWEST, 50)
    assert [(a.question.representative, a.question.organisation, a.decision.reason) for a in page.items] == [
        ("clerk", "office", "BEWIND"),
        ("temp", "office", "BEWIND"),
    ]
    through = await represented_by(
        ledger, asked(representative="clerk", organisation="office", provider="t1", service="return"), NEWEST, 50
    )
    assert [a.question.represented for a in through.items] == ["client"]
    personally = await represented_by(
        ledger, asked(representative="clerk", provider="t1", service="return"), NEWEST, 50
    )
    assert personally.items == []


async def test_nobody_and_somebody_without_anybody_look_the_same(ledger: EmbeddedGraph) -> None:
    for unknown, known in (("nobody", "temp"),):
        assert (await represented_by(ledger, asked(representative=unknown), NEWEST, 50)) == (
            await represented_by(ledger, asked(representative=known), NEWEST, 50)
        )
        assert (await representatives_of(ledger, asked(represented=unknown), NEWEST, 50)) == (
            await representatives_of(ledger, asked(represented=known), NEWEST, 50)
        )


async def test_a_long_list_is_complete_over_many_reads(ledger: EmbeddedGraph) -> None:
    count = 300
    facts = [{"fact": "person", "id": f"c{n:03}", "born": "2018-01-01"} for n in range(count)]
    facts += [
        {
            "fact": "authority",
            "id": f"s{n:03}",
            "kind": "PARENTAL_SOLE",
            "representative": "temp",
            "represented": f"c{n:03}",
            # every third one is not shown, so that a page is not what one read gives
            "status": "ENDED" if n % 3 == 0 else "ACTIVE",
        }
        for n in range(count)
    ]
    await fill(ledger, facts)
    found = await all_represented(ledger, asked(representative="temp"), 70)
    assert [a.question.represented for a in found] == [f"c{n:03}" for n in range(count) if n % 3]


CHILDREN = tuple(f"c{n}" for n in range(4))
ADULTS = tuple(f"p{n}" for n in range(4))
OFFICES = ("o1", "o2")


def crowd(number: int) -> list[dict[str, Any]]:
    """Few people with many grounds over each other, most of which permit; facts made from one number."""
    random = Random(number)
    facts: list[dict[str, Any]] = [fact for fact in FACTS if fact["fact"] in ("provider", "service")]
    facts += [{"fact": "person", "id": each, "born": "2018-03-01"} for each in CHILDREN]
    facts += [{"fact": "person", "id": each, "born": "1985-03-01"} for each in ADULTS]
    facts += [{"fact": "organisation", "id": each, "kind": "OTHER"} for each in OFFICES]
    facts += [
        {"fact": "employment", "id": f"e{n}", "employee": random.choice(ADULTS), "organisation": random.choice(OFFICES)}
        for n in range(random.randrange(6))
    ]
    for n in range(random.randrange(25)):
        represented = random.choice(CHILDREN + ADULTS)
        mandate = {"kind": "VOLUNTARY_MANDATE", "services": ["h1/record"], "valid_from": "2020-01-01"}
        facts.append(
            {
                "fact": "authority",
                "id": f"a{n}",
                "representative": random.choice(ADULTS + OFFICES),
                "represented": represented,
                "status": random.choice(("ACTIVE", "ACTIVE", "ACTIVE", "ENDED")),
                **(mandate if represented in ADULTS else {"kind": "GUARDIANSHIP"}),
            }
        )
    return facts


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(number=st.integers(0, 2**32), first=st.integers(1, 3), organisation=st.sampled_from((None, *OFFICES)))
async def test_against_asking_everybody(number: int, first: int, organisation: str | None) -> None:
    facts = crowd(number)
    pile = Pile([fact_of(fact, recorded_at=None)[0] for fact in facts])
    everybody = CHILDREN + ADULTS

    def shown(representative: str, represented: str, through: str | None) -> bool:
        question = asked(representative=representative, represented=represented, organisation=through)
        return representative != represented and decide(question, gather(question, pile)).outcome in SHOWN

    with tempfile.TemporaryDirectory() as folder:
        ledger = EmbeddedGraph.open(str(Path(folder) / "graph"))
        try:
            await fill(ledger, facts)
            for each in everybody:
                question = asked(representative=each, represented=each, organisation=organisation)
                represented = [a.question.represented for a in await all_represented(ledger, question, first)]
                assert represented == [other for other in everybody if shown(each, other, organisation)]
                representatives = [place(a) for a in await all_representatives(ledger, question, first)]
                holders = [(other, "") for other in everybody if organisation is None and shown(other, each, None)]
                holders += [
                    (office, other)
                    for office in OFFICES
                    for other in everybody
                    if organisation in (None, office) and shown(other, each, office)
                ]
                assert representatives == sorted(holders)
        finally:
            await ledger.close()


async def test_a_crowd_is_mostly_permitted(tmp_path: Path) -> None:
    ledger = EmbeddedGraph.open(str(tmp_path / "crowd"))
    await fill(ledger, crowd(7))
    found = [await all_representatives(ledger, asked(represented=each), 10) for each in CHILDREN + ADULTS]
    await ledger.close()
    assert sum(map(len, found)) > 10, "else the test above compares empty lists"


async def test_a_page_may_end_within_an_organisation(ledger: EmbeddedGraph) -> None:
    question = asked(represented="client", provider="t1", service="return")
    found = await all_representatives(ledger, question, 1)
    assert [place(answer) for answer in found] == [("office", "clerk"), ("office", "temp")]
