"""Where the contract's cases run: a home is one kind of graph that can be emptied, closed and opened again."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from graph.embedded import EmbeddedGraph
from graph.ledger import Ledger
from graph.replica import Replica, open_replica


class Home(Protocol):
    """`address` is what `graph.opening.open_ledger` opens, also in another process."""

    @property
    def address(self) -> str: ...

    async def empty(self) -> Ledger:
        """An empty ledger; the one before it is closed and gone."""
        ...

    async def again(self) -> Ledger:
        """The same ledger, closed and opened again."""
        ...

    async def close(self) -> None: ...


class EmbeddedHome:
    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._files = 0
        self._open: EmbeddedGraph | None = None

    @property
    def address(self) -> str:
        return str(self._directory / f"{self._files}.graph")

    async def empty(self) -> Ledger:
        await self.close()
        self._files += 1
        return await self.again()

    async def again(self) -> Ledger:
        await self.close()
        self._open = EmbeddedGraph.open(self.address)
        return self._open

    async def close(self) -> None:
        if self._open is not None:
            await self._open.close()
            self._open = None


class ReplicaHome:
    """A copy that follows a record; here both are files, with a real Neo4j see tests/graph/replica."""

    def __init__(self, directory: Path) -> None:
        self._record, self._folder = EmbeddedHome(directory), directory / "replica"
        self._open: Replica | None = None

    @property
    def address(self) -> str:
        return self._record.address

    async def empty(self) -> Ledger:
        await self.close()
        return await self._over(await self._record.empty())

    async def again(self) -> Ledger:
        await self.close()
        return await self._over(await self._record.again())

    async def _over(self, record: Ledger) -> Ledger:
        self._open = await open_replica(record, self._folder)
        return self._open

    async def close(self) -> None:
        if self._open is not None:
            await self._open.close()
            self._open = None
