"""Two sources that cannot both be right about a child are shown to an operator, never resolved silently.

`authority.rules.minors` gives SOURCES_DISAGREE to whoever asks meanwhile. Source: domain.md 7.6.
"""

from __future__ import annotations

from collections.abc import Iterable

from authority.codes import AUTHORITY_OVER_MINORS, REGISTER_STATEMENTS
from authority.facts import Authority, Block, Fact
from authority.neighbourhood import Neighbourhood
from graph.ledger import Ledger
from graph.registers.standing import around

_ABOUT_MINORS = AUTHORITY_OVER_MINORS | REGISTER_STATEMENTS


async def contradictions(ledger: Ledger, facts: Iterable[Fact], now: int) -> list[str]:
    """A sentence for each child about whom these facts and another register's now say different things."""
    children = dict.fromkeys(f.represented for f in facts if isinstance(f, Authority) and f.kind in _ABOUT_MINORS)
    found = []
    for child, neighbourhood in zip(children, await around(ledger, list(children), now), strict=True):
        said = _said_of(neighbourhood.authorities.get(child, ()), now)
        if len({kind for _, kind in said}) > 1 and len({register for register, _ in said}) > 1:
            words = "; ".join(f"{register} says {kind}" for register, kind in sorted(said))
            found.append(f"sources disagree about {child}: {words}")
        found.extend(_overruled(neighbourhood, child, now))
    return found


def _overruled(near: Neighbourhood, child: str, now: int) -> list[str]:
    """A provider saw a ruling that takes authority away, and the register still shows it: removal wins meanwhile."""
    holders = {a.representative for a in near.authorities.get(child, ()) if _in_force(a, now)}
    return [
        f"{b.provider} recorded a ruling against {b.representative} over {child}, whom a register still names"
        for b in near.blocks
        if b.reason == "RULING" and b.represented == child and b.representative in holders and _runs(b, now)
    ]


def _said_of(authorities: Iterable[Authority], now: int) -> set[tuple[str, str]]:
    """Register and kind of the statements in force; a joint holder and the one he shares with are one statement."""
    return {(a.register, a.kind) for a in authorities if a.kind in _ABOUT_MINORS and _in_force(a, now)}


def _in_force(authority: Authority, now: int) -> bool:
    return authority.status == "ACTIVE" and _runs(authority, now)


def _runs(fact: Authority | Block, now: int) -> bool:
    return (fact.valid_from is None or fact.valid_from <= now) and (fact.valid_until is None or now < fact.valid_until)
