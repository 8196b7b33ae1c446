"""Follow a running server: over a WebSocket as any `graphql-transport-ws` client does, or as an event stream."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from tests.tokens import BY_WHAT_IS_ASKED, header

SUBPROTOCOL = Subprotocol("graphql-transport-ws")
SECONDS_MAX = 60.0

DECISION = """subscription($question: Question!, $after: String) { decisionChanged(question: $question, after: $after) {
    cause resume decision { outcome reason asOf } } }"""
AUTHORITY = """subscription($represented: ID!, $after: String) {
    authorityChanged(represented: $represented, after: $after) { id asOf } }"""
RECORD = """mutation($facts: [JSON!]!) { recordFacts(facts: $facts) { asOf userErrors { message } } }"""


class Socket:
    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def send(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def receive(self) -> dict[str, Any]:
        """The next message but the server's pings."""
        async with asyncio.timeout(SECONDS_MAX):
            while True:
                message: dict[str, Any] = json.loads(await self.connection.recv())
                if message["type"] != "ping":
                    return message

    async def subscribe(self, name: str, query: str, **variables: Any) -> None:
        await self.send(id=name, type="subscribe", payload={"query": query, "variables": variables})

    async def begin(self, role: str = "EXPLORER", **said: Any) -> None:
        await self.send(type="connection_init", payload=header(role, **said))
        assert await self.receive() == {"type": "connection_ack"}

    async def closed(self) -> tuple[int | None, str]:
        """Why the server closed it, whatever it said before."""
        async with asyncio.timeout(SECONDS_MAX):
            with suppress(ConnectionClosed):
                while True:
                    await self.connection.recv()
        return self.connection.close_code, self.connection.close_reason or ""


@asynccontextmanager
async def socket(url: str, **settings: Any) -> AsyncIterator[Socket]:
    address = url.replace("http", "ws", 1) + "/graphql"
    given: dict[str, Any] = {"subprotocols": [SUBPROTOCOL], "additional_headers": header("EXPLORER")} | settings
    async with connect(address, **given) as connection:
        yield Socket(connection)


@asynccontextmanager
async def events(url: str, query: str, **variables: Any) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
    """The events of one operation: their name and data."""
    body = {"query": query, "variables": variables}
    headers = {"accept": "text/event-stream"}
    async with (
        httpx.AsyncClient(timeout=SECONDS_MAX, auth=BY_WHAT_IS_ASKED) as client,
        client.stream("POST", f"{url}/graphql", json=body, headers=headers) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        yield _events(response)


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, Any]]:
    name = ""
    async for line in response.aiter_lines():
        field, _, value = line.partition(":")
        if field == "event":
            name = value.strip()
        elif field == "data":
            yield name, json.loads(value) if value.strip() else None


async def record(url: str, *facts: dict[str, Any]) -> str:
    """Record them over HTTP; the ledger token."""
    async with httpx.AsyncClient(timeout=SECONDS_MAX, auth=BY_WHAT_IS_ASKED) as client:
        response = await client.post(f"{url}/graphql", json={"query": RECORD, "variables": {"facts": list(facts)}})
    done = response.json()["data"]["recordFacts"]
    assert done["userErrors"] == []
    return str(done["asOf"])
