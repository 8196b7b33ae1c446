from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from server.bodies import BYTES_MAX
from tests.resolvers.small import QUESTION

DECISION = "query Decision($question: Question!) { decision(question: $question) { outcome } }"
ASKED = {"query": DECISION, "variables": {"question": QUESTION}}
MUTATION = "mutation { recordFacts(facts: []) { recorded } }"
JSON = "application/json"
RESPONSE_JSON = "application/graphql-response+json"


async def test_a_post_is_answered(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json=ASKED)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json; charset=utf-8"
    assert response.json() == {"data": {"decision": {"outcome": "PERMIT"}}}


async def test_a_get_is_answered(client: httpx.AsyncClient) -> None:
    parameters = {"query": DECISION, "variables": json.dumps(ASKED["variables"]), "operationName": "Decision"}
    response = await client.get("/graphql", params=parameters)
    assert response.json() == {"data": {"decision": {"outcome": "PERMIT"}}}


@pytest.mark.parametrize(
    "parameters", [{}, {"query": "{"}, {"query": DECISION, "variables": "[]"}, {"variables": "{}"}]
)
async def test_a_get_that_is_no_request(client: httpx.AsyncClient, parameters: dict[str, str]) -> None:
    response = await client.get("/graphql", params=parameters, headers={"accept": RESPONSE_JSON})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] in ("BAD_REQUEST", "GRAPHQL_PARSE_FAILED")


async def test_a_mutation_in_a_get_is_not_executed(client: httpx.AsyncClient) -> None:
    response = await client.get("/graphql", params={"query": MUTATION})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert response.json()["errors"][0]["extensions"]["code"] == "OPERATION_NOT_ALLOWED"
    assert (await client.post("/graphql", json={"query": MUTATION})).json()["data"] == {"recordFacts": {"recorded": 0}}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_other_methods(client: httpx.AsyncClient, method: str) -> None:
    response = await client.request(method, "/graphql")
    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        f"{JSON}; charset=latin-1",
    ],
)
async def test_other_content_types(client: httpx.AsyncClient, content_type: str | None) -> None:
    # what a page elsewhere can make a browser send unasked is among these
    headers = {} if content_type is None else {"content-type": content_type}
    response = await client.post("/graphql", content=json.dumps(ASKED), headers=headers)
    assert response.status_code == 415


@pytest.mark.parametrize("content_type", [f"{JSON}; charset=utf-8", f'{JSON};charset="UTF-8"', "Application/JSON"])
async def test_ways_to_say_json(client: httpx.AsyncClient, content_type: str) -> None:
    response = await client.post("/graphql", content=json.dumps(ASKED), headers={"content-type": content_type})
    assert response.status_code == 200


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (RESPONSE_JSON, RESPONSE_JSON),
        (f"{RESPONSE_JSON}, {JSON};q=0.9", RESPONSE_JSON),
        (f"{JSON};q=0.5, {RESPONSE_JSON}", RESPONSE_JSON),
        (f"text/html, {JSON};q=0.1", JSON),
        ("text/plain", None),
        (f"{JSON};q=0", None),
    ],
)
async def test_media_types(client: httpx.AsyncClient, accept: str, media: str | None) -> None:
    response = await client.post("/graphql", json=ASKED, headers={"accept": accept})
    if media is None:
        assert response.status_code == 406
    else:
        assert response.status_code == 200
        assert response.headers["content-type"] == f"{media}; charset=utf-8"


@pytest.mark.parametrize(
    "body", ["", "{", "[{]", '"x"', "{}", '{"query": 1}', '{"query": "{a}", "variables": []}', b"\xff"]
)
@pytest.mark.parametrize("accept", [JSON, RESPONSE_JSON])
async def test_a_body_that_is_no_request(client: httpx.AsyncClient, body: str | bytes, accept: str) -> None:
    response = await client.post("/graphql", content=body, headers={"content-type": JSON, "accept": accept})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"] == {"code": "BAD_REQUEST", "retryable": False}


@pytest.mark.parametrize(
    "request_body",
    [
        {"query": "{"},
        {"query": "{ nothing }"},
        {"query": DECISION, "variables": {}},
        {"query": "query A { registers { id } } query B { registers { id } }"},
        {"query": DECISION, "operationName": "Other", "variables": {"question": QUESTION}},
    ],
)
async def test_what_cannot_be_executed_is_400_only_under_the_newer_media_type(
    client: httpx.AsyncClient, request_body: dict[str, Any]
) -> None:
    for accept, status in ((RESPONSE_JSON, 400), (JSON, 200)):
        response = await client.post("/graphql", json=request_body, headers={"accept": accept})
        assert response.status_code == status
        assert "data" not in response.json()
        assert response.json()["errors"]


async def test_an_error_of_execution_is_200_with_data(client: httpx.AsyncClient) -> None:
    query = '{ registers { id } node(id: "opaque") { id } }'
    response = await client.post("/graphql", json={"query": query}, headers={"accept": RESPONSE_JSON})
    assert response.status_code == 200
    body = response.json()
    assert body["data"]["node"] is None
    assert body["data"]["registers"]
    assert body["errors"][0]["path"] == ["node"]


async def test_a_body_that_is_too_large(client: httpx.AsyncClient) -> None:
    response = await client.post("/graphql", json={"query": "#" + "x" * BYTES_MAX})
    assert response.status_code == 413
    assert response.json()["errors"][0]["extensions"]["code"] == "BODY_TOO_LARGE"


async def test_a_body_that_does_not_say_how_large_it_is(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 1
            yield b"x" * 65_536

    response = await client.post("/graphql", content=endless(), headers={"content-type": JSON})
    assert response.status_code == 413
    assert sent <= BYTES_MAX // 65_536 + 1


async def test_the_largest_batch_fits(client: httpx.AsyncClient) -> None:
    long = dict.fromkeys(("representative", "represented", "provider", "service", "organisation"), "x" * 128)
    questions = [long | {"assurance": "SUBSTANTIAL", "id": "x" * 128, "at": "2026-01-01T00:00:00.000000+01:00"}] * 1_000
    query = "query($questions: [Question!]!) { decisions(questions: $questions) { outcome } }"
    response = await client.post("/graphql", json={"query": query, "variables": {"questions": questions}})
    assert len(response.json()["data"]["decisions"]) == 1_000


async def test_language_by_header(client: httpx.AsyncClient) -> None:
    query = "query($question: Question!) { decision(question: $question) { reasons { text } } }"
    request_body = {"query": query, "variables": {"question": QUESTION}}
    texts = set()
    for language in ("nl", "en"):
        response = await client.post("/graphql", json=request_body, headers={"accept-language": language})
        texts.add(response.json()["data"]["decision"]["reasons"][0]["text"])
    assert texts == {"U hebt het ouderlijk gezag over dit kind.", "You hold parental authority over this child."}


async def test_a_number_in_a_url_is_refused_and_not_repeated(client: httpx.AsyncClient) -> None:
    number = "1" * 9
    variables = json.dumps({"question": QUESTION | {"represented": f"bsn:{number}"}})
    for parameters in (
        {"query": DECISION, "variables": variables},
        {"query": f'{{ person(id: "bsn:{number}") {{ id }} }}'},
    ):
        response = await client.get("/graphql", params=parameters)
        assert response.json()["errors"][0]["extensions"]["code"] == "BSN_NOT_CONFIGURED"
        assert number not in response.text
