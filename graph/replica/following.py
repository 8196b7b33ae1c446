"""Following: the record's positions into the copy, each at its own place, held against the record's chain."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import Final

from authority.facts import Fact
from graph.chain import content_hash
from graph.embedded import EmbeddedGraph
from graph.errors import DamagedLedger, GraphError, LedgerUnavailable
from graph.intake import fact_of_line
from graph.ledger import Ledger
from graph.replica.heard import Heard
from graph.turn import Turn

log = logging.getLogger("machtigen.replica")
EVERY_S: Final = 0.02
"""How often the record is asked for something new while nothing is; a write of this process is followed at once."""
_RETRY_S: Final = (0.05, 1.0)
_TURN_EVERY_S: Final = 0.5
_TOGETHER: Final = 5_000


class Follower:
    """Of all processes that share the copy, the one that has the turn drives it."""

    def __init__(self, record: Ledger, copy: EmbeddedGraph, heard: Heard, turn: Turn) -> None:
        self._record, self._copy, self._heard, self._turn = record, copy, heard, turn
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """The record has something new."""
        self._woken.set()

    async def run(self) -> None:
        """Until cancelled, or until the copy turns out not to be one; from then on only the record answers."""
        await self._turn.wait(_TURN_EVERY_S)
        retry = _RETRY_S[0]
        while True:
            self._woken.clear()
            try:
                await self.catch_up()
            except DamagedLedger as wrong:
                self._heard.set(0)
                log.critical("the replica is no copy of its record, which answers alone from now on: %s", wrong)
                return
            except GraphError as wrong:
                log.warning("the replica cannot follow: %s", wrong)
                await asyncio.sleep(retry)
                retry = min(retry * 2, _RETRY_S[1])
                continue
            retry = _RETRY_S[0]
            with suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await self._woken.wait()

    async def catch_up(self) -> None:
        """Take in what is new, up to the record's newest position. Raises DamagedLedger for what is no copy of it."""
        asked_at = Heard.now()
        newest, link = await self._record.chained()
        here, own_link = await self._copy.chained()
        if newest.ledger != here.ledger or newest.position < here.position:
            raise DamagedLedger(f"it is at {here}, its record at {newest}")
        position, facts = here.position, list[Fact]()
        async for change in self._record.changes(position, newest.position - position):
            if content_hash(change.line) != change.hash:
                raise DamagedLedger(f"position {change.position} of the record does not match its hash")
            facts.append(fact_of_line(change.line))
            if len(facts) == _TOGETHER:
                position = await self._take_in(facts, position)
                facts = []
        if facts:
            position = await self._take_in(facts, position)
        if position != newest.position:
            raise LedgerUnavailable(f"the record's changes end at {position}, before {newest.position}")
        if position != here.position:
            _, own_link = await self._copy.chained()
        if own_link != link:
            raise DamagedLedger(f"its chain at position {position} is not its record's")
        self._heard.set(asked_at)

    async def _take_in(self, facts: list[Fact], position: int) -> int:
        appended = await self._copy.append(facts)
        if appended.token.position != position + len(facts):
            raise DamagedLedger(f"of {len(facts)} positions after {position} it took {appended.recorded}")
        return appended.token.position
