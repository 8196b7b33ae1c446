"""A document is read once, whatever rules there are (users.md 4.1, the limiter trap)."""

from __future__ import annotations

import time

from graph.embedded import EmbeddedGraph
from schema.documents import DOCUMENTS_CACHED_MAX, RULES, cache_info, document_of, pin, read
from tests.schema.asking import data


async def test_the_same_document_is_read_once(ledger: EmbeddedGraph) -> None:
    query = "query OnlyHere { registers { id } }"
    before = cache_info()
    for _ in range(5):
        await data(ledger, query)
    after = cache_info()
    assert after.misses - before.misses == 1
    assert after.hits - before.hits >= 4


def test_the_cache_is_bounded() -> None:
    assert cache_info().maxsize == DOCUMENTS_CACHED_MAX


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


def test_a_pinned_document_stays_however_many_others_are_asked() -> None:
    pinned = read("query Pinned { registers { id } }")
    pin([pinned])
    for n in range(DOCUMENTS_CACHED_MAX + 10):
        document_of(f"{{ a{n} }}")
    assert document_of(pinned.text) is pinned
    first = document_of("{ a0 }")
    assert first is document_of("{ a0 }")
