"""`Replica`: the ledger's protocol over a record and its copy. Writes go to the record, questions to the copy.

The copy answers while it is at most `lag_max` behind, and never before what this process has itself written. Where it
cannot, the record does; where neither can, decisions are INDETERMINATE `LEDGER_BEHIND` (`resolvers.decisions`).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final, Literal

from authority.codes import FactType
from authority.facts import Fact, Register
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.embedded import EmbeddedGraph
from graph.errors import LedgerUnavailable
from graph.ledger import NOW, Appended, Change, Ledger, Subgraph, Token, Verification, View
from graph.replica.following import Follower
from graph.replica.heard import Heard
from graph.turn import Turn

log = logging.getLogger("machtigen.replica")
LAG_MAX_S: Final = 2.0
"""Seconds, unless MACHTIGEN_REPLICA_LAG_MAX says otherwise."""
_LAG_HIGHEST_S: Final = 3_600.0
_WAIT_S: Final = 0.05
"""How long a question waits for the copy to reach its token before it goes to the record."""
_LOOK_EVERY_S: Final = 0.002


class Replica:
    """Of one process, on one event loop; other processes share the copy."""

    def __init__(
        self, record: Ledger, copy: EmbeddedGraph, heard: Heard, turn: Turn, *, written: int, lag_max: float
    ) -> None:
        """`written`: a position that the copy must have reached before it answers here."""
        self.record, self.copy = record, copy
        self.batch_facts = record.batch_facts
        self.follow_every_s = copy.follow_every_s
        self._heard, self._turn, self._lag_max = heard, turn, lag_max
        self._follower = Follower(record, copy, heard, turn)
        self._written = written
        self._following = asyncio.create_task(self._follower.run(), name="replica")

    def behind(self) -> float:
        """How far the copy may be behind the record, in seconds."""
        return self._heard.behind()

    # which of the two answers

    async def for_reading(self, freshness: Literal["ANY", "AT_LEAST", "LATEST"], reached: Token | None) -> Ledger:
        """The one that is as fresh as asked and has `reached` this token."""
        if freshness == "LATEST":
            return self.record
        return await self._home(None if reached is None else reached.position)

    async def _home(self, reached: int | None = None) -> Ledger:
        """The copy, if it is recent and has reached this position and what this process wrote; else the record."""
        if self.behind() > self._lag_max:
            return self.record
        needed = max(self._written, reached or 0)
        if await self._copied() >= needed or await self._reaches(needed):
            return self.copy
        return self.record

    async def _copied(self) -> int:
        return (await self.copy.head()).position

    async def _reaches(self, position: int) -> bool:
        """Whether it reaches this position in a moment."""
        self._follower.wake()
        loop = asyncio.get_running_loop()
        until = loop.time() + _WAIT_S
        while loop.time() < until:
            await asyncio.sleep(_LOOK_EVERY_S)
            if await self._copied() >= position:
                return True
        return False

    async def head(self) -> Token:
        """The newest position of whichever answers now. Raises LedgerUnavailable where neither can."""
        return await (await self._home()).head()

    async def chained(self) -> tuple[Token, str]:
        """Of the record."""
        return await self.record.chained()

    # writing

    async def append(self, facts: Sequence[Fact]) -> Appended:
        """Durable in the record when it returns; whatever this process answers from then on has seen it."""
        done = await self.record.append(facts)
        self._written = max(self._written, done.token.position)
        self._follower.wake()
        return done

    async def holding_versions(self, keys: Sequence[tuple[FactType, str]]) -> dict[tuple[FactType, str], Fact]:
        """Of the record: what is taken in is checked against that."""
        return await self.record.holding_versions(keys)

    # reading

    async def neighbourhood(self, question: Question, as_of: int | None = None) -> Neighbourhood:
        """Raises LedgerUnavailable where neither can answer."""
        return await (await self._home(as_of)).neighbourhood(question, as_of)

    async def neighbourhoods(self, questions: Sequence[Question], as_of: int | None = None) -> list[Neighbourhood]:
        """Raises LedgerUnavailable where neither can answer."""
        return await (await self._home(as_of)).neighbourhoods(questions, as_of)

    def changes(self, after: int = 0, limit: int | None = None) -> AsyncIterator[Change]:
        """Of the copy while that is recent, else of the record."""
        return self._changes(after, limit)

    async def _changes(self, after: int, limit: int | None) -> AsyncIterator[Change]:
        home = await self._home()
        async for change in home.changes(after, limit):
            yield change

    async def find(self, fact_type: FactType, ids: Sequence[str], view: View = NOW) -> dict[str, Fact]:
        """As the ledger's."""
        return await (await self._home(view.as_of)).find(fact_type, ids, view)

    async def versions(
        self, keys: Sequence[tuple[FactType, str]], view: View = NOW
    ) -> dict[tuple[FactType, str], tuple[int, Fact]]:
        """As the ledger's."""
        return await (await self._home(view.as_of)).versions(keys, view)

    async def history(self, fact_type: FactType, fact_id: str) -> list[tuple[int, Fact]]:
        """As the ledger's."""
        return await (await self._home()).history(fact_type, fact_id)

    async def ids(self, fact_type: FactType, after: str = "", limit: int = 50) -> list[str]:
        """As the ledger's."""
        return await (await self._home()).ids(fact_type, after, limit)

    async def services_of(self, provider: str) -> list[str]:
        """As the ledger's."""
        return await (await self._home()).services_of(provider)

    async def represented_by(self, holder: str, after: str = "", limit: int = 50) -> list[str]:
        """As the ledger's."""
        return await (await self._home()).represented_by(holder, after, limit)

    async def holders_over(self, represented: str) -> list[str]:
        """As the ledger's."""
        return await (await self._home()).holders_over(represented)

    async def employees_of(self, organisation: str, after: str = "", limit: int = 50) -> list[str]:
        """As the ledger's."""
        return await (await self._home()).employees_of(organisation, after, limit)

    async def registers(self, view: View = NOW) -> Mapping[str, Register]:
        """As the ledger's."""
        return await (await self._home(view.as_of)).registers(view)

    async def walk(self, node: tuple[str, str], depth: int = 1, limit: int = 200) -> Subgraph:
        """As the ledger's."""
        return await (await self._home()).walk(node, depth, limit)

    async def stats(self) -> dict[str, int]:
        """As the ledger's."""
        return await (await self._home()).stats()

    async def authorities_stated(self) -> dict[str, int]:
        """As the ledger's."""
        return await (await self._home()).authorities_stated()

    async def verify(self) -> Verification:
        """Of the record, and whether the copy holds together and is the same up to where it is."""
        of_record, of_copy = await self.record.verify(), await self.copy.verify()
        problems = [*of_record.problems, *(f"replica: {each}" for each in of_copy.problems)]
        if of_copy.token == of_record.token and of_copy.head != of_record.head:
            problems.append(f"replica: its chain at {of_copy.token} is not its record's")
        return Verification(of_record.token, of_record.head, tuple(problems))

    async def close(self) -> None:
        """Stop following, and let go of both."""
        await self.stop()
        await self.record.close()

    async def stop(self) -> None:
        """Stop following, and let go of the copy; the record stays open."""
        self._following.cancel()
        with suppress(asyncio.CancelledError):
            await self._following
        self._turn.give_up()
        await self.copy.close()
        self._heard.close()


