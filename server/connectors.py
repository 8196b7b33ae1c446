"""The registers' connectors in a server: every worker knows them, and one worker of all drives them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final

import httpx
import msgspec

from graph.ledger import Ledger
from graph.registers.configuration import sources_of
from graph.registers.parts import Parts
from graph.registers.scheduler import Scheduler, Source
from graph.registers.store import ConnectorStore
from graph.turn import Turn

_TURN_EVERY_S: Final = 1.0
"""How often a worker that does not drive the connectors looks whether it is its turn."""


def turn_path(store: Path) -> Path:
    """The lock of those who drive the connectors that remember in this store."""
    return Path(f"{store}.lock")


class SourcesFile(msgspec.Struct, frozen=True, kw_only=False):
    """Where the sources stand, where their connectors remember, and the environment that holds their secrets."""

    path: Path
    store: Path
    environment: Mapping[str, str]
    dev: bool = False


class Connectors(msgspec.Struct, frozen=True):
    """The sources of a server and what their connectors remember; the same in all its workers."""

    sources: Sequence[Source]
    store: ConnectorStore


@asynccontextmanager
async def opened(file: SourcesFile, ledger: Ledger, clock: Callable[[], int]) -> AsyncIterator[Connectors]:
    """The connectors, ready to be driven. Raises BadConfiguration, naming file, source and key."""
    store = ConnectorStore(file.store)
    try:
        async with httpx.AsyncClient(follow_redirects=False) as client:
            parts = Parts(ledger, store, client, file.environment, file.path.parent, clock, file.dev)
            yield Connectors(sources_of(file.path, parts), store)
    finally:
        store.close()


@asynccontextmanager
async def followed(file: SourcesFile, ledger: Ledger, clock: Callable[[], int]) -> AsyncIterator[Connectors]:
    """The connectors, driven by whichever worker has the turn; what is under way at the end is broken off.

    Broken off is harmless: what is not durable yet is asked for again (`graph.registers.polling`).
    """
    async with opened(file, ledger, clock) as connectors:
        turn = Turn(turn_path(file.store))
        scheduler = Scheduler(connectors.sources, ledger, connectors.store, clock=clock)
        driving = asyncio.create_task(_drive(turn, scheduler), name="registers")
        try:
            yield connectors
        finally:
            driving.cancel()
            with suppress(asyncio.CancelledError):
                await driving
            turn.give_up()


async def _drive(turn: Turn, scheduler: Scheduler) -> None:
    await turn.wait(_TURN_EVERY_S)
    await scheduler.run()
