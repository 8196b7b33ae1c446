"""A service with a small population, as load tests find it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from server.cli.own_service import Own, own_service

PEOPLE = 2_000


@contextmanager
def country(folder: Path, workers: int = 1) -> Iterator[Own]:
    """A service of our own, on a graph that is made for it."""
    with own_service(str(folder / "graph"), PEOPLE, 1, workers) as own:
        yield own
