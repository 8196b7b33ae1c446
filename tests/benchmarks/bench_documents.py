"""Before an operation runs: a document read anew or looked up, limits and cost, and the worst that anybody can send."""

from __future__ import annotations

import time
from collections.abc import Callable

from graph.ledger import Ledger
from resolvers.caller import WITHIN
from schema.context import Context
from schema.documents import document_of, read
from schema.execution import QUERIES, GraphQLRequest, admitted
from tests.benchmarks.bench_http import DECISION, DECISIONS, question
from tests.server.test_attacks import DOCUMENTS

ROUNDS = 5


def micros(work: Callable[[], object], times: int) -> float:
    """CPU microseconds each, of the best round."""
    best = float("inf")
    for _ in range(ROUNDS):
        begun = time.process_time()
        for _ in range(times):
            work()
        best = min(best, (time.process_time() - begun) / times * 1e6)
    return best


class NoLedger:
    """Nothing is read before an operation is admitted."""


def main() -> None:
    """One table."""
    ledger: Ledger = NoLedger()  # type: ignore[assignment]
    context = Context(ledger, caller=WITHIN)
    one = GraphQLRequest(DECISION, {"question": question(1)})
    many = GraphQLRequest(DECISIONS, {"questions": [question(n) for n in range(1_000)]})
    rows = [
        ("a decision's document read anew: parsed, measured, validated, costed", micros(lambda: read(DECISION), 20))
    ]
    for name, request in (("one decision", one), ("1,000 decisions", many)):
        query = request.query or ""

        def admit(query: str = query, request: GraphQLRequest = request) -> object:
            return admitted(document_of(query), request, context, QUERIES)

        rows.append((f"looked up and admitted, every limit and the cost: {name}", micros(admit, 5_000)))
    worst = {name: micros(lambda query=query: read(query), 1) for name, (query, _) in DOCUMENTS.items()}  # type: ignore[misc]
    name = max(worst, key=worst.__getitem__)
    rows.append((f"the costliest of the attacks to refuse: {name}", worst[name]))
    print("## Before an operation runs\n")
    print(f"Best of {ROUNDS} rounds.\n")
    print("| what | CPU µs |\n|---|--:|")
    for what, cpu in rows:
        print(f"| {what} | {cpu:,.1f} |")


if __name__ == "__main__":
    main()
