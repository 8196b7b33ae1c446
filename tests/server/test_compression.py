from __future__ import annotations

import gzip
import json
import re

import httpx
import pytest
import zstandard

from server.compression import BYTES_MIN, coding_of
from tests.resolvers.small import QUESTION

QUERY = "query($q: [Question!]!) { decisions(questions: $q) { id outcome reasons { code text source } } }"
VARIABLES = {"q": [QUESTION | {"id": str(n)} for n in range(50)]}
LONG = {"query": QUERY, "variables": VARIABLES}
SHORT = {"query": "{ __typename }"}


async def raw(client: httpx.AsyncClient, accept: str, body: object = LONG) -> tuple[httpx.Response, bytes]:
    headers = {"accept-encoding": accept, "content-type": "application/json"}
    async with client.stream("POST", "/graphql", content=json.dumps(body), headers=headers) as response:
        return response, b"".join([chunk async for chunk in response.aiter_raw()])


def opened(body: bytes, coding: str | None) -> bytes:
    if coding is None:
        return body
    return gzip.decompress(body) if coding == "gzip" else zstandard.decompress(body)


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("", None),
        ("identity", None),
        ("br", None),
        ("*", None),
        ("gzip", "gzip"),
        ("zstd", "zstd"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "gzip"),
        ("GZIP", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0, zstd;q=0", None),
        ("gzip;q=x", None),
    ],
)
async def test_what_is_asked_for_is_given(client: httpx.AsyncClient, accept: str, coding: str | None) -> None:
    assert coding_of(accept) == coding
    plain, whole = await raw(client, "identity")
    assert "content-encoding" not in plain.headers
    response, body = await raw(client, accept)
    assert response.headers.get("content-encoding") == coding
    assert int(response.headers["content-length"]) == len(body)
    assert "accept-encoding" in response.headers["vary"]
    assert opened(body, coding) == whole
    if coding:
        assert len(body) < len(whole) / 3


async def test_a_short_answer_is_left_as_it_is(client: httpx.AsyncClient) -> None:
    response, body = await raw(client, "gzip", SHORT)
    assert len(body) < BYTES_MIN
    assert "content-encoding" not in response.headers
    assert json.loads(body) == {"data": {"__typename": "Query"}}


async def test_each_coding_has_a_tag_of_its_own_and_is_known_by_it(client: httpx.AsyncClient) -> None:
    asked = {"query": QUERY, "variables": json.dumps(VARIABLES)}
    tags = []
    for accept in ("identity", "gzip", "zstd"):
        headers = {"accept-encoding": accept}
        first = await client.get("/graphql", params=asked, headers=headers)
        tags.append(first.headers["etag"])
        again = await client.get("/graphql", params=asked, headers=headers | {"if-none-match": tags[-1]})
        assert (again.status_code, again.content) == (304, b"")
    assert len(set(tags)) == 3
    assert {re.sub(r'-\w+"', '"', tag) for tag in tags} == {tags[0]}


async def test_a_stream_of_events_is_not_held_back(client: httpx.AsyncClient) -> None:
    headers = {"accept": "text/event-stream", "accept-encoding": "gzip"}
    response = await client.post("/graphql", json=LONG, headers=headers)
    assert "content-encoding" not in response.headers
    assert response.text.count("PERMIT") >= 50
