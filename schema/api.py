"""The schema object: a federation v2 subgraph, with documents parsed and validated once."""

from __future__ import annotations

from typing import Any

from graphql import DocumentNode
from strawberry.extensions import ParserCache, ValidationCache
from strawberry.federation import Schema
from strawberry.schema.config import StrawberryConfig

from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.things import Organisation

DOCUMENTS_CACHED_MAX = 1_024
"""Documents that are kept parsed and validated; a service has far fewer, a stranger can make no more."""


class _Schema(Schema):
    """Errors are logged where they are masked (`schema.errors`), never with what the request had in it."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Nothing here."""


def _parser_cache() -> ParserCache:
    return ParserCache(maxsize=DOCUMENTS_CACHED_MAX)


def parsed(query: str) -> DocumentNode:
    """The document of this text, from the cache that execution uses. Raises GraphQLSyntaxError."""
    document: DocumentNode = _parser_cache().cached_parse_document(query)
    return document


def _validation_cache() -> ValidationCache:
    # A limiter that makes a rule class for each request would empty this cache every time (users.md 4.1): whatever
    # rules are added must be classes made once.
    return ValidationCache(maxsize=DOCUMENTS_CACHED_MAX)


api_schema = _Schema(
    query=Query,
    mutation=Mutation,
    types=[Organisation],
    extensions=[_parser_cache, _validation_cache],
    config=StrawberryConfig(scalar_map=SCALARS),
    federation_version="2.11",
)
