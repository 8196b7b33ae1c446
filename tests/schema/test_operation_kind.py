"""The few words under which requests are counted."""

from __future__ import annotations

import pytest

from graph.embedded import EmbeddedGraph
from resolvers.caller import WITHIN
from schema.context import Context
from schema.execution import GraphQLRequest, execute
from tests.resolvers.small import NOW


@pytest.mark.parametrize(
    ("query", "name", "word"),
    [
        ("{ registers { id } }", None, "registers"),
        ("{ mine: registers { id } yours: registers { id } }", None, "registers"),
        ("mutation { recordFacts(facts: []) { asOf } }", None, "recordFacts"),
        ("query A { registers { id } } query B { providers { nodes { id } } }", "B", "providers"),
        ("query A { registers { id } } query B { providers { nodes { id } } }", None, "refused"),
        ("query A { registers { id } }", "C", "refused"),
        ("query A { registers { id } }", "", "refused"),
        ("{ registers { id } providers { nodes { id } } }", None, "several"),
        ("{ ...All } fragment All on Query { registers { id } }", None, "several"),
        ("{ __schema { types { name } } }", None, "introspection"),
        ("{ _service { sdl } }", None, "introspection"),
        ("{ jan_jansen }", None, "refused"),
        ('{ person(id: "bsn:1") { id } }', None, "refused"),
        ("{", None, "refused"),
        ("fragment All on Query { registers { id } }", None, "refused"),
        ("{" * 20_000, None, "refused"),
    ],
)
async def test_words(ledger: EmbeddedGraph, query: str, name: str | None, word: str) -> None:
    context = Context(ledger, caller=WITHIN, clock=lambda: NOW, dev=True)
    assert (await execute(GraphQLRequest(query, operation_name=name), context)).word == word
