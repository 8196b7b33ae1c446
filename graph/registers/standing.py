"""Who stands over somebody by what is known now: asked by connectors that must say what is no longer so."""

from __future__ import annotations

from collections.abc import Sequence

from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.ledger import Ledger


async def around(ledger: Ledger, people: Sequence[str], at: int) -> list[Neighbourhood]:
    """The neighbourhood of each person's own question at no provider: authorities over them, blocks, their own fact."""
    questions = [
        Question(representative=person, represented=person, provider="-", service="-/-", assurance="BASIC", at=at)
        for person in people
    ]
    return await ledger.neighbourhoods(questions) if questions else []
