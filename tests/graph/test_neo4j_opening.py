"""Opening: what is no Machtigen graph, no Neo4j, or no address, gets one line."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from msgspec.structs import replace

from authority.facts import Authority
from graph.errors import ForeignLedger, LedgerUnavailable
from graph.ledger import Token
from graph.neo4j_graph import Neo4jGraph
from graph.neo4j_graph.connection import _check_version
from graph.neo4j_graph.queries import migrations
from graph.opening import open_ledger
from tests.neo4j_server import Neo4jServer, free_ports


async def test_open_ledger_opens_it(neo4j_graph: Neo4jGraph, neo4j_server: Neo4jServer) -> None:
    ledger = await open_ledger(neo4j_server.uri)
    assert await ledger.head() == await neo4j_graph.head()
    await ledger.close()


async def test_nobody_listens() -> None:
    (port,) = free_ports(1)
    for scheme in ("bolt", "neo4j"):
        with pytest.raises(LedgerUnavailable, match=f"{scheme}://127.0.0.1:{port}: no Neo4j can be reached") as error:
            await Neo4jGraph.connect(f"{scheme}://127.0.0.1:{port}", username="neo4j", password="x")
        assert "\n" not in str(error.value)


async def test_something_else_listens() -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(20)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(LedgerUnavailable) as error:
        await Neo4jGraph.connect(f"bolt://127.0.0.1:{port}", username="neo4j", password="x")
    assert "\n" not in str(error.value)
    server.close()
    await server.wait_closed()


async def test_a_wrong_password(neo4j_server: Neo4jServer) -> None:
    with pytest.raises(LedgerUnavailable, match="refuses this user name or password") as error:
        await Neo4jGraph.connect(neo4j_server.uri, username="neo4j", password="not-the-one")
    assert "not-the-one" not in str(error.value)


@pytest.mark.parametrize("uri", ["neo4j://", "neo4j://127.0.0.1:99999", "bolt://127.0.0.1:port", "neo4j://h?x"])
async def test_no_address(uri: str) -> None:
    with pytest.raises(LedgerUnavailable) as error:
        await Neo4jGraph.connect(uri, username="neo4j", password="x")
    assert "\n" not in str(error.value)


async def test_no_such_database(neo4j_server: Neo4jServer) -> None:
    with pytest.raises(LedgerUnavailable, match="no such database"):
        await Neo4jGraph.connect(
            neo4j_server.uri, username="neo4j", password=neo4j_server.password, database="elsewhere"
        )


@pytest.mark.parametrize("agent", ["Neo4j/4.4.40", "Neo4j/5.25.1", "Neo4j/5.9.0", "Memgraph/3.0", ""])
def test_too_old_or_no_neo4j(agent: str) -> None:
    with pytest.raises(LedgerUnavailable, match=r"5\.26 or later is needed"):
        _check_version("neo4j://h", agent)


@pytest.mark.parametrize("agent", ["Neo4j/5.26.0", "Neo4j/5.26.30", "Neo4j/5.27-aura", "Neo4j/2026.08.1"])
def test_new_enough(agent: str) -> None:
    _check_version("neo4j://h", agent)


async def changed(server: Neo4jServer, query: str, **parameters: Any) -> None:
    graph = await server.graph()
    await graph._connection.run_alone(query, **parameters)
    await graph.close()


async def test_a_database_of_somebody_else(neo4j_server: Neo4jServer) -> None:
    neo4j_server.wipe()
    await changed(neo4j_server, "MATCH (n) DETACH DELETE n")
    graph = await neo4j_server.graph()
    await graph._connection.run_alone("MATCH (n) DETACH DELETE n")
    await graph._connection.run_alone("CREATE (:Film {title: 'Spetters'})")
    with pytest.raises(ForeignLedger, match="holds something that is no Machtigen graph"):
        await neo4j_server.graph()
    assert await graph._connection.read("MATCH (n) RETURN labels(n) AS labels") == [{"labels": ["Film"]}]
    await graph._connection.run_alone("MATCH (n) DETACH DELETE n")
    await graph.close()


async def test_a_graph_of_a_later_version(neo4j_server: Neo4jServer) -> None:
    await changed(neo4j_server, "CREATE (:Migration {number: 999})")
    with pytest.raises(ForeignLedger, match=r"later version of Machtigen \(migration 999\)"):
        await neo4j_server.graph()
    neo4j_driver_wipe(neo4j_server)


def neo4j_driver_wipe(server: Neo4jServer) -> None:
    from neo4j import GraphDatabase

    with GraphDatabase.driver(server.uri, auth=(server.username, server.password)) as driver:
        driver.execute_query("MATCH (m:Migration {number: 999}) DELETE m")


async def test_migrations_are_recorded_and_completed(neo4j_graph: Neo4jGraph, neo4j_server: Neo4jServer) -> None:
    token = await neo4j_graph.head()
    recorded = "MATCH (m:Migration) RETURN m.number AS number, m.name AS name ORDER BY number"
    wanted = [{"number": migration.number, "name": migration.name} for migration in migrations()]
    assert await neo4j_graph._connection.read(recorded) == wanted
    await neo4j_graph._connection.run_alone("MATCH (m:Migration) DELETE m")
    again = await neo4j_server.graph()
    assert await again._connection.read(recorded) == wanted
    assert await again.head() == token
    await again.close()


async def test_a_graph_from_before_authorities_were_counted(neo4j_graph: Neo4jGraph, neo4j_server: Neo4jServer) -> None:
    """They are counted once, when it is opened."""
    facts = [
        Authority(id=id_, kind="CURATELE", representative="m", represented="p", register=register, retracted=retracted)
        for id_, register, retracted in (
            ("a", "CCBR", False),
            ("b", "CCBR", False),
            ("c", "COURT", False),
            ("d", "COURT", True),
        )
    ]
    await neo4j_graph.append(facts)
    await neo4j_graph._connection.run_alone(
        "MATCH (l:Ledger), (m:Migration {number: 2}) REMOVE l.stated_registers, l.stated_authorities DELETE m"
    )
    again = await neo4j_server.graph()
    assert await again.authorities_stated() == {"CCBR": 2, "COURT": 1}
    await again.append([replace(facts[0], register="COURT", recorded_at=1)])
    assert await again.authorities_stated() == {"CCBR": 1, "COURT": 2}
    await again.close()


async def test_many_that_come_first_at_once_make_one_ledger(neo4j_server: Neo4jServer) -> None:
    graph = await neo4j_server.graph()
    await graph._connection.run_alone("MATCH (n) DETACH DELETE n")
    graphs = await asyncio.gather(*(neo4j_server.graph() for _ in range(6)))
    heads: set[Token] = {await each.head() for each in graphs}
    assert len(heads) == 1
    for each in (graph, *graphs):
        await each.close()


async def test_nothing_is_made_by_who_only_reads(neo4j_server: Neo4jServer) -> None:
    graph = await neo4j_server.graph()
    await graph._connection.run_alone("MATCH (n) DETACH DELETE n")
    with pytest.raises(LedgerUnavailable, match="no graph there yet"):
        await Neo4jGraph.connect(
            neo4j_server.uri, username=neo4j_server.username, password=neo4j_server.password, read_only=True
        )
    assert await graph._connection.read("MATCH (n) RETURN n") == []
    await graph.close()
