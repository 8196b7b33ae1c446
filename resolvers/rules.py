"""What a caller may ask, and whose things they see; the words that the policy table (`schema.policy`) is written in.

Each rule is a plain function of the caller and of what is asked, for whoever stands at a door: GraphQL's guard,
AuthZEN, subscriptions. None of them reads the ledger: what it refuses, it refuses whether or not the thing is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from authority.codes import ASSURANCE_RANK
from resolvers.caller import Caller

_LOWEST: Final = min(ASSURANCE_RANK.values())


class Asking(msgspec.Struct, frozen=True, gc=False):
    """The sides of a question, as far as it has them: a list looks for one of the two people, and names None for them.

    `replay`: it asks for the ledger as it was at a token.
    """

    representative: str | None
    represented: str | None
    provider: str | None
    assurance: str
    replay: bool = False


def may_ask(caller: Caller, asked: Asking) -> bool:
    """Whether the caller may ask this question, or this list of answers."""
    if caller.within:
        return True
    match caller.role:
        case "CITIZEN":
            return _citizen_asks(caller, asked)
        case "PROVIDER":
            return asked.provider == caller.party and _as_the_token_says(caller, asked)
        case "AUDITOR":
            return asked.replay and None not in (asked.representative, asked.represented)
        case "EXPLORER":
            return bool(caller.purpose)
        case _:
            return False


def _citizen_asks(caller: Caller, asked: Asking) -> bool:
    """Of what they are in themselves; and never with a surer login than they have."""
    if caller.subject not in (asked.representative, asked.represented) or not _as_the_token_says(caller, asked):
        return False
    if asked.representative != caller.subject:
        return True
    login = _LOWEST if caller.assurance is None else ASSURANCE_RANK[caller.assurance]
    return ASSURANCE_RANK.get(asked.assurance, login + 1) <= login


def _as_the_token_says(caller: Caller, asked: Asking) -> bool:
    """A token for one represented person (`represents`, `act`) is for questions about that person only."""
    if caller.represented is None:
        return True
    return asked.representative == caller.subject and asked.represented == caller.represented


def is_oneself(caller: Caller, person: str) -> bool:
    """A citizen who is this person."""
    return caller.within or (caller.role == "CITIZEN" and bool(person) and person == caller.subject)


def is_side(caller: Caller, sides: Iterable[str | None]) -> bool:
    """A citizen who is one of these."""
    return any(side is not None and is_oneself(caller, side) for side in sides)


def is_party(caller: Caller, party: str) -> bool:
    """Whoever speaks for this provider or register."""
    return caller.within or (bool(party) and party == caller.party)
