"""What the workers of a server count: requests, decisions, and those that named a register stale.

Each worker counts in memory and adds it once a second to one SQLite file that all of them share, so that whoever asks
any of them hears of all. What a worker that is killed had not added yet, a second's worth, is not counted. Counting
never keeps a server from answering: where the file cannot be had, each worker counts for itself, and says so.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from bisect import bisect_left
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Final, NamedTuple

from graph.registers.store import store_path
from resolvers.decisions import Answer
from resolvers.registers import StaleDecisions

SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper bounds of the classes of how long a request took; the last class has none."""
_LOG: Final = logging.getLogger("machtigen.tallies")
_FLUSH_EVERY_S: Final = 1.0
_PIECE_US: Final = 600_000_000
_DAY_US: Final = 86_400_000_000
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS total (name TEXT NOT NULL, label TEXT NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (name, label)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stale (register TEXT NOT NULL, piece INTEGER NOT NULL, decisions INTEGER NOT NULL,
    PRIMARY KEY (register, piece)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS began (only INTEGER PRIMARY KEY CHECK (only = 1), at INTEGER NOT NULL);
"""


class Total(NamedTuple):
    """A count since the file was made; `label` is a word of ours, never anything that a caller sent."""

    name: str
    label: str


def tallies_path(graph: str, environment: Mapping[str, str]) -> Path:
    """Beside what the connectors of this graph remember."""
    return store_path(graph, environment).with_suffix(".tallies.sqlite")


class Tallies:
    """Opened once a worker. `path` None: of this worker alone, forgotten when it ends. `clock` in microseconds."""

    def __init__(self, path: Path | None, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._totals: Counter[Total] = Counter()
        self._stale: Counter[tuple[str, int]] = Counter()
        try:
            self._database = _database(path)
        except (sqlite3.Error, OSError) as error:
            _LOG.warning("%s: cannot be used (%s); each worker counts for itself", path, error)
            self._database = _database(None)
        self._database.execute("INSERT OR IGNORE INTO began VALUES (1, ?)", (clock(),))
        ((self._began,),) = self._database.execute("SELECT at FROM began")

    # counting

    def decided(self, answers: Sequence[Answer]) -> None:
        """Decisions were given to a caller."""
        for answer in answers:
            self._totals[Total("decisions", answer.decision.outcome)] += 1
            for register in answer.decision.stale_registers:
                self._totals[Total("stale_decisions", register)] += 1
                self._stale[register, self._clock() // _PIECE_US] += 1

    def served(self, operation: str, seconds: float) -> None:
        """A request was answered, and took so long."""
        self._totals[Total(f"requests_{bisect_left(SECONDS, seconds)}", operation)] += 1
        self._totals[Total("requests_seconds", operation)] += seconds  # type: ignore[assignment]  # a sum of seconds

    # putting together

    def flush(self) -> None:
        """Add it now. What cannot be written is kept for the next time."""
        if not self._totals and not self._stale:
            return
        try:
            self._database.execute("BEGIN IMMEDIATE")
            try:
                self._write()
            except BaseException:
                self._database.execute("ROLLBACK")
                raise
            self._database.execute("COMMIT")
        except sqlite3.Error:
            return
        self._totals.clear()
        self._stale.clear()

    def _write(self) -> None:
        self._database.executemany(
            "INSERT INTO total VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = value + excluded.value",
            [(*total, value) for total, value in self._totals.items()],
        )
        self._database.executemany(
            "INSERT INTO stale VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET decisions = decisions + excluded.decisions",
            [(*place, decisions) for place, decisions in self._stale.items()],
        )
        self._database.execute("DELETE FROM stale WHERE piece < ?", (self._first_piece(),))

    # reading

    def totals(self) -> dict[Total, float]:
        """Every count, of all workers."""
        self.flush()
        rows = self._database.execute("SELECT name, label, value FROM total")
        return {Total(name, label): value for name, label, value in rows}

    def stale_decisions(self, register: str) -> StaleDecisions:
        """Those of the last 24 hours, or since counting began where that is later; in pieces of ten minutes."""
        self.flush()
        first = self._first_piece()
        ((count,),) = self._database.execute(
            "SELECT COALESCE(SUM(decisions), 0) FROM stale WHERE register = ? AND piece >= ?", (register, first)
        )
        return StaleDecisions(count=count, since=max(self._began, first * _PIECE_US))

    def _first_piece(self) -> int:
        return (self._clock() - _DAY_US) // _PIECE_US + 1

    def close(self) -> None:
        """Add what is left, and let go of the file."""
        self.flush()
        self._database.close()


def _database(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
    database = sqlite3.connect(path or ":memory:", timeout=1, isolation_level=None)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        # a count that the machine's end loses is not worth a wait for the disk
        database.execute("PRAGMA synchronous=OFF")
        database.executescript(_SCHEMA)
        database.execute("UPDATE began SET at = at")  # a file that may only be read tells it here
    except sqlite3.Error:
        database.close()
        raise
    return database


@asynccontextmanager
async def kept(path: Path | None, clock: Callable[[], int]) -> AsyncIterator[Tallies]:
    """Tallies that are added to their file once a second, and at the end."""
    tallies = Tallies(path, clock)

    async def keep() -> None:
        while True:
            await asyncio.sleep(_FLUSH_EVERY_S)
            tallies.flush()

    keeping = asyncio.create_task(keep(), name="tallies")
    try:
        yield tallies
    finally:
        keeping.cancel()
        with suppress(asyncio.CancelledError):
            await keeping
        tallies.close()
