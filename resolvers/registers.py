"""The registers: what each serves, whether it is complete, when it was heard from (facts.md chapter 3)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import msgspec

from authority.facts import Register
from authority.registers import TABLE, complete_for, serves, stale_from
from graph.ledger import NOW, Ledger, View
from graph.registers.condition import Condition
from graph.registers.watchlist import Watchlist

COUNTED_MAX: Final = 100_000
"""Authorities of a past view that are counted one by one: some seconds."""
_AT_ONCE: Final = 1_000


class RegisterState(msgspec.Struct, frozen=True, gc=False):
    """A register as its fact, or else table 3, has it. `complete_for`: the part of `serves` where absence is proof."""

    id: str
    serves: tuple[str, ...]
    complete_for: tuple[str, ...]
    stale_from: int | None
    fact: Register | None


class StaleDecisions(msgspec.Struct, frozen=True, gc=False):
    """How many decisions named a register stale, and from when on they were counted (microseconds)."""

    count: int
    since: int


class Watch(Protocol):
    """What a server knows of its registers beside the ledger."""

    @property
    def watchlist(self) -> Watchlist:
        """About whom sources contradict each other."""
        ...

    def conditions(self, now: int) -> Sequence[Condition]:
        """Of every connector."""
        ...

    def stale_decisions(self, register: str) -> StaleDecisions:
        """In the last 24 hours."""
        ...


async def registers(ledger: Ledger, view: View = NOW) -> list[RegisterState]:
    """Those of table 3 and those that a fact introduces, by id."""
    facts = await ledger.registers(view)
    return [state_of(name, facts.get(name)) for name in sorted({*TABLE, *facts})]


async def register(ledger: Ledger, name: str, view: View = NOW) -> RegisterState | None:
    """One of them; None where neither table 3 nor a fact names it."""
    return state_if_known(name, (await ledger.registers(view)).get(name))


def state_if_known(name: str, fact: Register | None) -> RegisterState | None:
    """By its own fact; None where neither table 3 nor a fact names it."""
    return state_of(name, fact) if fact is not None or name in TABLE else None


async def authorities_stated(ledger: Ledger, view: View = NOW) -> Mapping[str, int] | None:
    """By register, how many authorities hold by its word; None: a past view of more than can be counted at once.

    The newest count is kept as facts are written; of a past view each statement's version is looked at.
    """
    if view == NOW:
        return await ledger.authorities_stated()
    if (await ledger.stats())["authority"] > COUNTED_MAX:
        return None
    counts: Counter[str] = Counter()
    after = ""
    while ids := await ledger.ids("authority", after, _AT_ONCE):
        after = ids[-1]
        versions = await ledger.versions([("authority", each) for each in ids], view)
        counts.update(fact.register for _, fact in versions.values() if not fact.retracted)
    return counts


def state_of(name: str, fact: Register | None) -> RegisterState:
    """What its fact says, and without one what table 3 says: never stale."""
    if fact is None:
        row = TABLE.get(name)
        served = row.serves if row else ()
        complete = tuple(each for each in served if row and each in row.complete_for)
        return RegisterState(name, served, complete, None, None)
    served = serves(fact)
    return RegisterState(
        name, served, tuple(each for each in served if complete_for(fact, each)), stale_from(fact), fact
    )
