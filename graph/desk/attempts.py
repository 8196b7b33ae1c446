"""How often somebody has tried: counted before the try, so that many at once are no way round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from graph.desk.database import Database


class Limit(NamedTuple):
    """At most `most` for `who` within `window` microseconds."""

    who: str
    most: int
    window: int


class Attempts:
    """Each call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, limits: Sequence[Limit], now: int) -> tuple[int, ...] | None:
        """Count one for each; None, and nothing is counted, where one of them has had as many as it may."""
        with self._database.transaction() as database:
            for limit in limits:
                (taken,) = database.execute(
                    "SELECT COUNT(*) FROM attempt WHERE who = ? AND at > ?", (limit.who, now - limit.window)
                ).fetchone()
                if taken >= limit.most:
                    return None
            rows = [
                database.execute("INSERT INTO attempt (who, at) VALUES (?, ?)", (who, now)).lastrowid
                for who in dict.fromkeys(limit.who for limit in limits)
            ]
            return tuple(row for row in rows if row is not None)

    def give_back(self, taken: Sequence[int]) -> None:
        """It was no failure, so it does not count."""
        with self._database.transaction() as database:
            database.executemany("DELETE FROM attempt WHERE number = ?", [(number,) for number in taken])

    def forget_before(self, instant: int) -> None:
        """Those of so long ago."""
        with self._database.transaction() as database:
            database.execute("DELETE FROM attempt WHERE at < ?", (instant,))
