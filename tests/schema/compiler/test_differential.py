"""The compiled way and graphql-core's give the same bytes, for any query over any world, whoever asks."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import msgspec
import pytest

from graph.embedded import EmbeddedGraph
from resolvers.caller import WITHIN, Caller
from resolvers.nodes import node_id
from schema.api import api_schema
from schema.compiler.compiling import operation
from schema.context import Context
from schema.execution import GraphQLRequest, execute
from tests.resolvers.small import NOW, fill
from tests.schema.compiler.operations import Maker

PEOPLE: Final = ("child", "mother", "father", "client", "clerk", "temp")
OPERATIONS: Final = int(os.environ.get("MACHTIGEN_OPERATIONS", "1200"))
"""So many by default; MACHTIGEN_OPERATIONS=50000 for a long run."""
CALLERS: Final = (
    Caller("CITIZEN", "mother", assurance="HIGH"),
    Caller("CITIZEN", "father", assurance="HIGH", represented="child"),
    Caller("PROVIDER", party="h1"),
    Caller("REGISTER", party="BRP"),
    Caller("COUNTER", "clerk", party="t1"),
    Caller("OPERATOR"),
    Caller("AUDITOR"),
    Caller("EXPLORER", purpose="a test"),
    Caller("EXPLORER"),
)
_encode: Final = msgspec.json.Encoder().encode


async def both(
    ledger: EmbeddedGraph, query: str, variables: dict[str, Any], caller: Caller = WITHIN
) -> tuple[bytes, bytes | None]:
    """The bytes of both; None: it is left to graphql-core."""

    def context() -> Context:
        return Context(ledger, caller=caller, accept_language="en", clock=lambda: NOW)

    expected = _encode((await execute(GraphQLRequest(query, variables), context(), compiling=False)).body)
    found = operation(query, None)
    if found is None:
        return expected, None
    try:
        return expected, _encode({"data": await found.run(context(), variables)})
    except Exception:  # noqa: BLE001 - as in schema.execution: any error is told by graphql-core
        return expected, None


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[EmbeddedGraph]:
    graph = EmbeddedGraph.open(str(tmp_path / "graph"))
    await fill(graph)
    await fill(
        graph,
        [
            {
                "fact": "authority",
                "id": "m1",
                "kind": "VOLUNTARY_MANDATE",
                "representative": "mother",
                "represented": "father",
                "services": ["h1/record"],
                "valid_from": "2020-01-01",
                "valid_until": "2026-12-01",
            }
        ],
    )
    yield graph
    await graph.close()


async def maker(ledger: EmbeddedGraph) -> Maker:
    authorities = ("a1", "a2", "b1", "m1")
    ids = {
        "representative": (*PEOPLE, node_id("Person", "mother")),
        "represented": PEOPLE,
        "provider": ("h1", "t1"),
        "service": ("record", "h1/record", "return", "t1/return"),
        "organisation": ("office",),
        "authority": (*authorities, node_id("Authority", "m1")),
        "id": (
            *PEOPLE,
            *authorities,
            "h1",
            "t1",
            "h1/record",
            "BRP",
            "office",
            *(
                node_id(kind, name)
                for kind, name in (
                    ("Person", "child"),
                    ("Provider", "h1"),
                    ("Register", "BRP"),
                    ("Authority", "b1"),
                    ("Organisation", "office"),
                )
            ),
        ),
    }
    return Maker(api_schema._schema, ids, [str(await ledger.head())])


# where a value turns out wrong graphql-core leaves the coroutines of its neighbours behind
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore:coroutine:RuntimeWarning")
@pytest.mark.parametrize("first", range(0, OPERATIONS, OPERATIONS // 4))
async def test_operations_made_at_random(ledger: EmbeddedGraph, first: int) -> None:
    made, ways = await maker(ledger), Counter[str]()
    for seed in range(first, first + OPERATIONS // 4):
        query, variables = made.operation(seed)
        expected, compiled = await both(ledger, query, variables)
        if b'"COST_LIMIT"' in expected:
            continue  # refused before either way is taken
        ways["left" if compiled is None else "compiled"] += 1
        if compiled is None:
            assert b'"errors"' in expected, ("without errors, and left to graphql-core", seed, query, variables)
        else:
            assert compiled == expected, (seed, query, variables)
    assert ways["compiled"] > ways["left"], "most should have an answer, else this shows nothing"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning", "ignore:coroutine:RuntimeWarning")
@pytest.mark.parametrize("caller", CALLERS, ids=lambda caller: f"{caller.role}-{caller.represented or caller.purpose}")
async def test_nobody_gets_more_the_one_way_than_the_other(ledger: EmbeddedGraph, caller: Caller) -> None:
    made, ways = await maker(ledger), Counter[str]()
    for seed in range(OPERATIONS // 8):
        query, variables = made.operation(seed)
        expected, compiled = await both(ledger, query, variables, caller)
        if b'"COST_LIMIT"' in expected:
            continue
        ways["left" if compiled is None else "compiled"] += 1
        assert compiled in (None, expected), (seed, query, variables)
    assert ways["compiled"] > 0
    assert ways["left"] > 0
