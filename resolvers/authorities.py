"""The history of an authority: every version, in the order in which the ledger learnt them."""

from __future__ import annotations

import msgspec

from authority.facts import Authority
from graph.ledger import Ledger, Token, View


class Version(msgspec.Struct, frozen=True, gc=False):
    """One version, the token of the position at which the ledger learnt it, and the view from there."""

    as_of: str
    view: View
    fact: Authority


async def history(ledger: Ledger, authority: str) -> list[Version]:
    """Every version of it, retracted ones too; empty where it is unknown."""
    versions = await ledger.history("authority", authority)
    if not versions:
        return []
    name = (await ledger.head()).ledger
    return [
        Version(str(Token(name, position)), View(position), fact)
        for position, fact in versions
        if isinstance(fact, Authority)
    ]
