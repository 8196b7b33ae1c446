"""What may be kept, for how long, and the longest wrong yes that comes of it."""

from __future__ import annotations

import json
import re
from typing import Any

import httpx
import pytest

from authority.moments import instant, instant_text
from graph.embedded import EmbeddedGraph
from graph.intake import fact_of
from server.caching import unchanged
from server.http_settings import HttpSettings
from tests.resolvers.small import NOW, QUESTION
from tests.server.asking import in_process

SECOND = 1_000_000
DECISION = "query($q: Question!, $l: String) { decision(question: $q, atLeast: $l) { outcome reason validUntil asOf } }"
LATEST = "query($q: Question!) { decision(question: $q, freshness: LATEST) { outcome } }"
MORE = "query($q: Question!) { decision(question: $q) { outcome } registers { silence } }"
BIRTHDAY = instant("2030-02-28T23:00:00Z")
"""When the child turns 12, and the mother's yes ends by itself."""


def parameters(query: str = DECISION, **variables: Any) -> dict[str, str]:
    return {"query": query, "variables": json.dumps({"q": QUESTION} | variables)}


async def withdrawn(ledger: EmbeddedGraph, now: int) -> str:
    """The mother's authority ends; the token of it."""
    stated = {"fact": "authority", "id": "a1", "kind": "PARENTAL_JOINT", "register": "BRP", "status": "WITHDRAWN"}
    fact, _ = fact_of({**stated, "representative": "mother", "represented": "child"}, recorded_at=now)
    return str((await ledger.append([fact])).token)


async def test_an_answer_is_asked_about_again_each_time(client: httpx.AsyncClient, ledger: EmbeddedGraph) -> None:
    first = await client.get("/graphql", params=parameters())
    assert first.headers["cache-control"] == "private, no-cache"
    tag = first.headers["etag"]
    again = await client.get("/graphql", params=parameters(), headers={"if-none-match": f'"other", {tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert again.headers["cache-control"] == "private, no-cache"
    assert "content-type" not in again.headers
    await withdrawn(ledger, NOW)
    other = await client.get("/graphql", params=parameters(), headers={"if-none-match": tag})
    assert other.status_code == 200
    assert other.headers["etag"] != tag
    assert other.json()["data"]["decision"]["outcome"] == "DENY"


async def test_outcome_and_position_make_the_tag(client: httpx.AsyncClient, ledger: EmbeddedGraph) -> None:
    only_outcome = "query($q: Question!) { decision(question: $q) { outcome } }"
    before = [
        (await client.get("/graphql", params=parameters(query))).headers["etag"] for query in (DECISION, only_outcome)
    ]
    other, _ = fact_of({"fact": "person", "id": "somebody", "born": "1990-01-01"}, recorded_at=NOW)
    await ledger.append([other])
    after = [
        (await client.get("/graphql", params=parameters(query))).headers["etag"] for query in (DECISION, only_outcome)
    ]
    assert before[0] != after[0], "asOf is another one"
    assert before[1] == after[1], "what was asked has the same answer"


async def test_each_media_type_has_a_tag_of_its_own(client: httpx.AsyncClient) -> None:
    tags = {
        (await client.get("/graphql", params=parameters(), headers={"accept": accept})).headers["etag"]
        for accept in ("application/json", "application/graphql-response+json")
    }
    assert len(tags) == 2


@pytest.mark.parametrize(
    ("said", "expected"),
    [('"a"', True), ('W/"a"', True), ('"b", W/"a"', True), ("*", True), ('"b"', False), ("", False), ("a", False)],
)
def test_if_none_match(said: str, expected: bool) -> None:
    assert unchanged(b'"a"', said) is expected


async def test_an_answer_by_post_says_the_same_but_is_always_whole(client: httpx.AsyncClient) -> None:
    body = {"query": DECISION, "variables": {"q": QUESTION}}
    first = await client.post("/graphql", json=body)
    assert first.headers["cache-control"] == "private, no-cache"
    again = await client.post("/graphql", json=body, headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.json()) == (200, first.json())


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("POST", {"query": "mutation { recordFacts(facts: []) { asOf } }"}),
        ("POST", {"query": "{"}),
        ("POST", {"query": "{ nothing }"}),
        ("POST", {"query": '{ node(id: "opaque") { id } }'}),
        ("POST", {}),
        ("PUT", {}),
    ],
)
async def test_what_is_no_answer_to_a_query_is_not_kept(
    client: httpx.AsyncClient, method: str, body: dict[str, Any]
) -> None:
    response = await client.request(method, "/graphql", json=body)
    assert response.headers["cache-control"] == "private, no-store"
    assert "etag" not in response.headers


