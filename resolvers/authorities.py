"""The history of an authority: every version, in the order in which the ledger learnt them."""

from __future__ import annotations

import msgspec

from authority.facts import Authority
from graph.ledger import Ledger, Token
from resolvers.changes import changed
from resolvers.reading import NEWEST_SIGHT, Sight


class Version(msgspec.Struct, frozen=True, gc=False):
    """One version, and the token of the position at which the ledger learnt it; `sight`: as the ledger was there.

    `changed`: the fields that say something else than in the version before. `holds`: none after it took its place.
    """

    as_of: str
    sight: Sight
    fact: Authority
    changed: tuple[str, ...]
    holds: bool


async def history(ledger: Ledger, authority: str, sight: Sight = NEWEST_SIGHT) -> list[Version]:
    """Every version of it, retracted ones too, that this sight shows; empty where it is unknown."""
    versions = [
        (position, fact)
        for position, fact in await ledger.history("authority", authority)
        if isinstance(fact, Authority)
        and (sight.as_of is None or position <= sight.as_of)
        and (sight.known_at is None or fact.recorded_at <= sight.known_at)
    ]
    if not versions:
        return []
    name = (await ledger.head()).ledger
    _, _, last = max((fact.recorded_at, position, place) for place, (position, fact) in enumerate(versions))
    return [
        Version(
            as_of=str(Token(name, position)),
            sight=Sight(position, sight.known_at, sight.at),
            fact=fact,
            changed=changed(versions[place - 1][1] if place else None, fact),
            holds=place == last,
        )
        for place, (position, fact) in enumerate(versions)
    ]
