"""A row that nobody understands may be the one that takes something back, so what it is about is in doubt.

Once the row is mended and replayed, or the source states the fact again, the doubt is gone: a version states the whole
fact anew. Source: facts.md 5.2 step 6 (`under_investigation`); unknown is not allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import get_args

import msgspec

from authority.codes import FactType
from authority.facts import Fact, type_of
from graph.ledger import Ledger
from graph.registers.connector import Key


def keys_in(stated: Mapping[str, object]) -> list[Key]:
    """Which fact a JSON object would have stated, where it says so."""
    fact_type, fact_id = stated.get("fact"), stated.get("id")
    known = isinstance(fact_id, str) and fact_type in get_args(FactType) and fact_type != "register"
    return [(fact_type, fact_id)] if known else []  # type: ignore[list-item]  # mypy does not follow `known`


async def doubted(ledger: Ledger, register: str, facts: Sequence[Fact], refused: Sequence[Key], now: int) -> list[Fact]:
    """These facts, and what is known of the refused ones by this register's word: all of that under investigation."""
    about = set(refused)
    if not about:
        return list(facts)
    here = {(type_of(fact), fact.id) for fact in facts}
    held = await ledger.holding_versions(sorted(about - here))
    known = [
        msgspec.structs.replace(fact, under_investigation=True, recorded_at=max(now, fact.recorded_at))
        for fact in held.values()
        if fact.register == register and not fact.retracted and not fact.under_investigation
    ]
    return [*(_in_doubt(fact) if (type_of(fact), fact.id) in about else fact for fact in facts), *known]


def _in_doubt(fact: Fact) -> Fact:
    return msgspec.structs.replace(fact, under_investigation=True)
