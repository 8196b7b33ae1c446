"""Where sources contradict each other now, for an operator to look at; nothing is resolved by us."""

from __future__ import annotations

from typing import Final

import msgspec

from graph.ledger import Ledger
from graph.registers.contradictions import Contradiction
from graph.registers.watchlist import Reach, Watchlist
from resolvers.paging import Page, page_of

FACTS_MAX: Final = 500_000
"""How many facts one reading of the list catches up with at most: some seconds."""
_PEOPLE_MAX: Final = 20_000


class Listed(msgspec.Struct, frozen=True):
    """A page of them, by person; `total`: on all pages; `reach`: what the list has seen of the ledger."""

    page: Page[Contradiction]
    total: int
    reach: Reach


async def contradictions(ledger: Ledger, watchlist: Watchlist, now: int, first: int, after: list[str]) -> Listed:
    """Those after a person and a sentence, at most `first`. The list is brought up to now before it is read."""
    reach = await watchlist.follow(ledger, now, facts_max=FACTS_MAX, people_max=_PEOPLE_MAX)
    return Listed(page_of(watchlist.page(after, first + 1), first), watchlist.count(), reach)
