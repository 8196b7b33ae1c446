"""Who may record what: a register keeper the word of its own register, a provider what holds at itself.

What a register serves, and for how long it counts as heard, is an operator's to say: a keeper who could widen it would
make grounds out of nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from authority.codes import REGISTER_STATEMENTS
from authority.facts import Ability, Authority, Block, Fact, Register, type_of
from graph.ledger import Ledger
from resolvers.caller import Forbidden
from resolvers.registers import RegisterState
from resolvers.registers import register as known_register

_ELSEWHERE: Final = REGISTER_STATEMENTS | {"VOLUNTARY_MANDATE", "NEXT_OF_KIN_MANDATE", "CURATELE"}
"""No provider's to state. A mandate is no ruling. Under a curatele somebody is asked nowhere any more (rule J): one
provider's word would open what needs their consent at every other."""
_OPERATORS: Final = ("serves", "complete", "max_silence", "delay")
"""Of a register fact: what its own keeper may not change."""


async def check(ledger: Ledger, keeper: str, facts: Sequence[tuple[int, Fact]]) -> None:
    """Raises Forbidden, naming the first fact that is not this register's to state. `facts`: each with its line."""
    known = await known_register(ledger, keeper)
    await _check(ledger, facts, f"register {keeper}", lambda fact, held: _may_state(keeper, fact, known, held))


async def check_provider(ledger: Ledger, provider: str, facts: Sequence[tuple[int, Fact]]) -> None:
    """Raises Forbidden, naming the first fact that is not this provider's to state. `facts`: each with its line."""

    def at_itself(fact: Fact, held: Fact | None) -> bool:
        return _at_itself(provider, fact) and (held is None or _at_itself(provider, held))

    await _check(ledger, facts, f"provider {provider}", at_itself)


async def _check(
    ledger: Ledger, facts: Sequence[tuple[int, Fact]], whose: str, may: Callable[[Fact, Fact | None], bool]
) -> None:
    """`may`: of a fact, and of what stands under its id now."""
    before = await ledger.holding_versions([(type_of(fact), fact.id) for _, fact in facts])
    for line, fact in facts:
        if not may(fact, before.get((type_of(fact), fact.id))):
            raise Forbidden(f"facts[{line - 1}] is not {whose}'s to state")


def _at_itself(provider: str, fact: Fact) -> bool:
    """A ruling that it saw on paper, what it found somebody able to, or a block; of register PROVIDER, here alone."""
    if fact.register != "PROVIDER":
        return False
    if isinstance(fact, Authority):
        return fact.providers == (provider,) and fact.kind not in _ELSEWHERE
    return isinstance(fact, (Ability, Block)) and fact.provider == provider


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