def lag_max(environment: Mapping[str, str]) -> float:
    """Seconds, from MACHTIGEN_REPLICA_LAG_MAX: `2`, `0.5`, `2s`. Raises LedgerUnavailable for anything else."""
    said = environment.get("MACHTIGEN_REPLICA_LAG_MAX", "")
    try:
        seconds = float(said.removesuffix("s")) if said else LAG_MAX_S
    except ValueError:
        seconds = -1
    if not 0 <= seconds <= _LAG_HIGHEST_S:
        raise LedgerUnavailable(
            f"MACHTIGEN_REPLICA_LAG_MAX: found {said[:40]!r}, expected seconds up to {_LAG_HIGHEST_S:.0f}, such as 2s"
        )
    return seconds


async def open_replica(record: Ledger, folder: Path, *, lag_max: float = LAG_MAX_S) -> Replica:
    """The replica of this record in a folder, one file a ledger; it begins to follow at once.

    Raises LedgerUnavailable.
    """
    head = await record.head()
    ledger = head.ledger
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240 - once, at the start
    copy = EmbeddedGraph.open(folder / f"{ledger}.graph", ledger_id=ledger)
    heard, turn = Heard(folder / f"{ledger}.heard"), Turn(folder / f"{ledger}.lock")
    return Replica(record, copy, heard, turn, written=head.position, lag_max=lag_max)
