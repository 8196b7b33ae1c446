"""Opening: a path or an address; what is wrong is one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.embedded import EmbeddedGraph
from graph.errors import LedgerUnavailable
from graph.opening import is_neo4j, open_ledger


async def test_a_path_is_an_embedded_graph(tmp_path: Path) -> None:
    path = str(tmp_path / "graph")
    ledger = await open_ledger(path)
    assert isinstance(ledger, EmbeddedGraph)
    token = await ledger.head()
    await ledger.close()
    again = await open_ledger(path, read_only=True)
    assert await again.head() == token
    await again.close()


@pytest.mark.parametrize("options", [{"read_only": True}, {"create": False}])
async def test_reading_makes_nothing(tmp_path: Path, options: dict[str, bool]) -> None:
    with pytest.raises(LedgerUnavailable):
        await open_ledger(str(tmp_path / "graph"), **options)
    assert not (tmp_path / "graph").exists()


async def test_an_unknown_kind_of_address() -> None:
    with pytest.raises(LedgerUnavailable, match="postgres://: no such kind of graph"):
        await open_ledger("postgres://127.0.0.1")


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        ("neo4j://127.0.0.1", True),
        ("bolt+s://127.0.0.1:7687", True),
        ("neo4j", False),
        (".machtigen/graph", False),
        ("neo4j/graph", False),
    ],
)
def test_which_addresses_are_neo4j(graph: str, expected: bool) -> None:
    assert is_neo4j(graph) is expected
