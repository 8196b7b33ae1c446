"""What most of these tests have: an empty graph, and the connectors' store beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from graph.embedded import EmbeddedGraph
from graph.registers.store import ConnectorStore


@pytest.fixture
async def ledger(tmp_path: Path) -> AsyncIterator[EmbeddedGraph]:
    graph = EmbeddedGraph.open(tmp_path / "graph")
    yield graph
    await graph.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ConnectorStore]:
    opened = ConnectorStore(tmp_path / "connectors.sqlite")
    yield opened
    opened.close()
