"""A real Neo4j for tests: one server a session, empty for each test.

It is the one at NEO4J_URI (with NEO4J_USERNAME and NEO4J_PASSWORD) where that is set, else one started here on free
ports in a temporary folder. Where neither works the tests fail in one line: a suite that skips them says nothing.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import pytest
from msgspec.structs import replace
from neo4j import GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from graph.errors import LedgerUnavailable
from graph.ledger import Ledger
from graph.local_neo4j import Home as LocalHome
from graph.local_neo4j import Settings, start
from graph.neo4j_graph import Neo4jGraph
from graph.neo4j_graph.connection import Connection
from graph.neo4j_graph.migrating import ledger_in

_MARK = "machtigen_tests"
_WIPE = "MATCH (n) WHERE NOT n:Migration DETACH DELETE n"


class Neo4jServer(NamedTuple):
    """`pid`: of the server where it was started here, so that its CPU time can be read."""

    uri: str
    username: str
    password: str
    pid: int | None = None

    async def empty_graph(self) -> Neo4jGraph:
        """A graph without facts."""
        self.wipe()
        return await self.graph()

    async def graph(self) -> Neo4jGraph:
        """The graph that is there."""
        return await Neo4jGraph.connect(self.uri, username=self.username, password=self.password)

    def end(self) -> None:
        """End it at once where it was started here; its store is thrown away."""
        if self.pid is not None:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)

    def wipe(self) -> None:
        """Remove every node but the record of migrations."""
        with GraphDatabase.driver(self.uri, auth=(self.username, self.password)) as driver:
            driver.execute_query(_WIPE)


class Neo4jHome:
    """See `tests.contracts.homes.Home`. The connection stays while the ledger in it is emptied."""

    def __init__(self, server: Neo4jServer) -> None:
        self._server = server
        self._connection: Connection | None = None
        self._graph: Neo4jGraph | None = None

    @property
    def address(self) -> str:
        return self._server.uri

    async def empty(self) -> Ledger:
        server = self._server
        if self._connection is None:
            self._connection = await Connection.open(
                server.uri, username=server.username, password=server.password, database=None
            )
        await self._connection.run_alone(_WIPE)
        return Neo4jGraph(self._connection, await ledger_in(self._connection), read_only=False)

    async def again(self) -> Ledger:
        await self.close()
        self._graph = await self._server.graph()
        return self._graph

    async def close(self) -> None:
        if self._graph is not None:
            await self._graph.close()
        if self._connection is not None:
            await self._connection.close()
        self._graph = self._connection = None


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def started_in(folder: Path, settings: Settings | None = None) -> Neo4jServer:
    """A server in this folder that ends when this process does."""
    bolt, http = free_ports(2)
    # little memory and the quick compiler alone: it is up sooner, and most tests do little
    settings = settings or Settings(heap_mib=512, page_cache_mib=64, java_options=("-XX:TieredStopAtLevel=1",))
    home = LocalHome(folder)
    server = start(home, replace(settings, bolt_port=bolt, http_port=http), tied=True)
    return Neo4jServer(server.uri, "neo4j", home.password(), server.pid)


def given() -> Neo4jServer | None:
    """The server that the environment names, if this suite may empty its database."""
    uri = os.environ.get("NEO4J_URI")
    if not uri:
        return None
    server = Neo4jServer(uri, os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ.get("NEO4J_PASSWORD", ""))
    auth = (server.username, server.password)
    with GraphDatabase.driver(uri, auth=auth, max_transaction_retry_time=3) as driver:
        marked = driver.execute_query("SHOW INDEXES YIELD name WHERE name = $mark RETURN name", mark=_MARK).records
        if not marked and driver.execute_query("MATCH (n) RETURN n LIMIT 1").records:
            raise LedgerUnavailable(f"NEO4J_URI: {uri} holds something, and tests empty it: give an empty database")
        driver.execute_query("CREATE INDEX machtigen_tests IF NOT EXISTS FOR (n:MachtigenTests) ON (n.id)")
    return server


@pytest.fixture(scope="session")
def neo4j_server() -> Iterator[Neo4jServer]:
    """One real server for the whole session."""
    folder = Path(tempfile.mkdtemp(prefix="machtigen-neo4j-"))
    server = None
    with pytest.MonkeyPatch.context() as patch:
        try:
            server = given() or started_in(folder)
            patch.setenv("NEO4J_USERNAME", server.username)
            patch.setenv("NEO4J_PASSWORD", server.password)
            yield server
        except (LedgerUnavailable, Neo4jError, DriverError) as error:
            pytest.fail(f"no Neo4j to test with: {error}", pytrace=False)
        finally:
            if server is not None:
                server.end()
            shutil.rmtree(folder)


@pytest.fixture
async def neo4j_graph(neo4j_server: Neo4jServer) -> AsyncIterator[Neo4jGraph]:
    """A graph without facts."""
    graph = await neo4j_server.empty_graph()
    yield graph
    await graph.close()
