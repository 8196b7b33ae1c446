"""Whom may one act for, and who may act for somebody: only what a decision permits, or would with consent.

Nobody else is ever in these lists, so that they tell no stranger that somebody exists. Both are complete: every
candidate that any version of an authority or employment ever named is asked about, however many there are.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Final

import msgspec

from authority.question import Question
from graph.ledger import Ledger, View
from resolvers.decisions import Answer, decide_at
from resolvers.paging import Page, page_of
from resolvers.reading import Reading, answering, pinned
from resolvers.telling import Searched, tell

SHOWN: Final = frozenset({"PERMIT", "CONSENT_REQUIRED"})
_TOGETHER: Final = 128
"""Candidates asked about in one read; between two reads other requests get their turn."""


async def represented_by(
    ledger: Ledger, asked: Question, reading: Reading, first: int, after: str = ""
) -> Page[Answer]:
    """Whom the representative of `asked` may act for (through its organisation, where it names one), by id.

    `asked.represented` is not looked at. Oneself is not in the list. Raises LedgerBehind.
    """
    ledger = await answering(ledger, reading)
    at = await pinned(ledger, reading)
    seen = after
    shown: list[Answer] = []
    while len(shown) <= first:
        candidates = await ledger.represented_by(asked.asker, seen, _TOGETHER)
        if not candidates:
            break
        seen = candidates[-1]
        questions = [
            msgspec.structs.replace(asked, represented=represented)
            for represented in candidates
            if represented != asked.representative
        ]
        shown += await _shown(ledger, questions, at.position)
    page = page_of(shown, first)
    tell(Searched("RESOURCE", asked, page.items, str(at), (after,), first, page.more))
    return page


async def representatives_of(
    ledger: Ledger, asked: Question, reading: Reading, first: int, after: tuple[str, str] = ("", "")
) -> Page[Answer]:
    """Who may act for the represented of `asked`, by holder and then by employee.

    An organisation's ground appears once for each employee, with the organisation; where `asked` names one, only
    through that one. `asked.representative` is not looked at. Oneself is not in the list. Raises LedgerBehind.
    """
    ledger = await answering(ledger, reading)
    at = await pinned(ledger, reading)
    shown: list[Answer] = []
    questions: list[Question] = []
    async for question in _askers(ledger, asked, at.position, after):
        questions.append(question)
        if len(questions) == _TOGETHER:
            shown += await _shown(ledger, questions, at.position)
            questions = []
            if len(shown) > first:
                break
    shown += await _shown(ledger, questions, at.position)
    page = page_of(shown, first)
    tell(Searched("SUBJECT", asked, page.items, str(at), after, first, page.more))
    return page


def place(answer: Answer) -> tuple[str, str]:
    """Where a representative stands in the list: the ground's holder, and if that is an organisation the employee."""
    question = answer.question
    if question.organisation is None:
        return question.representative, ""
    return question.organisation, question.representative


async def _askers(ledger: Ledger, asked: Question, at: int, after: tuple[str, str]) -> AsyncIterator[Question]:
    """A question for everybody who can have a ground: each holder, and each employee of one that is an organisation."""
    holder_after, employee_after = after
    holders = [holder for holder in sorted(await ledger.holders_over(asked.represented)) if holder >= holder_after]
    if asked.organisation is not None:
        holders = [holder for holder in holders if holder == asked.organisation]
    organisations = await ledger.find("organisation", holders, View(at, asked.known_at))
    for holder in holders:
        if holder not in organisations:
            if holder not in (holder_after, asked.represented) and asked.organisation is None:
                yield msgspec.structs.replace(asked, representative=holder)
            continue
        last = employee_after if holder == holder_after else ""
        while employees := await ledger.employees_of(holder, last, _TOGETHER):
            last = employees[-1]
            for employee in employees:
                if employee != asked.represented:
                    yield msgspec.structs.replace(asked, representative=employee, organisation=holder)


async def _shown(ledger: Ledger, questions: list[Question], at: int) -> list[Answer]:
    if not questions:
        return []
    await asyncio.sleep(0)
    return [answer for answer in await decide_at(ledger, questions, at) if answer.decision.outcome in SHOWN]
