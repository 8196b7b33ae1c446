"""A document is parsed and validated once, whatever extensions the schema has (users.md 4.1, the limiter trap)."""

from __future__ import annotations

from typing import Any

from strawberry.extensions import parser_cache, validation_cache

from graph.embedded import EmbeddedGraph
from schema.api import DOCUMENTS_CACHED_MAX
from tests.schema.asking import data


def caches() -> tuple[Any, Any]:
    """Of parsed and of validated documents, shared by all requests."""
    parsed = parser_cache._get_parse_cache(DOCUMENTS_CACHED_MAX)
    return parsed, validation_cache._get_validate_cache(DOCUMENTS_CACHED_MAX)


async def test_the_same_document_is_validated_once(ledger: EmbeddedGraph) -> None:
    query = "query OnlyHere { __schema { queryType { name } } }"  # introspection is never compiled
    before = [cache.cache_info() for cache in caches()]
    for _ in range(5):
        await data(ledger, query)
    after = [cache.cache_info() for cache in caches()]
    for earlier, later in zip(before, after, strict=True):
        assert later.misses - earlier.misses == 1
        assert later.hits - earlier.hits >= 4


async def test_the_caches_are_bounded() -> None:
    assert [cache.cache_info().maxsize for cache in caches()] == [DOCUMENTS_CACHED_MAX] * 2
