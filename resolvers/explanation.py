"""`explain`: why a decision is what it is, from the same facts in one read."""

from __future__ import annotations

from authority.explanation import Explanation, explain
from authority.question import Question
from graph.ledger import Ledger
from resolvers.decisions import Answer
from resolvers.reading import NEWEST, Reading, position


async def explained(ledger: Ledger, question: Question, reading: Reading = NEWEST) -> tuple[Explanation, Answer]:
    """The explanation, and the answer with the facts that it speaks of. Raises LedgerBehind: nothing to explain."""
    around = await ledger.neighbourhood(question, await position(ledger, reading))
    explanation = explain(question, around)
    return explanation, Answer(question, explanation.decision, around)
