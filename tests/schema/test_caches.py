"""A document is parsed and validated once, whatever extensions the schema has (users.md 4.1, the limiter trap)."""

from __future__ import annotations

import pytest
from strawberry.extensions import parser_cache, validation_cache

from graph.embedded import EmbeddedGraph
from schema.api import DOCUMENTS_CACHED_MAX
from tests.schema.asking import data


async def test_the_same_document_is_validated_once(ledger: EmbeddedGraph) -> None:
    validated = validation_cache._get_validate_cache(DOCUMENTS_CACHED_MAX)
    parsed = parser_cache._get_parse_cache(DOCUMENTS_CACHED_MAX)
    query = "query OnlyHere { registers { id } }"
    before = [cache.cache_info() for cache in (validated, parsed)]
    for _ in range(5):
        await data(ledger, query)
    after = [cache.cache_info() for cache in (validated, parsed)]
    for earlier, later in zip(before, after, strict=True):
        assert later.misses - earlier.misses == 1
        assert later.hits - earlier.hits >= 4


async def test_the_caches_are_bounded(ledger: EmbeddedGraph) -> None:
    for cache in (validation_cache._get_validate_cache, parser_cache._get_parse_cache):
        assert cache(DOCUMENTS_CACHED_MAX).cache_info().maxsize == DOCUMENTS_CACHED_MAX
    await data(ledger, "{ registers { id } }")


@pytest.fixture(autouse=True)
def _cleared() -> None:
    validation_cache._get_validate_cache(DOCUMENTS_CACHED_MAX).cache_clear()
    parser_cache._get_parse_cache(DOCUMENTS_CACHED_MAX).cache_clear()
