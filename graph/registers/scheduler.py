"""Drives every source on its own: one that hangs or lies takes no other with it."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import msgspec

from graph.ledger import Ledger
from graph.registers.connector import Connector
from graph.registers.polling import Taken, Terms, poll_once, told
from graph.registers.store import ConnectorStore

_LOG = logging.getLogger("machtigen.registers")
_PAGES_IN_ONE_GO_MAX = 100_000
_SLEEP_S_MAX = 0.5
"""The clock is looked at again after so long: it may be moved, and another process may have polled meanwhile."""
_AFTER_ACCIDENT_S = 5.0
_FIRST_ROUND_S = 10.0
"""How long the sources after it wait for one that does not answer."""


class Source(msgspec.Struct, frozen=True):
    """A connector and what is agreed with its source."""

    connector: Connector
    terms: Terms


def microseconds_now() -> int:
    """The clock of the machine."""
    return time.time_ns() // 1_000


class Scheduler:
    """Polls each source when it is due. `clock` gives microseconds; `chance` a number in [0, 1)."""

    def __init__(
        self,
        sources: Iterable[Source],
        ledger: Ledger,
        store: ConnectorStore,
        *,
        clock: Callable[[], int] = microseconds_now,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self.sources: Sequence[Source] = tuple(sources)
        self._ledger, self._store, self._clock, self._chance = ledger, store, clock, chance

    async def run(self) -> None:
        """Until cancelled. The first rounds begin in the order of the file, for a row may refer to another source's."""
        async with asyncio.TaskGroup() as tasks:
            before = asyncio.Event()
            before.set()
            for source in self.sources:
                spoken = asyncio.Event()
                tasks.create_task(self._in_turn(source, before, spoken), name=f"register {source.connector.name}")
                before = spoken

    async def _in_turn(self, source: Source, before: asyncio.Event, spoken: asyncio.Event) -> None:
        """Begin once the source `before` has told all it has; one that hangs keeps no other waiting for long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_ROUND_S):
                await before.wait()
        await self._follow(source, spoken)

    async def _follow(self, source: Source, spoken: asyncio.Event) -> None:
        while True:
            try:
                if self._store.health(source.connector.name).next_try > self._clock():
                    spoken.set()
                await self._until_due(source)
                taken = await self.poll(source)
                if not taken.more:
                    spoken.set()
                if taken.failed is not None or taken.recorded or taken.refused:
                    _LOG.log(logging.WARNING if taken.failed else logging.INFO, told(taken, self._clock()))
            except Exception as error:  # noqa: BLE001 - what nobody thought of must end neither the others nor a server
                spoken.set()
                self._stumbled(source.connector.name, error)
                await asyncio.sleep(_AFTER_ACCIDENT_S)

    async def _until_due(self, source: Source) -> None:
        while (wait := self._store.health(source.connector.name).next_try - self._clock()) > 0:  # noqa: ASYNC110
            await asyncio.sleep(min(wait / 1_000_000, _SLEEP_S_MAX))

    def _stumbled(self, name: str, error: Exception) -> None:
        """Told in the health as a failure; where even that cannot be kept, in the log alone."""
        said = f"{name}: {type(error).__name__} while taking it in"
        _LOG.error(said)
        with suppress(Exception):
            now = self._clock()
            self._store.failed(name, self._store.health(name).failed(now, said, self._chance))

    async def poll(self, source: Source) -> Taken:
        """One page, now."""
        return await poll_once(
            source.connector, source.terms, self._ledger, self._store, now=self._clock(), chance=self._chance
        )

    async def sync(self, source: Source, tell: Callable[[Taken], None] = lambda taken: None) -> Taken:
        """Page after page until the source has no more, or one fails (`machtigen sync NAME`)."""
        recorded = refused = 0
        for _ in range(_PAGES_IN_ONE_GO_MAX):
            taken = await self.poll(source)
            tell(taken)
            recorded += taken.recorded
            refused += taken.refused
            if taken.failed is not None or not taken.more:
                return Taken(source.connector.name, recorded, refused, failed=taken.failed)
        return Taken(source.connector.name, recorded, refused, more=True)
