"""Two sources that cannot both be right about a child are shown to an operator, never resolved silently.

`authority.rules.minors` gives SOURCES_DISAGREE to whoever asks meanwhile. Source: domain.md 7.6.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from authority.codes import AUTHORITY_OVER_MINORS, REGISTER_STATEMENTS
from authority.facts import Authority, Block
from authority.moments import SINCE_EVER, local_day
from authority.neighbourhood import Neighbourhood
from graph.ledger import Ledger
from graph.registers.standing import around

_ABOUT_MINORS = AUTHORITY_OVER_MINORS | REGISTER_STATEMENTS


async def contradictions(ledger: Ledger, represented: Iterable[str], now: int) -> list[str]:
    """A sentence for each of these people about whom sources now say what cannot be true together.

    It bears the day since when, so that the same contradiction arising anew is another sentence.
    """
    people = list(dict.fromkeys(represented))
    found: list[str] = []
    for person, neighbourhood in zip(people, await around(ledger, people, now), strict=True):
        found.extend(_disagreement(neighbourhood, person, now))
        found.extend(_overruled(neighbourhood, person, now))
    return found


def _disagreement(near: Neighbourhood, child: str, now: int) -> Iterator[str]:
    """Two registers on one child; a joint holder and the one he shares with are one statement."""
    stated = [a for a in near.authorities.get(child, ()) if a.kind in _ABOUT_MINORS and _in_force(a, now)]
    said = {(a.register, a.kind) for a in stated}
    if len({kind for _, kind in said}) > 1 and len({register for register, _ in said}) > 1:
        words = "; ".join(f"{register} says {kind}" for register, kind in sorted(said))
        yield f"sources disagree about {child}{_since(stated)}: {words}"


def _overruled(near: Neighbourhood, represented: str, now: int) -> Iterator[str]:
    """A provider saw a ruling that takes authority away: removal wins, until somebody lifts it."""
    for block in near.blocks:
        if block.reason != "RULING" or block.represented != represented or not _runs(block, now):
            continue
        named = [a for a in near.authorities.get(represented, ()) if _in_force(a, now) and _concerns(block, a)]
        whom = block.representative or "everybody"
        ruling = f"{block.provider} recorded a ruling against {whom} over {represented}{_since([block])}"
        if named:
            registers = ", ".join(sorted({a.register for a in named}))
            yield f"{ruling}, whom {registers} still shows"
        else:
            yield f"{ruling}; no register shows that any more, so the block {block.id} can be lifted"


def _concerns(block: Block, authority: Authority) -> bool:
    return block.representative is None or block.representative == authority.representative


def _since(facts: Sequence[Authority | Block]) -> str:
    newest = max(fact.recorded_at for fact in facts)
    return "" if newest == SINCE_EVER else f" since {date.fromordinal(local_day(newest))}"


def _in_force(authority: Authority, now: int) -> bool:
    return authority.status == "ACTIVE" and _runs(authority, now)


def _runs(fact: Authority | Block, now: int) -> bool:
    return (fact.valid_from is None or fact.valid_from <= now) and (fact.valid_until is None or now < fact.valid_until)
