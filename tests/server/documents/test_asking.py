"""A document named by its hash, over HTTP: a trusted list, and automatic persisted queries."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from server.documents.known import SENT_KEPT_MAX, BadDocuments, known
from server.documents.sources import hash_of
from server.http_settings import HttpSettings
from tests.resolvers.small import QUESTION
from tests.server.asking import in_process

LISTED = "query Listed($q: Question!) { decision(question: $q) { outcome } }"
OTHER = "query Other { __typename }"
VARIABLES = {"q": QUESTION}
PERMIT = {"data": {"decision": {"outcome": "PERMIT"}}}
NEWER = {"accept": "application/graphql-response+json"}


def settings(tmp_path: Path, *, only: bool) -> HttpSettings:
    (tmp_path / "documents.json").write_text(json.dumps({hash_of(LISTED): LISTED}))
    return HttpSettings(documents=(str(tmp_path / "documents.json"),), only_documents=only)


@pytest.fixture
async def strict(ledger: EmbeddedGraph, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with in_process(ledger, http=settings(tmp_path, only=True)) as client:
        yield client


def persisted(text: str, **more: Any) -> dict[str, Any]:
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}, **more}


def code(response: httpx.Response) -> str:
    return str(response.json()["errors"][0]["extensions"]["code"])


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": hash_of(LISTED)},
        {"documentId": f"sha256:{hash_of(LISTED)}"},
        persisted(LISTED),
        persisted(LISTED, query=LISTED),
        {"query": LISTED},
        {"query": LISTED, "documentId": hash_of(LISTED)},
        {"documentId": hash_of(LISTED), "operationName": "Listed"},
    ],
)
async def test_ways_to_name_a_listed_document(strict: httpx.AsyncClient, body: dict[str, Any]) -> None:
    assert (await strict.post("/graphql", json={**body, "variables": VARIABLES})).json() == PERMIT
    sent = {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    by_url = await strict.get("/graphql", params={**sent, "variables": json.dumps(VARIABLES)})
    assert by_url.json() == PERMIT


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"query": OTHER}, "DOCUMENT_NOT_TRUSTED"),
        ({"query": LISTED + " "}, "DOCUMENT_NOT_TRUSTED"),
        ({"query": "{"}, "DOCUMENT_NOT_TRUSTED"),
        ({"query": "{ __schema { types { name } } }"}, "DOCUMENT_NOT_TRUSTED"),
        ({"query": OTHER, "documentId": hash_of(OTHER)}, "DOCUMENT_NOT_TRUSTED"),
        (persisted(OTHER, query=OTHER), "DOCUMENT_NOT_TRUSTED"),
        (persisted(LISTED, query=OTHER), "BAD_REQUEST"),
        ({"query": OTHER, "documentId": hash_of(LISTED)}, "BAD_REQUEST"),
        ({"documentId": hash_of(OTHER)}, "PERSISTED_QUERY_NOT_FOUND"),
        (persisted(OTHER), "PERSISTED_QUERY_NOT_FOUND"),
    ],
)
async def test_nothing_else_is_taken(strict: httpx.AsyncClient, body: dict[str, Any], expected: str) -> None:
    for _ in range(2):
        response = await strict.post("/graphql", json=body, headers=NEWER)
        assert (response.status_code, code(response)) == (400, expected)
        assert "data" not in response.json()


async def test_a_list_beside_other_documents(ledger: EmbeddedGraph, tmp_path: Path) -> None:
    async with in_process(ledger, http=settings(tmp_path, only=False)) as client:
        assert (await client.post("/graphql", json={"query": OTHER})).json() == {"data": {"__typename": "Query"}}
        listed = {"documentId": hash_of(LISTED), "variables": VARIABLES}
        assert (await client.post("/graphql", json=listed)).json() == PERMIT


async def test_automatic_persisted_queries(client: httpx.AsyncClient) -> None:
    asked = persisted(LISTED, variables=VARIABLES)
    unknown = await client.post("/graphql", json=asked)
    # Apollo's clients look at the message, and go on only after a status 200
    assert (unknown.status_code, unknown.json()["errors"][0]["message"]) == (200, "PersistedQueryNotFound")
    assert (await client.post("/graphql", json={**asked, "query": LISTED})).json() == PERMIT
    assert (await client.post("/graphql", json=asked)).json() == PERMIT
    assert (
        await client.post("/graphql", json={"documentId": hash_of(LISTED), "variables": VARIABLES})
    ).json() == PERMIT


@pytest.mark.parametrize("text", ["{", "{ nothing }", '{ person(id: "bsn:111111111") { id } }'])
async def test_what_is_no_document_is_not_registered(client: httpx.AsyncClient, text: str) -> None:
    refused = code(await client.post("/graphql", json=persisted(text, query=text)))
    assert refused not in ("PERSISTED_QUERY_NOT_FOUND", "BAD_REQUEST")
    assert code(await client.post("/graphql", json=persisted(text))) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "body",
    [
        {"documentId": "x"},
        {"documentId": ""},
        {"documentId": hash_of(LISTED).upper()},
        {"documentId": f"sha512:{hash_of(LISTED)}"},
        {"extensions": {"persistedQuery": {"version": 2, "sha256Hash": hash_of(LISTED)}}},
        {"extensions": {"persistedQuery": {"version": 1}}},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": 5}}},
        {"extensions": {"persistedQuery": "x"}},
        persisted(LISTED, query=OTHER),
        {},
        {"variables": {}},
        {"query": None},
    ],
)
async def test_what_names_no_document(client: httpx.AsyncClient, body: dict[str, Any]) -> None:
    response = await client.post("/graphql", json=body)
    assert (response.status_code, code(response)) == (400, "BAD_REQUEST")


def test_what_clients_register_is_bounded() -> None:
    documents = known(HttpSettings())
    texts = [f"query Q{n} {{ __typename }}" for n in range(SENT_KEPT_MAX + 1)]
    for text in texts:
        documents.document(text, hash_of(text), None)
    assert documents.document(None, hash_of(texts[-1]), None).text == texts[-1]
    with pytest.raises(Exception, match="PersistedQueryNotFound"):
        documents.document(None, hash_of(texts[0]), None)


def test_a_list_that_does_not_fit_the_schema_is_not_served(tmp_path: Path) -> None:
    (tmp_path / "a.graphql").write_text("query A {\n  nothing\n}")
    (tmp_path / "b.json").write_text('{"x": "{ __typename }"}')
    with pytest.raises(BadDocuments) as wrong:
        known(HttpSettings(documents=(str(tmp_path),)))
    told = str(wrong.value).splitlines()
    assert len(told) == 2
    assert any(line.startswith(f"{tmp_path}/a.graphql:2: Cannot query field 'nothing'") for line in told)


def test_only_documents_needs_some() -> None:
    with pytest.raises(ValueError, match="--documents FILE"):
        HttpSettings(only_documents=True)


async def test_the_same_holds_for_streams_of_events(strict: httpx.AsyncClient) -> None:
    events = {"accept": "text/event-stream"}
    refused = await strict.post("/graphql", json={"query": OTHER}, headers=events)
    assert "DOCUMENT_NOT_TRUSTED" in refused.text
    listed = {"documentId": hash_of(LISTED), "variables": VARIABLES}
    assert '"PERMIT"' in (await strict.post("/graphql", json=listed, headers=events)).text
