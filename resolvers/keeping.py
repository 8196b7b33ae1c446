"""What a register keeper may record: the word of its own register, about what that register serves.

What a register serves, and for how long it counts as heard, is an operator's to say: a keeper who could widen it would
make grounds out of nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from authority.facts import Authority, Fact, Register, type_of
from graph.ledger import Ledger
from resolvers.caller import Forbidden
from resolvers.registers import RegisterState
from resolvers.registers import register as known_register

_OPERATORS: Final = ("serves", "complete", "max_silence", "delay")
"""Of a register fact: what its own keeper may not change."""


async def check(ledger: Ledger, keeper: str, facts: Sequence[tuple[int, Fact]]) -> None:
    """Raises Forbidden, naming the first fact that is not this register's to state. `facts`: each with its line."""
    known = await known_register(ledger, keeper)
    before = await ledger.holding_versions([(type_of(fact), fact.id) for _, fact in facts])
    for line, fact in facts:
        held = before.get((type_of(fact), fact.id))
        if not _may_state(keeper, fact, known, held):
            raise Forbidden(f"facts[{line - 1}] is not register {keeper}'s to state")


def _may_state(keeper: str, fact: Fact, known: RegisterState | None, held: Fact | None) -> bool:
    """`held`: what stands under this id now, whoever stated it, taken back or not."""
    if fact.register != keeper or (held is not None and held.register != keeper):
        return False
    if isinstance(fact, Register):
        terms = held or Register(id=keeper, register=keeper, recorded_at=fact.recorded_at)
        same = all(getattr(fact, name) == getattr(terms, name) for name in _OPERATORS)
        return fact.id == keeper and same and not fact.retracted
    kind = fact.kind if isinstance(fact, Authority) else type_of(fact)
    return known is not None and kind in known.serves
