"""`explain`: why a decision is what it is, from the same facts in one read; and what has been learnt since."""

from __future__ import annotations

import msgspec

from authority.explanation import Explanation, explain
from authority.learnt import Since, keys_of, since
from authority.question import Question
from graph.ledger import Ledger, Token, View
from resolvers.decisions import Answer
from resolvers.reading import NEWEST, Reading, answering, position
from resolvers.telling import Given, tell


async def explained(ledger: Ledger, question: Question, reading: Reading = NEWEST) -> tuple[Explanation, Answer]:
    """The explanation, and the answer with the facts that it speaks of. Raises LedgerBehind: nothing to explain."""
    home = await answering(ledger, reading)
    around = await home.neighbourhood(question, await position(home, reading))
    explanation = explain(question, around)
    answer = Answer(question, explanation.decision, around)
    tell(Given([answer]))
    return explanation, answer


async def learnt_since(ledger: Ledger, then: Answer) -> tuple[Since, Answer]:
    """What was learnt around the question after this answer, and the answer that it has now.

    Learnt after it: at a later position of the ledger, or recorded after the question's `known_at`.
    """
    question, was_at = then.question, Token.parse(then.around.as_of).position
    everything = msgspec.structs.replace(question, known_at=None)
    around = await ledger.neighbourhood(everything)
    keys, is_at = keys_of(question, then.around, around), Token.parse(around.as_of).position
    compared = since(
        question,
        then.decision,
        around,
        await ledger.versions(keys, View(was_at, question.known_at)),
        await ledger.versions(keys, View(is_at)),
    )
    answer = Answer(everything, compared.decision_now, around)
    tell(Given([answer]))
    return compared, answer
