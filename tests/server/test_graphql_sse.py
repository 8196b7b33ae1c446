"""Subscriptions as an event stream, from `machtigen serve` itself."""

from __future__ import annotations

import asyncio
import json
import math
import signal
import time
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from subprocess import Popen
from typing import Any

import httpx
import pytest

from schema.execution import GraphQLResponse
from server import graphql_sse, sending
from server.graphql_sse import send_events
from tests.resolvers.small import QUESTION
from tests.server.asking import SECONDS_MAX, served
from tests.server.streaming import AUTHORITY, DECISION, events, record
from tests.server.test_running import small_world
from tests.tokens import BY_WHAT_IS_ASKED

BLOCK = {"fact": "block", "id": "k1", "provider": "h1", "represented": "child", "reason": "GOOD_CARE"}


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(asyncio.run(small_world(tmp_path_factory.mktemp("sse") / "g"))) as (url, _):
        yield url


async def test_a_decision_and_what_changes_it(url: str) -> None:
    async with events(url, DECISION, question=QUESTION) as told:
        name, first = await anext(told)
        assert name == "next"
        assert first["data"]["decisionChanged"]["decision"]["outcome"] == "PERMIT"
        token = await record(url, BLOCK)
        name, second = await anext(told)
        change = second["data"]["decisionChanged"]
        assert (change["cause"], change["decision"]) == (
            "FACT",
            {"outcome": "DENY", "reason": "BLOCKED", "asOf": token},
        )


async def test_going_on_after_a_token(url: str) -> None:
    async with events(url, AUTHORITY, represented="temp") as _:
        begin = await record(url, {"fact": "person", "id": "temp", "born": "1995-01-02"})
    mandate = {
        "fact": "authority",
        "kind": "VOLUNTARY_MANDATE",
        "representative": "clerk",
        "represented": "temp",
        "services": ["h1/record"],
        "valid_from": "2020-01-01",
    }
    tokens = [await record(url, {**mandate, "id": f"t{n}"}) for n in range(3)]
    async with events(url, AUTHORITY, represented="temp", after=begin) as told:
        first = (await anext(told))[1]["data"]["authorityChanged"]
    async with events(url, AUTHORITY, represented="temp", after=first["asOf"]) as told:
        rest = [(await anext(told))[1]["data"]["authorityChanged"] for _ in range(2)]
    assert [each["asOf"] for each in (first, *rest)] == tokens


async def test_what_is_wrong_is_told_in_the_stream(url: str) -> None:
    for query, code in (
        ("subscription {", "GRAPHQL_PARSE_FAILED"),
        ("subscription { x }", "GRAPHQL_VALIDATION_FAILED"),
    ):
        async with events(url, query) as told:
            found = [each async for each in told]
        assert [name for name, _ in found] == ["next", "complete"]
        assert found[0][1]["errors"][0]["extensions"]["code"] == code


async def test_a_query_is_one_event(url: str) -> None:
    async with events(url, '{ provider(id: "h1") { id } }') as told:
        assert [each async for each in told] == [("next", {"data": {"provider": {"id": "h1"}}}), ("complete", None)]


async def test_by_get(url: str) -> None:
    parameters = {"query": DECISION, "variables": json.dumps({"question": {**QUESTION, "represented": "father"}})}
    async with httpx.AsyncClient(timeout=SECONDS_MAX, auth=BY_WHAT_IS_ASKED) as client:
        accepts = {"accept": "text/event-stream"}
        async with client.stream("GET", f"{url}/graphql", params=parameters, headers=accepts) as response:
            lines = response.aiter_lines()
            assert await anext(lines) == "event: next"
            assert '"outcome":"PERMIT"' in await anext(lines)
        change = await client.get(f"{url}/graphql", params={"query": "mutation { __typename }"}, headers=accepts)
    assert "OPERATION_NOT_ALLOWED" in change.text
    assert change.text.endswith("event: complete\ndata:\n\n")


