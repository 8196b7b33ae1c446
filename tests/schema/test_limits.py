"""What is refused before it is executed, with a stable code and the figure; and nothing below a limit is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.embedded import EmbeddedGraph
from schema import limits
from schema.documents import document_of
from schema.errors import Code, Refused
from tests.resolvers.small import QUESTION
from tests.schema.asking import ask, data, error


def nested(levels: int) -> str:
    """A query of so many levels that the schema has."""
    inside = "id"
    for level in range(levels - 2):
        inside = f"services {{ {inside} }}" if level % 2 == 0 else f"provider {{ {inside} }}"
    return f'{{ {"provider" if levels % 2 else "service"}(id: "h1") {{ {inside} }} }}'


def refusal(query: str) -> Refused | None:
    return document_of(query).refused


@pytest.mark.parametrize(
    ("code", "limit", "query"),
    [
        (Code.DEPTH_LIMIT, limits.DEPTH_MAX, nested),
        (Code.FIELD_LIMIT, limits.FIELDS_MAX, lambda n: "{ registers { " + "id " * (n - 1) + "} }"),
        (Code.ROOT_FIELD_LIMIT, limits.ROOT_FIELDS_MAX, lambda n: "{ " + "__typename " * n + "}"),
        (Code.ALIAS_LIMIT, limits.ALIASES_MAX, lambda n: "{ registers { " + aliases(n) + " } }"),
        (Code.DIRECTIVE_LIMIT, limits.DIRECTIVES_MAX, lambda n: "{ __typename " + "@include(if: true) " * n + "}"),
        (
            Code.TOKEN_LIMIT,
            limits.TOKENS_MAX,
            lambda n: "{ registers " + "@a(b: " + "[" + "1 " * (n - 14) + "]) { id } }",
        ),
        (Code.TOKEN_LIMIT, limits.CHARACTERS_MAX, lambda n: "#" + "x" * (n - 16) + "\n{ __typename }"),
    ],
)
def test_each_limit_is_met_exactly(code: Code, limit: int, query: Any) -> None:
    within, past = refusal(query(limit)), refusal(query(limit + 1))
    assert within is None or within.code is not code
    assert past is not None
    assert past.code is code
    assert past.figures["limit"] == limit


def aliases(count: int) -> str:
    return " ".join(f"a{n}: id" for n in range(count))


def test_a_fragment_counts_wherever_it_is_spread() -> None:
    spread = "{ registers { " + "...F " * 60 + "} } fragment F on Register { " + "id " * 10 + "}"
    found = refusal(spread)
    assert found is not None
    assert (found.code, found.figures["found"]) == (Code.FIELD_LIMIT, 601)


def test_fragments_that_double_are_counted_and_not_walked() -> None:
    doubling = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(150))
    found = refusal(f"{{ ...F0 }} {doubling} fragment F150 on Query {{ __typename }}")
    assert found is not None
    assert (found.code, found.figures["found"]) == (Code.FIELD_LIMIT, 2**150)


@pytest.mark.parametrize(
    "query",
    [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A __typename }",
        "{ ...A } fragment A on Query { ...Nothing }",
    ],
)
def test_circular_fragments_are_invalid(query: str) -> None:
    document = document_of(query)
    assert document.refused is None
    assert "fragment" in document.errors[0].message.lower()


async def test_several_operations_are_each_within_the_limits(ledger: EmbeddedGraph) -> None:
    wrong = await error(ledger, "query A { __typename } query B { " + "__typename " * 21 + "}")
    assert wrong["extensions"] == {"code": "ROOT_FIELD_LIMIT", "found": 21, "limit": 20, "retryable": False}
    assert wrong["message"] == "operation B has 21 fields at the top, at most 20 are taken"


@given(st.text(alphabet='{}()[]:$@!.#"\\ \nabFon1,', max_size=200))
def test_any_text_is_a_document_or_says_what_is_wrong(text: str) -> None:
    document = document_of(text)
    assert bool(document.operations) + bool(document.errors) + bool(document.refused) == 1


# introspection


@pytest.mark.parametrize(
    "query",
    [
        "{ __schema { types { name } } }",
        '{ __type(name: "Query") { name } }',
        "{ _service { sdl } }",
        "{ ...F } fragment F on Query { ... on Query { __schema { types { name } } } }",
        "{ registers { id } __schema { types { name } } }",
    ],
)
async def test_the_schema_is_told_to_developers_alone(ledger: EmbeddedGraph, query: str) -> None:
    wrong = await error(ledger, query)
    assert wrong["extensions"] == {"code": "INTROSPECTION_OFF", "retryable": False}
    assert "errors" not in await ask(ledger, query, dev=True)
    assert await data(ledger, "{ __typename }") == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ register { id } }", None),
        ("{ registers { ids } }", None),
        ("{ registers(att: 1) { id } }", None),
        ('{ node(id: "x") { ... on Persona { id } } }', None),
        ("query($q: Question!) { decision(question: $q) { outcome } }", {"q": QUESTION | {"assurance": "HIGHH"}}),
        ("query($q: Question!) { decision(question: $q) { outcome } }", {"q": QUESTION | {"represent": "x"}}),
        ('{ providers(sector: "GP") { nodes { id } } }', None),
    ],
)
async def test_what_there_is_instead_is_suggested_to_developers_alone(
    ledger: EmbeddedGraph, query: str, variables: dict[str, Any] | None
) -> None:
    told = (await ask(ledger, query, variables))["errors"]
    assert "Did you mean" not in str(told)
    assert "Did you mean" in str((await ask(ledger, query, variables, dev=True))["errors"])


async def test_of_many_errors_the_first_are_told(ledger: EmbeddedGraph) -> None:
    told = await ask(ledger, "{ " + " ".join(f"nothing{n}" for n in range(20)) + " }")
    assert len(told["errors"]) == 10
