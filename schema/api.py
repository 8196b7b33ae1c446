"""The schema object: a federation v2 subgraph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from strawberry.extensions import SchemaExtension
from strawberry.federation import Schema
from strawberry.schema.config import StrawberryConfig

from schema.guard import guarded
from schema.mutation import Mutation
from schema.query import Query
from schema.scalars import SCALARS
from schema.subscription import Subscription
from schema.things import Organisation


class _Schema(Schema):
    """Errors are logged where they are masked (`schema.errors`), never with what the request had in it."""

    def process_errors(self, errors: Any, execution_context: Any = None) -> None:
        """Nothing here."""


class _Prepared(SchemaExtension):
    """Takes the document that the request's context has, parsed and validated (`schema.documents`), for what it is."""

    def on_parse(self) -> Iterator[None]:
        """Not again."""
        context = self.execution_context.context
        if context is not None and context.document is not None:
            self.execution_context.graphql_document = context.document
            self.execution_context.pre_execution_errors = []
        yield


api_schema = _Schema(
    query=Query,
    mutation=Mutation,
    subscription=Subscription,
    types=[Organisation],
    extensions=[_Prepared],
    config=StrawberryConfig(scalar_map=SCALARS),
    # the newest that every composition speaks: the Guild's knows no later one
    federation_version="2.9",
)
guarded(api_schema._schema)
