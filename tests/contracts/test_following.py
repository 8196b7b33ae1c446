"""Whoever follows a ledger is told each position, what held before it, and whether it holds."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from authority.facts import Fact, type_of
from graph import following
from graph.following import Step, steps_between
from graph.ledger import Ledger
from tests import generated
from tests.contracts.homes import Home

_FIXTURES_STAY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


async def told(ledger: Ledger, after: int, until: int) -> list[Step]:
    return [step async for steps in steps_between(ledger, after, until) for step in steps]


def expected(facts: list[Fact]) -> list[Step]:
    holding: dict[tuple[str, str], Fact] = {}
    steps = []
    for position, fact in enumerate(facts, 1):
        key = (type_of(fact), fact.id)
        before = holding.get(key)
        holds = before is None or fact.recorded_at >= before.recorded_at
        steps.append(Step(position, fact, before, holds))
        if holds:
            holding[key] = fact
    return steps


@settings(_FIXTURES_STAY, max_examples=40)
@given(data=st.data())
async def test_each_position_once_wherever_one_begins(
    home: Home, monkeypatch: pytest.MonkeyPatch, data: st.DataObject
) -> None:
    monkeypatch.setattr(following, "STEPS_MAX", data.draw(st.sampled_from((1, 3, 1_000))))
    ledger = await home.empty()
    for portion in (data.draw(generated.worlds(most=12)), data.draw(st.lists(generated.facts, max_size=8))):
        await ledger.append(portion)
    head = (await ledger.head()).position
    history = [step.fact for step in await told(ledger, 0, head)]
    steps = expected(history)
    assert len(steps) == head
    after = data.draw(st.integers(0, head))
    until = data.draw(st.integers(after, head))
    assert await told(ledger, after, until) == steps[after:until]
