"""Open the ledger that a path or address names."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from graph.embedded import EmbeddedGraph
from graph.errors import LedgerUnavailable
from graph.ledger import Ledger

DEFAULT_GRAPH: Final = ".machtigen/graph"
_SCHEMES: Final = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


def is_neo4j(graph: str) -> bool:
    """Whether this is the address of a Neo4j and no path."""
    return graph.partition("://")[0] in _SCHEMES and "://" in graph


async def open_ledger(graph: str, *, read_only: bool = False, create: bool = True, whole: bool = False) -> Ledger:
    """The graph at a path, or the Neo4j at an address (`neo4j://`, `bolt://`, also `+s` and `+ssc`).

    The name and password of a Neo4j come from NEO4J_USERNAME (else `neo4j`) and NEO4J_PASSWORD. `create` False: a path
    where no graph is, is an error. `whole`: of a file, look at every page first, for who reads or writes much of it.
    Raises LedgerUnavailable with one line that says why.
    """
    if is_neo4j(graph):
        from graph.neo4j_graph import Neo4jGraph  # noqa: PLC0415 - the driver takes a while to load

        username, password = os.environ.get("NEO4J_USERNAME", "neo4j"), os.environ.get("NEO4J_PASSWORD", "")
        return await Neo4jGraph.connect(graph, username=username, password=password, read_only=read_only)
    if "://" in graph:
        known = ", ".join(_SCHEMES)
        raise LedgerUnavailable(f"{graph.partition('://')[0]}://: no such kind of graph; a path, or one of {known}")
    if graph == DEFAULT_GRAPH and create and not read_only:
        Path(graph).parent.mkdir(exist_ok=True)  # another's folder is for its owner to make: a path may be mistyped
    return EmbeddedGraph.open(graph, read_only=read_only, create=create and not read_only, whole=whole)
