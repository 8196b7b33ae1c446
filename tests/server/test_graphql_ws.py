"""Subscriptions over a WebSocket, from `machtigen serve` itself, to the letter of graphql-transport-ws."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Iterator
from typing import Any

import pytest
from websockets.exceptions import InvalidStatus

from resolvers.caller import Caller
from schema.context import Context
from server import graphql_ws, sending
from server.bodies import BYTES_MAX
from server.graphql_ws import OPERATIONS_MAX, SLOW_CONSUMER, GraphQLSocket
from server.identity.door import EXPIRES
from server.identity.tokens import LEEWAY_S
from tests.resolvers.small import QUESTION
from tests.server.asking import served
from tests.server.streaming import AUTHORITY, DECISION, Socket, record, socket
from tests.server.test_running import small_world
from tests.tokens import header


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(asyncio.run(small_world(tmp_path_factory.mktemp("ws") / "g")), "--workers", "2") as (url, _):
        yield url


def mandate(name: str, represented: str) -> dict[str, Any]:
    return {
        "fact": "authority",
        "id": name,
        "kind": "VOLUNTARY_MANDATE",
        "representative": "clerk",
        "represented": represented,
        "services": ["h1/record"],
        "valid_from": "2020-01-01",
    }


async def test_several_operations_on_one_connection(url: str) -> None:
    async with socket(url) as ws:
        await ws.begin()
        await ws.subscribe("d", DECISION, question={**QUESTION, "represented": "father"})
        first = await ws.receive()
        assert (first["id"], first["type"]) == ("d", "next")
        await ws.subscribe("a", AUTHORITY, represented="client")
        await ws.subscribe("q", '{ provider(id: "h1") { id } }')
        assert await ws.receive() == {"id": "q", "type": "next", "payload": {"data": {"provider": {"id": "h1"}}}}
        assert await ws.receive() == {"id": "q", "type": "complete"}
        await asyncio.sleep(0.1)
        token = await record(url, mandate("w1", "client"))
        change = await ws.receive()
        assert (change["id"], change["payload"]["data"]["authorityChanged"]["asOf"]) == ("a", token)
        await ws.send(id="a", type="complete")
        await asyncio.sleep(0.1)
        await record(url, mandate("w2", "client"))
        await ws.subscribe("a", '{ provider(id: "t1") { id } }')  # the id is free again
        assert (await ws.receive())["payload"] == {"data": {"provider": {"id": "t1"}}}


async def test_a_mutation_wakes_the_subscriptions_of_its_worker(url: str) -> None:
    recording = "mutation($facts: [JSON!]!) { recordFacts(facts: $facts) { recorded } }"
    renamed = {"fact": "provider", "id": "t1", "sector": "TAX", "status": "LIVE", "name": "Taxes"}
    async with socket(url) as ws:
        await ws.begin("OPERATOR")
        await ws.subscribe("a", 'subscription { providerChanged(id: "t1") { id } }')
        await asyncio.sleep(0.2)
        await ws.subscribe("m", recording, facts=[renamed])
        told = [await ws.receive() for _ in range(3)]
        assert sorted((each["id"], each["type"]) for each in told) == [("a", "next"), ("m", "complete"), ("m", "next")]


async def test_errors_end_an_operation_and_not_the_connection(url: str) -> None:
    async with socket(url) as ws:
        await ws.begin()
        for query, variables, code in (
            ("subscription { x }", {}, "GRAPHQL_VALIDATION_FAILED"),
            ("subscription {", {}, "GRAPHQL_PARSE_FAILED"),
            (AUTHORITY, {"represented": "child", "after": "x"}, "BAD_TOKEN"),
        ):
            await ws.subscribe("1", query, **variables)
            told = await ws.receive()
            assert (told["id"], told["type"]) == ("1", "error")
            assert told["payload"][0]["extensions"]["code"] == code
        await ws.send(type="ping")
        assert await ws.receive() == {"type": "pong"}


async def test_as_many_operations_as_a_connection_takes(url: str) -> None:
    async with socket(url) as ws:
        await ws.begin()
        for number in range(OPERATIONS_MAX + 1):
            await ws.subscribe(str(number), AUTHORITY, represented="father")
        told = await ws.receive()
        assert (told["id"], told["type"]) == (str(OPERATIONS_MAX), "error")
        assert told["payload"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"


async def say(ws: Socket, *messages: Any) -> tuple[int | None, str]:
    for message in messages:
        await (ws.send(**message) if isinstance(message, dict) else ws.connection.send(message))
    return await ws.closed()


INIT = {"type": "connection_init"}
SUBSCRIBE = {"type": "subscribe", "id": "1", "payload": {"query": AUTHORITY, "variables": {"represented": "child"}}}


@pytest.mark.parametrize(
    ("messages", "code", "reason"),
    [
        ((SUBSCRIBE,), 4401, "Unauthorized"),
        ((INIT, INIT), 4429, "Too many initialisation requests"),
        ((INIT, SUBSCRIBE, SUBSCRIBE), 4409, "Subscriber for 1 already exists"),
        ((INIT, "{"), 4400, "Invalid message"),
        ((INIT, "[]"), 4400, "Invalid message"),
        ((INIT, b"{}"), 4400, "Invalid message"),
        ((INIT, {"type": "start"}), 4400, "Invalid message"),
        ((INIT, {**SUBSCRIBE, "id": ""}), 4400, "Invalid message"),
        ((INIT, {**SUBSCRIBE, "id": "x" * 201}), 4400, "Invalid message"),
        ((INIT, {**SUBSCRIBE, "payload": {}}), 4400, "Invalid message"),
        ((INIT, "x" * (BYTES_MAX + 1)), 1009, "a message has at most"),
    ],
)
async def test_what_closes_a_connection(url: str, messages: tuple[Any, ...], code: int, reason: str) -> None:
    async with socket(url) as ws:
        closed, said = await say(ws, *messages)
    assert closed == code
    assert said.startswith(reason)


async def test_another_subprotocol(url: str) -> None:
    async with socket(url, subprotocols=None) as ws:
        assert (await ws.closed())[0] == 4406


async def test_a_page_of_another_site_may_not_connect(url: str) -> None:
    for headers in ({"origin": "https://example.org"}, {"origin": "null"}):
        with pytest.raises(InvalidStatus) as refused:
            async with socket(url, additional_headers=headers):
                pass
        assert refused.value.response.status_code == 403
    async with socket(url, additional_headers={"origin": url}) as ws:
        await ws.begin()


async def test_another_hosts_name_is_no_name_of_ours(url: str) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
    upgrade = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: eA==\r\n"
    writer.write(f"GET /graphql HTTP/1.1\r\nhost: example.org\r\n{upgrade}\r\n".encode())
    assert (await reader.readline()).startswith(b"HTTP/1.1 403 ")
    writer.close()


async def test_what_a_browser_cannot_say_in_a_header_it_says_when_it_begins(url: str) -> None:
    text = "query($q: Question!) { decision(question: $q) { reasons { text } } }"
    for name, language, said in (("authorization", "en", "You hold"), ("Authorization", "nl", "U hebt")):
        async with socket(url, additional_headers={"accept-language": "de"}) as ws:
            payload = {name: header("CITIZEN", sub="mother")["authorization"], "Accept-Language": language, "x": 1}
            await ws.send(type="connection_init", payload=payload)
            assert await ws.receive() == {"type": "connection_ack"}
            await ws.subscribe("1", text, q={**QUESTION, "represented": "child"})
            answer = (await ws.receive())["payload"]["data"]["decision"]["reasons"][0]["text"]
            assert answer.startswith(said)


# by itself, with a client of our making


class Client:
    """Says what it is given, takes `takes` messages, then none until `free` is set."""

    def __init__(self, *said: dict[str, Any], takes: int = 1_000_000) -> None:
        self.taken: list[dict[str, Any]] = []
        self.free = asyncio.Event()
        self._said, self._takes = [{"type": "websocket.connect"}, *said], takes

    async def receive(self) -> dict[str, Any]:
        if not self._said:
            await asyncio.Event().wait()
        return self._said.pop(0)

    async def send(self, message: Any) -> None:
        if len(self.taken) == self._takes:
            await self.free.wait()
        self.taken.append(message)


async def somebody(scope: Any) -> Context:
    scope[EXPIRES] = math.inf
    ledger: Any = None
    return Context(ledger, caller=Caller("EXPLORER"))


SCOPE = {"type": "websocket", "subprotocols": [graphql_ws.SUBPROTOCOL], "headers": []}


async def test_one_that_does_not_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphql_ws, "INIT_SECONDS_MAX", 0.05)
    client = Client({"type": "websocket.receive", "text": '{"type":"ping"}'})
    async with asyncio.timeout(5):
        await GraphQLSocket(somebody)(SCOPE, client.receive, client.send)
    assert client.taken[-1]["code"] == 4408


async def test_one_that_does_not_read_is_closed_with_a_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "SECONDS_MAX", 0.1)
    monkeypatch.setattr(graphql_ws, "BEAT_EVERY_S", 0.01)
    client = Client({"type": "websocket.receive", "text": '{"type":"connection_init"}'}, takes=3)
    connection = asyncio.create_task(GraphQLSocket(somebody)(SCOPE, client.receive, client.send))
    await asyncio.sleep(0.2)
    client.free.set()
    async with asyncio.timeout(5):
        await connection
    assert client.taken[-1]["code"] == SLOW_CONSUMER
    assert client.taken[-1]["reason"].startswith("nothing was read for too long")


async def test_it_ends_with_the_callers_token(url: str) -> None:
    async with socket(url, additional_headers=None) as ws:
        await ws.begin(exp=int(time.time()) - LEEWAY_S + 2)
        await ws.subscribe("a", AUTHORITY, represented="client")
        assert await ws.closed() == (4401, "Unauthorized: the token has expired; connect anew")


@pytest.mark.parametrize(
    ("payload", "code"),
    [(None, 4401), ({}, 4401), ({"authorization": "Bearer nonsense"}, 4401), ({"authorization": 1}, 4400), ([], 4400)],
)
async def test_without_a_good_token(url: str, payload: Any, code: int) -> None:
    async with socket(url, additional_headers=None) as ws:
        await ws.send(type="connection_init", payload=payload)
        assert (await ws.closed())[0] == code
