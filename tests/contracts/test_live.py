"""Following a ledger on every kind of graph: each step once, and decisions as they change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import TypeVar

from graph.ledger import Ledger
from resolvers.live import Live
from tests.resolvers.small import NOW, asked, fill

T = TypeVar("T")
BLOCK = {"fact": "block", "id": "k1", "provider": "h1", "represented": "child", "reason": "GOOD_CARE"}


async def take(stream: AsyncGenerator[T, None]) -> T:
    async with asyncio.timeout(20):
        return await anext(stream)


async def test_what_another_writes_is_told_in_order_wherever_one_begins(ledger: Ledger) -> None:
    await fill(ledger)
    begin = str(await ledger.head())
    mandate = {"fact": "authority", "kind": "VOLUNTARY_MANDATE", "representative": "clerk", "represented": "client"}
    mandates = [{**mandate, "id": f"v{n}", "services": ["h1/record"], "valid_from": "2020-01-01"} for n in range(6)]
    await fill(ledger, mandates[:2])
    live = Live(ledger, lambda: NOW)
    async with aclosing(live.steps(("about", "client"), begin)) as steps:
        told = [await take(steps) for _ in range(2)]
        await fill(ledger, mandates[2:])  # nobody wakes it
        told += [await take(steps) for _ in range(4)]
    assert [step.fact.id for step in told] == [each["id"] for each in mandates]
    async with aclosing(live.steps(("about", "client"), live.token(told[3].position))) as steps:
        assert [await take(steps) for _ in range(2)] == told[4:]


async def test_a_decision_and_what_changes_it(ledger: Ledger) -> None:
    await fill(ledger)
    live = Live(ledger, lambda: NOW)
    async with aclosing(live.decisions(asked(), about_now=True)) as told:
        first = await take(told)
        assert (first.cause, first.answer.decision.outcome) == ("START", "PERMIT")
        await fill(ledger, [BLOCK], recorded_at=NOW)
        second = await take(told)
        assert (second.cause, second.answer.decision.reason) == ("FACT", "BLOCKED")
        assert second.answer.decision.as_of == str(await ledger.head())
    then = first.answer.decision.as_of
    async with aclosing(live.decisions(asked(), about_now=True, after=then, since=first.now)) as told:
        assert (await take(told)).answer.decision == second.answer.decision
