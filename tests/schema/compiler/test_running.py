"""What a compiled run tells and counts, it tells once, and as graphql-core's does."""

from __future__ import annotations

from typing import Any

import pytest

from graph.embedded import EmbeddedGraph
from resolvers.caller import WITHIN
from resolvers.decisions import counting
from resolvers.telling import Told, telling
from schema.context import Context
from schema.execution import GraphQLRequest, execute
from tests.resolvers.small import NOW, QUESTION

DECISION = "query($q: Question!) { decision(question: $q) { outcome } }"
HALF_WRONG = 'query($q: Question!) { decision(question: $q) { outcome } node(id: "nonsense") { id } }'


async def told(ledger: EmbeddedGraph, query: str, *, compiling: bool) -> tuple[dict[str, Any], list[Told], int]:
    heard: list[Told] = []
    counted: list[Any] = []
    tokens = telling.set(heard.append), counting.set(counted.append)
    try:
        context = Context(ledger, caller=WITHIN, clock=lambda: NOW)
        response = await execute(GraphQLRequest(query, {"q": QUESTION}), context, compiling=compiling)
    finally:
        telling.reset(tokens[0])
        counting.reset(tokens[1])
    return response.body, heard, len(counted)


@pytest.mark.parametrize("query", [DECISION, HALF_WRONG])
async def test_it_is_told_once_and_the_same(ledger: EmbeddedGraph, query: str) -> None:
    compiled = await told(ledger, query, compiling=True)
    assert compiled == await told(ledger, query, compiling=False)
    body, heard, counted = compiled
    assert body["data"] is not None
    assert len(heard) == counted == 1
