"""Both lists are complete, page by page, and name nobody whom no decision permits."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from authority.decide import decide
from authority.question import Question
from graph.embedded import EmbeddedGraph
from graph.gathering import Pile, gather
from resolvers.decisions import Answer
from resolvers.people import SHOWN, place, representatives_of, represented_by
from resolvers.reading import NEWEST
from tests import generated
from tests.resolvers.small import asked, fill


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


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
async def test_against_asking_everybody(data: st.DataObject) -> None:
    facts = data.draw(generated.worlds())
    question = data.draw(generated.questions(facts))
    first = data.draw(st.integers(1, 3))
    pile = Pile(facts)

    def shown(asked_of: Question) -> bool:
        return decide(asked_of, gather(asked_of, pile)).outcome in SHOWN

    with tempfile.TemporaryDirectory() as folder:
        ledger = EmbeddedGraph.open(str(Path(folder) / "graph"))
        try:
            await ledger.append(facts)
            represented = [a.question.represented for a in await all_represented(ledger, question, first)]
            representatives = [
                (a.question.representative, a.question.organisation)
                for a in await all_representatives(ledger, replace(question, organisation=None), first)
            ]
        finally:
            await ledger.close()
    everybody = sorted(generated.PEOPLE)
    assert represented == [
        each for each in everybody if each != question.representative and shown(replace(question, represented=each))
    ]
    askers: list[tuple[str, str | None]] = [(each, None) for each in everybody if each != question.represented]
    askers += [(each, o) for each in everybody if each != question.represented for o in generated.ORGANISATIONS]
    assert sorted(representatives, key=str) == sorted(
        (asker for asker in askers if shown(replace(question, representative=asker[0], organisation=asker[1]))),
        key=str,
    )
