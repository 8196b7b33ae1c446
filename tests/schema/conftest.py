from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from graph.embedded import EmbeddedGraph
from tests.resolvers.small import fill


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[EmbeddedGraph]:
    """The small world in a real graph."""
    graph = EmbeddedGraph.open(str(tmp_path / "graph"))
    await fill(graph)
    yield graph
    await graph.close()
