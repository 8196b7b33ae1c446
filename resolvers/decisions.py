"""Decisions: gather the neighbourhoods of questions in one read, and let the law decide."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import Final

import msgspec

from authority.decide import decide
from authority.decision import Decision
from authority.facts import Authority
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.errors import GraphError, LedgerBehind, LedgerUnavailable
from graph.ledger import Ledger
from graph.replica import Replica
from resolvers.caller import Caller
from resolvers.reading import NEWEST, Reading, answering, position
from resolvers.telling import Failed, Given, tell

QUESTIONS_MAX: Final = 1_000
"""In one request (DESIGN.md chapter 6)."""


class Answer(msgspec.Struct, frozen=True, gc=False):
    """A question, its decision, and the facts that it was decided from."""

    question: Question
    decision: Decision
    around: Neighbourhood

    @property
    def grounds(self) -> list[Authority]:
        """The authorities that gave the winning outcome and reason, by id."""
        if not self.decision.grounds:
            return []
        over = {authority.id: authority for authority in self.around.authorities.get(self.question.represented, ())}
        return [over[ground] for ground in self.decision.grounds]


def grounds_shown(answer: Answer, caller: Caller) -> list[Authority]:
    """The grounds of an answer as this caller sees them.

    A provider sees those that are about it: a mandate for another's services, in force or withdrawn, is no business of
    its own, though it is why this answer is what it is.
    """
    if caller.role != "PROVIDER":
        return answer.grounds
    question = answer.question
    return [
        ground
        for ground in answer.grounds
        if (ground.services is None or question.service_id in ground.services)
        and (ground.providers is None or question.provider in ground.providers)
    ]


counting: ContextVar[Callable[[Sequence[Answer]], None] | None] = ContextVar("counting", default=None)
"""Who counts, in what a caller asks for now, the decisions that are given; set at the door, whichever it was."""


async def decide_all(ledger: Ledger, questions: Sequence[Question], reading: Reading = NEWEST) -> list[Answer]:
    """The answers in the order of the questions, all at one position of the ledger.

    A ledger that has not reached the caller's token answers INDETERMINATE `LEDGER_BEHIND`.
    """
    try:
        answers = await _decided(ledger, questions, reading)
    except GraphError as failed:
        tell(Failed(questions, failed.code))
        raise
    given(answers, reading.as_of or reading.at_least or "")
    return answers


def given(answers: Sequence[Answer], asked_token: str = "") -> None:
    """These decisions are given to whoever asks now; `asked_token` as `Given` has it."""
    tell(Given(answers, asked_token))
    count = counting.get()
    if count is not None:
        count(answers)


async def _decided(ledger: Ledger, questions: Sequence[Question], reading: Reading) -> list[Answer]:
    try:
        home = await answering(ledger, reading)
        return await decide_at(home, questions, await position(home, reading))
    except LedgerBehind:
        head = await ledger.head()
    except LedgerUnavailable:
        if not isinstance(ledger, Replica):
            raise
        # the record cannot be reached, and the copy is not as fresh as asked (DESIGN.md chapter 5)
        head = await ledger.copy.head()
    return [Answer(question, _behind(question, str(head)), Neighbourhood()) for question in questions]


async def decide_at(ledger: Ledger, questions: Sequence[Question], at: int | None) -> list[Answer]:
    """The same at a position that has been reached; None: the newest. Whoever gives these to a caller tells of it."""
    if len(questions) == 1:
        arounds = [await ledger.neighbourhood(questions[0], at)]
    else:
        arounds = await ledger.neighbourhoods(questions, at)
    return [
        Answer(question, decide(question, around), around) for question, around in zip(questions, arounds, strict=True)
    ]


def _behind(question: Question, head: str) -> Decision:
    return Decision(
        id=question.id, outcome="INDETERMINATE", reason="LEDGER_BEHIND", reasons=("LEDGER_BEHIND",), as_of=head
    )
