"""A service with a small population, as load tests find it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.server.asking import served
from tests.server.cli.commands import machtigen

PEOPLE = 2_000


@contextmanager
def country(folder: Path, *arguments: str) -> Iterator[str]:
    """Its URL."""
    with serving(filled(folder), *arguments) as url:
        yield url


def filled(folder: Path) -> str:
    """A graph with the population."""
    facts, graph = str(folder / "facts.jsonl"), str(folder / "graph")
    assert machtigen("population", "--people", str(PEOPLE), "--no-names", "--out", facts).status == 0
    assert machtigen("import", "--graph", graph, facts).status == 0
    return graph


@contextmanager
def serving(graph: str, *arguments: str) -> Iterator[str]:
    with served(graph, *arguments) as (url, _):
        yield url
