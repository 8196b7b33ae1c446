from __future__ import annotations

from collections.abc import Sequence

import pytest

from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.embedded import EmbeddedGraph
from graph.ledger import Token
from resolvers.decisions import decide_all
from resolvers.reading import Reading
from tests.resolvers.small import asked, fill


async def test_order_is_kept(ledger: EmbeddedGraph) -> None:
    questions = [
        asked(id="1"),
        asked(id="2", representative="clerk"),
        asked(id="3", representative="nobody"),
        asked(id="4", assurance="BASIC"),
        asked(id="5", represented="mother"),
    ]
    answers = await decide_all(ledger, questions)
    assert [(a.decision.id, a.decision.outcome, a.decision.reason) for a in answers] == [
        ("1", "PERMIT", "PARENTAL_AUTHORITY"),
        ("2", "DENY", "NO_GROUND"),
        ("3", "DENY", "NO_GROUND"),
        ("4", "DENY", "STEP_UP_REQUIRED"),
        ("5", "PERMIT", "SELF"),
    ]
    assert [a.question for a in answers] == questions


async def test_grounds_are_the_authorities_themselves(ledger: EmbeddedGraph) -> None:
    [answer] = await decide_all(ledger, [asked()])
    assert [(ground.id, ground.kind) for ground in answer.grounds] == [("a1", "PARENTAL_JOINT")]


async def test_many_questions_are_one_read(ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[int] = []
    read = ledger.neighbourhoods

    async def counted(questions: Sequence[Question], as_of: int | None = None) -> list[Neighbourhood]:
        reads.append(len(questions))
        return await read(questions, as_of)

    monkeypatch.setattr(ledger, "neighbourhoods", counted)
    assert len({a.decision.as_of for a in await decide_all(ledger, [asked()] * 30)}) == 1
    assert reads == [30]


async def test_a_ledger_that_is_behind_says_so_of_every_question(ledger: EmbeddedGraph) -> None:
    head = await ledger.head()
    ahead = str(Token(head.ledger, head.position + 1))
    answers = await decide_all(ledger, [asked(id="1"), asked(id="2")], Reading("AT_LEAST", ahead))
    assert [(a.decision.id, a.decision.outcome, a.decision.reason, a.decision.as_of) for a in answers] == [
        ("1", "INDETERMINATE", "LEDGER_BEHIND", str(head)),
        ("2", "INDETERMINATE", "LEDGER_BEHIND", str(head)),
    ]


async def test_as_of_replays_and_at_least_sees_the_withdrawal(ledger: EmbeddedGraph) -> None:
    before = str(await ledger.head())
    withdrawn = {
        "fact": "authority",
        "id": "m1",
        "kind": "VOLUNTARY_MANDATE",
        "representative": "mother",
        "represented": "father",
        "services": ["h1/record"],
        "valid_from": "2020-01-01",
        "status": "WITHDRAWN",
        "recorded_at": "2026-11-24T11:00:00Z",
    }
    await fill(ledger, [withdrawn])
    after = str(await ledger.head())
    question = asked(represented="father")
    [then] = await decide_all(ledger, [question], Reading(as_of=before))
    [now] = await decide_all(ledger, [question], Reading("AT_LEAST", after))
    assert (then.decision.reason, then.decision.as_of) == ("VOLUNTARY_MANDATE", before)
    assert (now.decision.reason, now.decision.as_of) == ("WITHDRAWN", after)
