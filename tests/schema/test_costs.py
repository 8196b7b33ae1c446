"""What an operation costs, worked out by hand for each; and what a role may spend."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import GraphQLField, GraphQLInt, get_named_type, get_nullable_type, is_list_type, is_object_type
from strawberry.federation.schema_directives import ListSize

from graph.embedded import EmbeddedGraph
from resolvers.caller import NOBODY, WITHIN, Caller, Role
from schema.context import Context
from schema.costs import BUDGETS, budget_of
from schema.documents import SCHEMA, document_of
from schema.execution import GraphQLRequest, execute
from tests.resolvers.small import NOW, QUESTION

LIST = """query($first: Int = 10) { representedBy(representative: "a", provider: "h", service: "s", assurance: HIGH,
  first: $first) { nodes { person { id } decision { outcome } } pageInfo { hasNextPage } } }"""

BATCH = "query($q: [Question!]!) { decisions(questions: $q) { outcome } }"


def cost(query: str, variables: dict[str, Any] | None = None) -> int:
    document = document_of(query)
    assert not document.errors, document.errors
    return document.operation(None).plan.cost(variables or {})


@pytest.mark.parametrize(
    ("query", "variables", "expected"),
    [
        ("{ __typename }", {}, 0),
        ('{ person(id: "a") { id name born } }', {}, 1),
        ('{ person(id: "a") { id } again: person(id: "b") { id } }', {}, 2),
        ('{ person(id: "a") { ...F } } fragment F on Person { id }', {}, 1),
        # 30 registers, each with about 5 connectors
        ("{ registers { id } }", {}, 30),
        ("{ registers { id connectors { name } } }", {}, 30 * (1 + 5)),
        # a decision, two grounds, each with its register
        ("query($q: Question!) { decision(question: $q) { outcome } }", {"q": QUESTION}, 1),
        (
            "query($q: Question!) { decision(question: $q) { grounds { id register { id } } } }",
            {"q": QUESTION},
            1 + 2 * (1 + 1),
        ),
        # as many as are asked
        (BATCH, {"q": [QUESTION] * 7}, 7),
        ("query($q: [Question!]!) { decisions(questions: $q) { grounds { id } } }", {"q": [QUESTION] * 7}, 7 * 3),
        (BATCH, {"q": []}, 0),
        # 5 for the search, one for the page information, and 2 for each of a page
        (LIST, {}, 5 + 1 + 10 * 3),
        (LIST, {"first": 3}, 5 + 1 + 3 * 3),
        (LIST, {"first": None}, 5 + 1 + 10 * 3),
        ("{ providers(first: 4) { edges { node { id } } } }", {}, 1 + 4 * 2),
        ("{ providers { nodes { id } } }", {}, 1 + 50),
        # 10 for a mutation, and one for each fact
        ("mutation($f: [JSON!]!) { recordFacts(facts: $f) { asOf } }", {"f": [{}] * 30}, 10 + 30),
        ("mutation { recordFacts(facts: [{a: 1}, {a: 2}]) { asOf } }", {}, 10 + 2),
    ],
)
def test_costs(query: str, variables: dict[str, Any], expected: int) -> None:
    assert cost(query, variables) == expected


def test_what_a_document_costs_whatever_its_variables_are() -> None:
    plan = document_of(LIST).operation(None).plan
    assert (plan.least, plan.most) == (5 + 1 + 10 * 3, 5 + 1 + 100 * 3)
    batch = document_of(BATCH).operation(None).plan
    assert (batch.least, batch.most) == (1, 1_000)
    record = document_of("mutation($f: [JSON!]!) { recordFacts(facts: $f) { asOf } }").operation(None).plan
    assert record.most is None


ALL_OF_IT = """query($q: [Question!]!) { decisions(questions: $q) {
  outcome reason reasons { code text } requiredConsents stepUp validUntil asOf
  grounds { id kind validFrom validUntil register { id name } representative { ... on Person { id name } } } } }"""


@pytest.mark.parametrize("role", ["PROVIDER", "OPERATOR"])
def test_who_asks_in_bulk_may_ask_a_thousand_with_their_grounds(role: Role) -> None:
    assert cost(ALL_OF_IT, {"q": [QUESTION] * 1_000}) <= BUDGETS[role]


def test_every_role_has_a_budget() -> None:
    from typing import get_args

    assert set(BUDGETS) == {None, *get_args(Role)}
    assert budget_of(WITHIN) == max(BUDGETS.values())
    assert budget_of(NOBODY) == min(BUDGETS.values())


async def asked(ledger: EmbeddedGraph, caller: Caller, query: str, **more: Any) -> dict[str, Any]:
    context = Context(ledger, clock=lambda: NOW, caller=caller)
    return (await execute(GraphQLRequest(query, **more), context)).body


async def test_what_costs_more_than_a_role_may_spend_is_not_executed(
    ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = "query($q: [Question!]!) { decisions(questions: $q) { grounds { id register { id } } } }"
    variables = {"q": [QUESTION] * 500}
    reads: list[object] = []
    neighbourhoods = ledger.neighbourhoods

    async def counted(*arguments: Any) -> Any:
        reads.append(arguments)
        return await neighbourhoods(*arguments)

    monkeypatch.setattr(ledger, "neighbourhoods", counted)
    refused = await asked(ledger, Caller(role="CITIZEN", subject="mother"), query, variables=variables)
    assert refused["errors"][0]["extensions"] == {
        "code": "COST_LIMIT",
        "found": 2_500,
        "limit": 2_000,
        "retryable": False,
    }
    assert "data" not in refused
    assert not reads
    assert len((await asked(ledger, WITHIN, query, variables=variables))["data"]["decisions"]) == 500
    assert reads


async def test_the_figure_is_told_to_whoever_asks_for_it(ledger: EmbeddedGraph) -> None:
    query = "{ registers { id } }"
    told = await asked(ledger, WITHIN, query, extensions={"cost": True})
    assert told["extensions"] == {"cost": {"requested": 30, "budget": 20_000}}
    assert "extensions" not in await asked(ledger, WITHIN, query)
    assert "extensions" not in await asked(ledger, WITHIN, query, extensions={"cost": "yes"})


@pytest.mark.parametrize(
    ("query", "variables", "code", "found"),
    [
        (LIST, {"first": 101}, "PAGE_LIMIT", 101),
        ("{ providers(first: 1000) { nodes { id } } }", {}, "PAGE_LIMIT", 1_000),
        (
            BATCH,
            {"q": [QUESTION] * 1_001},
            "BATCH_LIMIT",
            1_001,
        ),
        (
            "query($r: [_Any!]!) { _entities(representations: $r) { __typename } }",
            {"r": [{"__typename": "Person", "id": "a"}] * 1_001},
            "BATCH_LIMIT",
            1_001,
        ),
        (
            "mutation($i: [ID!]!) { advanceProvider(ids: $i, to: LIVE) { asOf } }",
            {"i": ["h1"] * 1_001},
            "BATCH_LIMIT",
            1_001,
        ),
    ],
)
async def test_pages_and_batches(
    ledger: EmbeddedGraph, query: str, variables: dict[str, Any], code: str, found: int
) -> None:
    wrong = (await asked(ledger, WITHIN, query, variables=variables))["errors"][0]["extensions"]
    assert (wrong["code"], wrong["found"]) == (code, found)
    assert found > wrong["limit"]


@pytest.mark.parametrize("value", ["x", True, None, [1], {"a": 1}, -5, 10**30])
async def test_a_variable_of_another_type_is_refused_and_breaks_nothing(ledger: EmbeddedGraph, value: Any) -> None:
    for query, variable in (
        (LIST, "first"),
        (BATCH, "q"),
    ):
        told = await asked(ledger, WITHIN, query, variables={variable: value})
        codes = {each["extensions"]["code"] for each in told.get("errors", ())}
        assert codes <= {"BAD_INPUT", "PAGE_LIMIT"}
        assert value is None or codes


def test_the_cost_is_a_fraction_of_a_decision() -> None:
    plan = document_of(ALL_OF_IT).operation(None).plan
    variables = {"q": [QUESTION] * 1_000}
    begun = time.process_time()
    for _ in range(1_000):
        plan.cost(variables)
    assert (time.process_time() - begun) / 1_000 < 50e-6


def sized() -> Iterator[tuple[GraphQLField, ListSize]]:
    for kind in SCHEMA.type_map.values():
        if is_object_type(kind):
            for field in kind.fields.values():
                definition = field.extensions.get("strawberry-definition")
                for each in getattr(definition, "directives", None) or ():
                    if isinstance(each, ListSize):
                        yield field, each


def test_the_sizes_in_the_schema_are_such_as_gateways_take() -> None:
    found = list(sized())
    assert len(found) > 10
    for field, size in found:
        for name in size.slicing_arguments or ():
            assert field.args[name].type is GraphQLInt
        if size.sized_fields:
            kind = get_named_type(field.type)
            assert is_object_type(kind)
            for name in size.sized_fields:
                assert is_list_type(get_nullable_type(kind.fields[name].type))
        else:
            assert is_list_type(get_nullable_type(field.type))
