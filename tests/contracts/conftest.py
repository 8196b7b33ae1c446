"""Every case of this folder runs on every kind of graph."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.ledger import Ledger
from tests.contracts.homes import EmbeddedHome, Home, ReplicaHome
from tests.neo4j_server import Neo4jHome


@pytest.fixture(params=["embedded", "replica", "neo4j"])
async def home(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Home]:
    made: Home
    match request.param:
        case "neo4j":
            made = Neo4jHome(request.getfixturevalue("neo4j_server"))
        case "replica":
            made = ReplicaHome(tmp_path)
        case _:
            made = EmbeddedHome(tmp_path)
    yield made
    await made.close()


@pytest.fixture
async def ledger(home: Home) -> Ledger:
    """An empty one."""
    return await home.empty()