@pytest.mark.parametrize(
    ("ceiling", "query", "before_birthday", "expected"),
    [
        (0, DECISION, 100.0, "private, no-cache"),
        (5, DECISION, 100.0, "private, max-age=5"),
        (2, DECISION, 100.0, "private, max-age=2"),
        (5, DECISION, 3.0, "private, max-age=3"),
        (5, DECISION, 3.9, "private, max-age=3"),
        (5, DECISION, 0.9, "private, no-cache"),
        (5, "query($q: [Question!]!) { decisions(questions: $q) { outcome } }", 3.0, "private, max-age=3"),
        (
            5,
            LATEST,
            100.0,
            "private, no-cache",
        ),
        (
            5,
            MORE,
            99,
            "private, no-cache",
        ),
        (5, "query($q: Question!) { explain(question: $q) { decision { outcome } } }", 100.0, "private, no-cache"),
    ],
)
async def test_how_long_it_may_be_kept(
    ledger: EmbeddedGraph, ceiling: int, query: str, before_birthday: float, expected: str
) -> None:
    now = BIRTHDAY - int(before_birthday * SECOND)
    questions = [QUESTION | {"representative": "child", "at": "2026-01-01T00:00:00Z"}, QUESTION]
    asked = {"q": questions} if "[Question" in query else {}
    async with in_process(ledger, clock=lambda: now, http=HttpSettings(max_age_seconds=ceiling)) as client:
        response = await client.get("/graphql", params=parameters(query, **asked))
    assert "errors" not in response.json(), response.text
    assert response.headers["cache-control"] == expected


@pytest.mark.parametrize("seconds", [-1, 6, 3600])
def test_no_more_than_five_seconds_can_be_configured(seconds: int) -> None:
    with pytest.raises(ValueError, match="0 to 5 seconds"):
        HttpSettings(max_age_seconds=seconds)


class PrivateCache:
    """A browser's cache as RFC 9111 has it: by URL, fresh for `max-age`, else asked about again with the tag."""

    def __init__(self, client: httpx.AsyncClient, clock: list[int]) -> None:
        self._client, self._clock = client, clock
        self._kept: dict[str, tuple[int, int, httpx.Response]] = {}
        self.asked = 0

    async def get(self, parameters: dict[str, str]) -> httpx.Response:
        url = str(httpx.URL("/graphql", params=parameters))
        headers = {}
        if url in self._kept:
            stored, fresh_us, response = self._kept[url]
            if self._clock[0] < stored + fresh_us:
                return response
            headers["if-none-match"] = response.headers["etag"]
        self.asked += 1
        found = await self._client.get(url, headers=headers)
        answer = found if found.status_code == 200 else self._kept[url][2]
        seconds = re.search(r"max-age=(\d+)", found.headers["cache-control"])
        self._kept[url] = (self._clock[0], int(seconds[1]) * SECOND if seconds else 0, answer)
        return answer


def outcome(response: httpx.Response) -> str:
    return str(response.json()["data"]["decision"]["outcome"])


@pytest.mark.parametrize("ceiling", [0, 1, 5])
@pytest.mark.parametrize("asked_every_ms", [100, 700])
async def test_the_longest_wrong_yes(ledger: EmbeddedGraph, ceiling: int, asked_every_ms: int) -> None:
    clock = [NOW]
    async with in_process(ledger, clock=lambda: clock[0], http=HttpSettings(max_age_seconds=ceiling)) as client:
        cache = PrivateCache(client, clock)
        for _ in range(23):
            assert outcome(await cache.get(parameters())) == "PERMIT"
            clock[0] += asked_every_ms * 1_000
        token, at = await withdrawn(ledger, clock[0]), clock[0]
        # with its token the withdrawal is honoured at once, whatever is kept
        assert outcome(await cache.get(parameters(l=token))) == "DENY"
        wrong = [-1]
        while clock[0] < at + 8 * SECOND:
            if outcome(await cache.get(parameters())) == "PERMIT":
                wrong.append(clock[0] - at)
            clock[0] += asked_every_ms * 1_000
    assert wrong[-1] < ceiling * SECOND
    if ceiling == 0:
        assert wrong == [-1]
    else:
        assert len(wrong) > 1, "nothing was kept, so that nothing is shown"
        assert cache.asked < 28_000 // asked_every_ms


async def test_a_yes_ends_by_itself_in_every_cache(ledger: EmbeddedGraph) -> None:
    clock = [BIRTHDAY - 7 * SECOND]
    async with in_process(ledger, clock=lambda: clock[0], http=HttpSettings(max_age_seconds=5)) as client:
        cache = PrivateCache(client, clock)
        while clock[0] < BIRTHDAY + 2 * SECOND:
            expected = "PERMIT" if clock[0] < BIRTHDAY else "INDETERMINATE"
            assert outcome(await cache.get(parameters())) == expected, instant_text(clock[0])
            clock[0] += 50_000
    assert cache.asked < 9 * 20 / 2