async def test_without_the_media_type_a_subscription_is_refused(url: str) -> None:
    async with httpx.AsyncClient(timeout=SECONDS_MAX) as client:
        said = {"query": DECISION, "variables": {"question": QUESTION}}
        response = await client.post(f"{url}/graphql", json=said, auth=BY_WHAT_IS_ASKED)
    assert response.json()["errors"][0]["extensions"]["code"] == "OPERATION_NOT_ALLOWED"


async def test_a_server_that_stops_ends_its_streams(tmp_path: Path) -> None:
    with served(await small_world(tmp_path / "g"), "--workers", "2") as (url, process):
        async with events(url, DECISION, question=QUESTION) as told:
            await anext(told)
            process.send_signal(signal.SIGTERM)
            _, last = await anext(told)
            assert last["errors"][0]["extensions"] == {"code": "SERVER_STOPS", "retryable": True}
            assert await anext(told) == ("complete", None)
        assert _ended(process) == 0


def _ended(process: Popen[str]) -> int:
    return process.wait(5)  # long before the server would kill its workers


# by itself, with a reader of our making


class Reader:
    """Takes the first `takes` messages, then none until `free` is set."""

    def __init__(self, takes: int) -> None:
        self.taken: list[bytes] = []
        self._takes = takes
        self.free = asyncio.Event()
        self.gone = asyncio.Event()

    async def send(self, message: Any) -> None:
        if len(self.taken) == self._takes:
            await self.free.wait()
        self.taken.append(message.get("body", b""))

    async def receive(self) -> Any:
        await self.gone.wait()
        return {"type": "http.disconnect"}


class Source:
    """As many responses as are asked for, and whether it was closed."""

    closed = False

    async def responses(self) -> AsyncGenerator[GraphQLResponse, None]:
        try:
            for number in range(1_000_000):
                yield GraphQLResponse({"data": number})
                await asyncio.sleep(0)
            await asyncio.Event().wait()
        finally:
            self.closed = True


async def test_one_that_does_not_read_is_told_and_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS_MAX", 0.1)
    reader, source = Reader(takes=4), Source()
    sent = asyncio.create_task(send_events(reader.receive, reader.send, source.responses(), math.inf))
    await asyncio.sleep(0.15)
    reader.free.set()  # it reads again before the last message is given up
    async with asyncio.timeout(5):
        await sent
    assert source.closed
    assert b'"code":"SLOW_CONSUMER"' in reader.taken[-1]
    assert reader.taken[-1].endswith(b"event: complete\ndata:\n\n")


async def test_one_that_never_reads_again_is_left_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS_MAX", 0.05)
    monkeypatch.setattr(sending, "LAST_SECONDS_MAX", 0.05)
    reader, source = Reader(takes=4), Source()
    async with asyncio.timeout(5):
        await send_events(reader.receive, reader.send, source.responses(), math.inf)
    assert source.closed
    assert len(reader.taken) == 4


async def test_one_that_goes_ends_its_subscription(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphql_sse, "BEAT_EVERY_S", 0.01)
    closed = asyncio.Event()

    async def silent() -> AsyncGenerator[GraphQLResponse, None]:
        try:
            await asyncio.Event().wait()
            yield GraphQLResponse({})
        finally:
            closed.set()

    reader = Reader(takes=1_000_000)
    sent = asyncio.create_task(send_events(reader.receive, reader.send, silent(), math.inf))
    await asyncio.sleep(0.1)
    assert reader.taken.count(b":\n\n") > 2
    reader.gone.set()
    async with asyncio.timeout(5):
        await sent
        await closed.wait()


async def test_it_ends_with_the_callers_token() -> None:
    reader, source = Reader(takes=1_000_000), Source()
    async with asyncio.timeout(5):
        await send_events(reader.receive, reader.send, source.responses(), time.time() + 0.05)
    assert source.closed
    assert b'"code":"UNAUTHENTICATED"' in reader.taken[-1]
    assert reader.taken[-1].endswith(b"event: complete\ndata:\n\n")
