"""A request that takes too long stops its query in a real Neo4j too."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from neo4j import GraphDatabase

from server.http_settings import HttpSettings
from tests.neo4j_server import Neo4jServer
from tests.resolvers.small import QUESTION
from tests.server.asking import in_process

SLOW = "UNWIND range(1, 100000000000) AS slow_number WITH slow_number WHERE slow_number < 0 RETURN count(*) AS count"
RUNNING = """SHOW TRANSACTIONS YIELD currentQuery
WHERE currentQuery CONTAINS 'slow_number' AND NOT currentQuery STARTS WITH 'SHOW' RETURN count(*) AS running"""
DECISION = {
    "query": "query($q: Question!) { decision(question: $q) { outcome } }",
    "variables": {"q": QUESTION},
}
STOPPED_WITHIN_S = 10.0


def running(server: Neo4jServer) -> int:
    """How many such queries the server works at."""
    with GraphDatabase.driver(server.uri, auth=(server.username, server.password)) as driver:
        records, _, _ = driver.execute_query(RUNNING)
    return int(records[0]["running"])


async def test_the_query_ends_with_its_request(neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = await neo4j_server.empty_graph()

    async def slow(*_: Any) -> Any:
        return await graph._connection.read(SLOW)

    monkeypatch.setattr(graph, "neighbourhood", slow)
    async with in_process(graph, http=HttpSettings(seconds_max=2.0)) as client:
        asked = asyncio.create_task(client.post("/graphql", json=DECISION))
        await asyncio.sleep(1.0)
        assert await asyncio.to_thread(running, neo4j_server) == 1
        response = await asked
        assert response.json()["errors"][0]["extensions"]["code"] == "TIMEOUT"
        deadline = time.monotonic() + STOPPED_WITHIN_S
        while await asyncio.to_thread(running, neo4j_server):
            assert time.monotonic() < deadline, "Neo4j works on for nobody"
            await asyncio.sleep(0.1)
    # the next one is answered on a connection of its own
    monkeypatch.undo()
    async with in_process(graph) as client:
        assert (await client.post("/graphql", json=DECISION)).json()["data"]["decision"]["outcome"] == "DENY"
    await graph.close()
