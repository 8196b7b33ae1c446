"""Providers, page by page, and what they offer."""

from __future__ import annotations

from authority.codes import Sector
from authority.facts import Provider, Service
from graph.ledger import NOW, Ledger, View
from resolvers.paging import Page, page_of

_TOGETHER = 128


async def providers(
    ledger: Ledger, first: int, after: str = "", *, sector: Sector | None = None, view: View = NOW
) -> Page[Provider]:
    """Providers by id, of one sector or of all; retracted ones are left out."""
    found: list[Provider] = []
    while len(found) <= first:
        ids = await ledger.ids("provider", after, _TOGETHER)
        if not ids:
            break
        after = ids[-1]
        facts = await ledger.find("provider", ids, view)
        found += [
            fact
            for each in ids
            if isinstance(fact := facts.get(each), Provider) and (sector is None or fact.sector == sector)
        ]
    return page_of(found, first)


async def services_of(ledger: Ledger, provider: str, view: View = NOW) -> list[Service]:
    """The services that this provider offers, by id."""
    facts = await ledger.find("service", await ledger.services_of(provider), view)
    offered = [fact for fact in facts.values() if isinstance(fact, Service) and fact.provider == provider]
    return sorted(offered, key=lambda service: service.id)
