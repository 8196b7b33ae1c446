"""What a ledger learns, step by step: each version in the order of its position, with the one that it follows.

The same for who follows a ledger live and for who catches up with it, so that both are told the same.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Final, TypeAlias

import msgspec

from authority.codes import FactType
from authority.facts import Authority, Fact, Provider, Register, Service, type_of
from authority.registers import stale_from
from graph.embedded.records import about
from graph.intake import fact_of_line
from graph.ledger import Change, Ledger, View

Topic: TypeAlias = tuple[str, str]
"""What a step is about: a word of `topics_of`, and an id."""

STEPS_MAX: Final = 1_000
"""In one piece; what it reads and holds."""


class Step(msgspec.Struct, frozen=True, gc=False):
    """One position of the ledger. `before`: the version that held just before, retracted or not; None: the first.

    `holds`: it took the place of `before`. Where not, a version recorded later was here already, and only who asks what
    was known at an earlier instant is told something new.
    """

    position: int
    fact: Fact
    before: Fact | None
    holds: bool


async def steps_between(ledger: Ledger, after: int, until: int) -> AsyncGenerator[list[Step], None]:
    """The positions after `after` up to `until`, which the ledger has reached, in pieces."""
    while after < until:
        last = min(until, after + STEPS_MAX)
        changes = [change async for change in ledger.changes(after, last - after)]
        yield await _steps(ledger, changes)
        after = last


async def _steps(ledger: Ledger, changes: list[Change]) -> list[Step]:
    facts = [(change.position, fact_of_line(change.line)) for change in changes]
    keys: list[tuple[FactType, str]] = [(type_of(fact), fact.id) for _, fact in facts]
    found = await ledger.versions(list(dict.fromkeys(keys)), View(as_of=facts[0][0] - 1))
    holding: dict[tuple[FactType, str], Fact] = {key: fact for key, (_, fact) in found.items()}
    steps = []
    for key, (position, fact) in zip(keys, facts, strict=True):
        before = holding.get(key)
        holds = before is None or fact.recorded_at >= before.recorded_at
        steps.append(Step(position, fact, before, holds))
        if holds:
            holding[key] = fact
    return steps


def topics_of(step: Step, now: int) -> set[Topic]:
    """What the step can matter to.

    `about`: the person or organisation of whom it says something, or said it until now; `holder`: who holds the
    authority, or held it. `service`, `provider`: the catalogue, a service under its provider too; `providers`: any of
    it. `registers`: whatever is asked about now; `registers then`: whatever is asked about another instant.
    """
    topics: set[Topic] = set()
    for fact in (step.fact, step.before):
        if fact is None:
            continue
        match fact:
            case Provider():
                topics |= {("provider", fact.id), ("providers", "")}
            case Service():
                topics |= {("service", fact.id), ("provider", fact.provider), ("providers", "")}
            case Register():
                topics.add(("registers then", ""))
                if not _only_heard(step, now):
                    topics.add(("registers", ""))
            case _:
                topics.add(("about", about(fact) or ""))
                if isinstance(fact, Authority) and fact.representative is not None:
                    topics.add(("holder", fact.representative))
    return topics


def _only_heard(step: Step, now: int) -> bool:
    """A register that was not silent too long was heard from again: no answer about now changes before it would have.

    They come by the thousand and would otherwise have every standing question decided anew.
    """
    new, old = step.fact, step.before
    if not isinstance(new, Register) or not isinstance(old, Register) or new.retracted or old.retracted:
        return False
    if new.heard_from is None or old.heard_from is None or new.heard_from < old.heard_from:
        return False
    silent = stale_from(old)
    same = msgspec.structs.replace(new, heard_from=old.heard_from, recorded_at=old.recorded_at) == old
    return step.holds and same and (silent is None or silent > now)
