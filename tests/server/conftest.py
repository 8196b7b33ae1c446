from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from tests.contracts.conftest import home
from tests.resolvers.small import fill
from tests.server.asking import in_process

__all__ = ["client", "home", "ledger"]


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[EmbeddedGraph]:
    """The small world in a real graph."""
    graph = EmbeddedGraph.open(str(tmp_path / "graph"))
    await fill(graph)
    yield graph
    await graph.close()


@pytest.fixture
async def client(ledger: EmbeddedGraph) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application over the small world."""
    async with in_process(ledger) as made:
        yield made
