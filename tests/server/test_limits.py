"""Time and size: what takes too long is stopped and does not go on, and no answer is larger than it may be."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from server import graphql_http
from server.http_settings import HttpSettings
from tests.resolvers.small import QUESTION
from tests.server.asking import in_process

SHORT = HttpSettings(seconds_max=0.05)
DECISION = {
    "query": "query($q: Question!) { decision(question: $q) { outcome } }",
    "variables": {"q": QUESTION},
}
PERSON = {"query": '{ person(id: "mother") { name } }'}


class Slow:
    """Takes the place of a ledger's read, and knows what became of it."""

    def __init__(self) -> None:
        self.began = self.stopped = self.ended = 0

    async def __call__(self, *_: Any) -> Any:
        self.began += 1
        try:
            await asyncio.sleep(5)
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        self.ended += 1


@pytest.mark.parametrize(("read", "asked"), [("neighbourhood", DECISION), ("find", PERSON)])
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_what_takes_too_long_is_stopped(
    ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch, read: str, asked: dict[str, Any], accept: str
) -> None:
    slow = Slow()
    monkeypatch.setattr(ledger, read, slow)
    async with in_process(ledger, http=SHORT) as client:
        response = await client.post("/graphql", json=asked, headers={"accept": accept})
        await asyncio.sleep(0)
    assert response.status_code == 504
    assert response.json()["errors"][0]["extensions"] == {"code": "TIMEOUT", "retryable": True}
    assert (slow.began, slow.stopped, slow.ended) == (1, 1, 0), "the work goes on after its answer"


async def test_so_is_an_evaluation(ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow()
    monkeypatch.setattr(ledger, "neighbourhood", slow)
    person = {"type": "person", "id": "mother"}
    asked = {"subject": person, "action": {"name": "h1/record"}, "resource": person}
    async with in_process(ledger, http=SHORT) as client:
        response = await client.post("/access/v1/evaluation", json=asked)
    assert (response.status_code, response.json()["error"]["code"]) == (504, "TIMEOUT")
    assert (slow.began, slow.stopped) == (1, 1)


async def test_the_next_request_is_answered(ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    async with in_process(ledger, http=SHORT) as client:
        with monkeypatch.context() as patched:
            patched.setattr(ledger, "neighbourhood", Slow())
            assert (await client.post("/graphql", json=DECISION)).status_code == 504
        response = await client.post("/graphql", json=DECISION)
    assert response.json() == {"data": {"decision": {"outcome": "PERMIT"}}}


async def test_a_body_that_does_not_come(ledger: EmbeddedGraph) -> None:
    async def dripping() -> Any:
        yield b'{"query": '
        await asyncio.sleep(5)
        yield b'"{ __typename }"}'

    async with in_process(ledger, http=SHORT) as client:
        response = await client.post(
            "/graphql", content=dripping(), headers={"content-type": "application/json", "accept": "*/*"}
        )
    assert response.status_code == 408
    assert response.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"


async def test_an_answer_that_is_too_large(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = await client.post("/graphql", json=DECISION)
    monkeypatch.setattr(graphql_http, "RESPONSE_BYTES_MAX", len(whole.content))
    assert (await client.post("/graphql", json=DECISION)).json() == whole.json()
    monkeypatch.setattr(graphql_http, "RESPONSE_BYTES_MAX", len(whole.content) - 1)
    response = await client.post("/graphql", json=DECISION)
    assert response.status_code == 500
    assert response.json()["errors"][0]["extensions"] == {"code": "RESPONSE_TOO_LARGE", "retryable": False}
    assert "data" not in response.json()


@pytest.mark.parametrize(
    "body", [[DECISION, DECISION], [DECISION] * 10, [[]], [{"query": "{ __typename }"}]], ids=lambda b: str(len(b))
)
async def test_several_operations_in_one_request_are_refused(client: httpx.AsyncClient, body: Any) -> None:
    response = await client.post("/graphql", content=json.dumps(body), headers={"content-type": "application/json"})
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "BATCH_LIMIT", "found": len(body), "limit": 1, "retryable": False}
