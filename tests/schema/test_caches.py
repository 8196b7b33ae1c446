"""A document is read once, whatever rules there are (users.md 4.1, the limiter trap)."""

from __future__ import annotations

import time

from graph.embedded import EmbeddedGraph
from schema.documents import DOCUMENTS_CACHED_MAX, RULES, document_of, kept, read
from tests.schema.asking import data


async def test_the_same_document_is_read_once(ledger: EmbeddedGraph) -> None:
    before = kept.read
    for _ in range(5):
        await data(ledger, "query OnlyHere { registers { id } }")
    assert kept.read - before == 1


def test_what_is_kept_is_bounded_and_valid() -> None:
    for n in range(DOCUMENTS_CACHED_MAX + 10):
        document_of(f"query Q{n} {{ __typename }}")
    assert len(kept) == DOCUMENTS_CACHED_MAX
    newest = document_of(f"query Q{DOCUMENTS_CACHED_MAX} {{ __typename }}")
    for n in range(DOCUMENTS_CACHED_MAX + 10):
        document_of(f"{{ nothing{n} }}")
    assert document_of(newest.text) is newest
    assert document_of("{ nothing1 }") is not document_of("{ nothing1 }")


def test_the_rules_are_classes_made_once() -> None:
    assert all(isinstance(rule, type) for rule in RULES)
    assert len(set(RULES)) == len(RULES)


def test_a_document_that_is_asked_again_costs_next_to_nothing_with_every_limit_on() -> None:
    # 1,689 µs against 90 µs is what the trap costs; here it is the whole of parsing, limits, validation and cost plan
    query = "query Benchmarked($a: ID!) { person(id: $a) { id name } registers { id serves silence } }"
    anew = min(seconds(lambda: read(query), 20) for _ in range(3))
    again = min(seconds(lambda: document_of(query), 2_000) for _ in range(3))
    assert again < anew / 50


def seconds(work: object, times: int) -> float:
    """CPU seconds each."""
    assert callable(work)
    begun = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - begun) / times
