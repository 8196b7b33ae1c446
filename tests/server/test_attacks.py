"""The list of graphql-cop and more, over HTTP as anybody sends it: each with what it gets (docs/api.md)."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from schema.documents import read
from tests.server.asking import in_process

DOUBLING = " ".join(f"fragment F{n} on Query {{ ...F{n + 1} ...F{n + 1} }}" for n in range(100))
INTROSPECTION_CYCLE = "{ __schema { types { fields { type { fields { type { fields { type { name } } } } } } } } }"
CPU_SECONDS_MAX = 0.5
"""For any one of them, on a slow machine; the worst is a twentieth of a second here."""

INVALID = "GRAPHQL_VALIDATION_FAILED"
JSON = {"content-type": "application/json"}
NEWER = {"accept": "application/graphql-response+json"}

DOCUMENTS: dict[str, tuple[str, str]] = {
    # graphql-cop's
    "alias overloading": ("{ " + " ".join(f"alias{n}: __typename" for n in range(101)) + " }", "ROOT_FIELD_LIMIT"),
    "alias overloading, deeper": (
        "{ registers { " + " ".join(f"a{n}: id" for n in range(101)) + " } }",
        "ALIAS_LIMIT",
    ),
    "directive overloading": ("{ __typename " + "@aa" * 100 + " }", "DIRECTIVE_LIMIT"),
    "directive overloading, few": ("{ __typename " + "@aa" * 10 + " }", INVALID),
    "field duplication": ("{ registers { " + "id " * 500 + "} }", "FIELD_LIMIT"),
    "circular introspection": (INTROSPECTION_CYCLE, INVALID),
    "introspection": ("{ __schema { types { name fields { name } } } }", "INTROSPECTION_OFF"),
    "field suggestions": ("{ registers { ids } }", INVALID),
    "unhandled error": ("qwerty cop { abc }", "GRAPHQL_PARSE_FAILED"),
    # beyond it
    "the federation's schema": ("{ _service { sdl } }", "INTROSPECTION_OFF"),
    "circular fragments": (
        "{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }",
        INVALID,
    ),
    "fragments that double": (f"{{ ...F0 }} {DOUBLING} fragment F100 on Query {{ __typename }}", "FIELD_LIMIT"),
    "fragments that double nothing": (
        f"{{ ...F0 }} {DOUBLING} fragment F100 on Query {{ ...Z }}",
        INVALID,
    ),
    "deep fields": ("{ provider(id: 1) " + "{ services { provider " * 10 + "{ id }" + " } }" * 10 + "}", "DEPTH_LIMIT"),
    "deep lists": ("{ person(id: " + "[" * 5_000 + "]" * 5_000 + ") { id } }", "DEPTH_LIMIT"),
    "deep selections": ("{a" * 5_000 + "}" * 5_000, "DEPTH_LIMIT"),
    "many tokens": ("{ registers(at: [" + "1 " * 50_000 + "]) { id } }", "TOKEN_LIMIT"),
    "a long remark": ("#" * 1_000_000 + "\n{ __typename }", "TOKEN_LIMIT"),
    "many operations": (" ".join(f"query Q{n} {{ __typename }}" for n in range(600)), "TOKEN_LIMIT"),
    "many variables": (
        "query(" + " ".join(f"$v{n}: ID" for n in range(400)) + ") { __typename }",
        INVALID,
    ),
    "a page of everything": ("{ providers(first: 1000000) { nodes { id } } }", "PAGE_LIMIT"),
    "costly lists in lists": (
        "{ providers(first: 100) { nodes " + "{ services { provider " * 4 + "{ id }" + " } }" * 4 + "} }",
        "COST_LIMIT",
    ),
    "somebody's number": ('{ person(id: "bsn:111111111") { id } }', "BSN_NOT_CONFIGURED"),
}


@pytest.mark.parametrize("name", DOCUMENTS)
async def test_a_document(client: httpx.AsyncClient, name: str) -> None:
    query, code = DOCUMENTS[name]
    response = await client.post("/graphql", json={"query": query}, headers=NEWER)
    assert response.status_code == 400
    body = response.json()
    assert body["errors"][0]["extensions"]["code"] == code
    assert "data" not in body
    assert len(body["errors"]) <= 10
    assert len(response.content) < 10_000
    told = response.text
    assert "Did you mean" not in told
    assert "Traceback" not in told
    assert "exception" not in told
    assert "111111111" not in told


@pytest.mark.parametrize("name", DOCUMENTS)
def test_it_costs_little_to_refuse(name: str) -> None:
    query, _ = DOCUMENTS[name]
    begun = time.process_time()
    read(query)
    assert time.process_time() - begun < CPU_SECONDS_MAX


REQUESTS: dict[str, tuple[str, dict[str, Any], int, str]] = {
    "batching": ("POST", {"json": [{"query": "{ __typename }"}] * 10}, 400, "BATCH_LIMIT"),
    "mutation by GET": ("GET", {"params": {"query": "mutation cop { __typename }"}}, 405, "OPERATION_NOT_ALLOWED"),
    "a form (CSRF)": ("POST", {"data": {"query": "{ __typename }"}}, 415, "BAD_REQUEST"),
    "plain text (CSRF)": (
        "POST",
        {"content": '{"query": "{ __typename }"}', "headers": {"content-type": "text/plain"}},
        415,
        "BAD_REQUEST",
    ),
    "a picture's address (CSRF)": (
        "GET",
        {"params": {"query": "{ __typename }"}, "headers": {"sec-fetch-site": "cross-site"}},
        403,
        "PREFLIGHT_REQUIRED",
    ),
    "deep JSON": (
        "POST",
        {"content": b"[" * 100_000, "headers": {"content-type": "application/json"}},
        400,
        "BAD_REQUEST",
    ),
    "a large body": ("POST", {"json": {"query": "x" * 3_000_000}}, 413, "BODY_TOO_LARGE"),
    "GraphiQL": ("GET", {"headers": {"accept": "text/html"}}, 400, "BAD_REQUEST"),
}


@pytest.mark.parametrize("name", REQUESTS)
async def test_a_request(client: httpx.AsyncClient, name: str) -> None:
    method, sent, status, code = REQUESTS[name]
    # what a page elsewhere makes a browser send has no token
    sent = {**sent, "auth": None} if "CSRF" in name else sent
    response = await client.request(method, "/graphql", **sent)
    assert response.status_code == status
    assert response.json()["errors"][0]["extensions"]["code"] == code
    assert "graphiql" not in response.text.lower()


@pytest.mark.parametrize("header", ["X-Apollo-Tracing", "apollo-federation-include-trace", "X-Debug"])
async def test_no_trace_is_told(client: httpx.AsyncClient, header: str) -> None:
    response = await client.post("/graphql", json={"query": "{ __typename }"}, headers={header: "ftv1"})
    assert response.json() == {"data": {"__typename": "Query"}}
    assert "server" not in response.headers or "python" not in response.headers["server"].lower()


async def test_the_limits_hold_for_developers_too(ledger: EmbeddedGraph) -> None:
    async with in_process(ledger, dev=True) as client:
        for name in ("alias overloading", "field duplication", "deep fields", "costly lists in lists"):
            query, code = DOCUMENTS[name]
            response = await client.post("/graphql", json={"query": query})
            assert response.json()["errors"][0]["extensions"]["code"] == code, name
