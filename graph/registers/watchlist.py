"""About whom sources may contradict each other, and about whom they do: found by following the ledger.

By whatever door a fact came in, it is in the ledger; so whoever reads the list first reads what was stated since the
last reading. Nothing must have run before. What begins or ends by itself is found when the list is read after that
instant, for each person on the list is looked at again then. Writing facts costs nothing for it.

It is kept in the file of the connectors' store, and made anew where the ledger is another one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from authority.facts import Person, type_of
from authority.neighbourhood import Neighbourhood
from graph.errors import LedgerUnavailable
from graph.intake import fact_of_line
from graph.ledger import Change, Ledger, Token
from graph.registers.contradictions import RULING, Contradiction, concerned, contradictions, next_change, topic_of
from graph.registers.standing import around
from graph.registers.store import ConnectorStore

BETWEEN_SOURCES: Final = "between sources"
"""Whose notices these are, in the place of a source's name: no source can bear it."""
_LOG: Final = logging.getLogger("machtigen.registers")
_IN_MEMORY: Final = Path(":memory:")
_CHANGES_AT_ONCE: Final = 2_000
_PEOPLE_AT_ONCE: Final = 200
_FOLLOWED: Final = (b'"fact":"authority"', b'"fact":"block"', b'"fact":"person"')
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS watching (only INTEGER PRIMARY KEY CHECK (only = 1), ledger TEXT NOT NULL,
    position INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS word (person TEXT NOT NULL, topic TEXT NOT NULL, register TEXT NOT NULL,
    PRIMARY KEY (person, topic, register)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS watched (person TEXT PRIMARY KEY, touched INTEGER NOT NULL,
    looked INTEGER NOT NULL DEFAULT 0, looked_at INTEGER, next_change INTEGER) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS leaned (statement TEXT NOT NULL, person TEXT NOT NULL,
    PRIMARY KEY (statement, person)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS leaned_by_person ON leaned (person);
CREATE TABLE IF NOT EXISTS contradiction (person TEXT NOT NULL, sentence TEXT NOT NULL, since INTEGER NOT NULL,
    PRIMARY KEY (person, sentence)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS notice_by_sentence ON notice (sentence);
"""
_DUE: Final = "(touched > looked OR looked_at IS NULL OR looked_at > ?1 OR next_change <= ?1)"


@contextmanager
def watchlist_in(path: Path | None) -> Iterator[Watchlist]:
    """The list in the connectors' store; where that cannot be had, or None: in memory, found anew by each process."""
    try:
        store = ConnectorStore(path or _IN_MEMORY)
    except (LedgerUnavailable, OSError) as error:
        _LOG.warning("%s; contradictions between sources are found anew by each process", error)
        store = ConnectorStore(_IN_MEMORY)
    try:
        yield Watchlist(store)
    finally:
        store.close()


class Reach(msgspec.Struct, frozen=True):
    """How far the list was brought: `token` of the ledger's position; `behind`: facts that were not read yet."""

    token: str
    behind: int
    complete: bool


class Watchlist:
    """Opened once a process; several processes may share the file."""

    def __init__(self, store: ConnectorStore) -> None:
        self._store, self._lock = store, asyncio.Lock()
        with store.transaction() as database:
            for statement in _SCHEMA.split(";\n"):
                database.execute(statement)

    async def follow(
        self, ledger: Ledger, now: int, *, facts_max: int | None = None, people_max: int | None = None
    ) -> Reach:
        """Bring the list up to now, or as far as so many facts and people allow. What it newly finds is a notice."""
        async with self._lock:
            head = await ledger.head()
            position, read = self._position(head.ledger), 0
            while position < head.position and (facts_max is None or read < facts_max):
                changes = [change async for change in ledger.changes(position, _CHANGES_AT_ONCE)]
                if not changes:
                    break  # a replica that is behind the record, which told the head
                self._take(changes)
                position, read = changes[-1].position, read + len(changes)
                await asyncio.sleep(0)  # others in this process have their turn
            looked: set[str] = set()
            while due := self._due(now, _PEOPLE_AT_ONCE):
                names = {person for person, _ in due}
                if names <= looked or (people_max is not None and len(looked) >= people_max):
                    break  # enough, or seen by a replica as they were before
                await self._look(ledger, due, now)
                looked |= names
                await asyncio.sleep(0)
            behind = max(head.position - position, 0)
            token = msgspec.structs.replace(head, position=min(position, head.position))
            return Reach(str(token), behind, behind == 0 and not due)

    def count(self) -> int:
        """How many contradictions there are by the last look."""
        ((count,),) = self._store.read("SELECT COUNT(*) FROM contradiction", ())
        return int(count)

    def unseen(self) -> int:
        """How many notices of them no operator has looked at, whether they still hold or not."""
        return self._store.noticed().get(BETWEEN_SOURCES, 0)

    def page(self, after: Sequence[str], limit: int) -> list[Contradiction]:
        """Those there are by the last look, by person and sentence, after such a pair."""
        rows = self._store.read(
            "SELECT person, sentence, since FROM contradiction WHERE (person, sentence) > (?, ?)"
            " ORDER BY person, sentence LIMIT ?",
            (*after, limit),
        )
        return [Contradiction(*row) for row in rows]

    def _position(self, ledger: str) -> int:
        """Up to where this ledger was read; of another one nothing that was read counts."""
        for name, position in self._store.read("SELECT ledger, position FROM watching", ()):
            if name == ledger:
                return int(position)
        with self._store.transaction() as database:
            for table in ("word", "watched", "leaned", "contradiction"):
                database.execute(f"DELETE FROM {table}")  # noqa: S608  # our own names
            database.execute("INSERT OR REPLACE INTO watching VALUES (1, ?, 0)", (ledger,))
        return 0

    def _take(self, changes: Sequence[Change]) -> None:
        """Who is spoken about by two registers, or by a ruling, is watched; who is watched and touched, looked at."""
        words: list[tuple[str, str, str]] = []
        touched: dict[str, int] = {}
        statements: dict[str, int] = {}
        people: dict[str, int] = {}
        rulings: dict[str, int] = {}
        for change in changes:
            if not any(followed in change.line for followed in _FOLLOWED):
                continue
            fact = fact_of_line(change.line)
            if isinstance(fact, Person):
                people[fact.id] = change.position
                continue
            statements[f"{type_of(fact)} {fact.id}"] = change.position
            topic = topic_of(fact)
            if topic is None:
                continue
            touched[topic[0]] = change.position
            if topic[1] == RULING:
                rulings[topic[0]] = change.position
            else:
                words.append((*topic, fact.register))
        with self._store.transaction() as database:
            database.executemany("INSERT OR IGNORE INTO word VALUES (?, ?, ?)", words)
            database.executemany(
                "INSERT INTO watched (person, touched) SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM word"
                " WHERE person = ?1 GROUP BY topic HAVING COUNT(*) > 1) OR EXISTS (SELECT 1 FROM watched"
                " WHERE person = ?1) ON CONFLICT (person) DO UPDATE SET touched = excluded.touched",
                touched.items(),
            )
            database.executemany(
                "INSERT INTO watched (person, touched) VALUES (?, ?)"
                " ON CONFLICT (person) DO UPDATE SET touched = excluded.touched",
                rulings.items(),
            )
            # a statement that moved to somebody else is no longer about whom it was about
            database.executemany(
                "UPDATE watched SET touched = ?2 WHERE person IN (SELECT person FROM leaned WHERE statement = ?1)",
                statements.items(),
            )
            database.executemany("UPDATE watched SET touched = ?2 WHERE person = ?1", people.items())
            database.execute("UPDATE watching SET position = MAX(position, ?)", (changes[-1].position,))

    def _due(self, now: int, limit: int) -> list[tuple[str, int | None]]:
        """Who is to be looked at, and when they were looked at last."""
        found = self._store.read(
            f"SELECT person, looked_at FROM watched WHERE {_DUE} ORDER BY person LIMIT ?2",  # noqa: S608  # our own words
            (now, limit),
        )
        return [(person, looked_at) for person, looked_at in found]

    async def _look(self, ledger: Ledger, due: Sequence[tuple[str, int | None]], now: int) -> None:
        near = await around(ledger, [person for person, _ in due], now)
        with self._store.transaction() as database:
            for (person, looked_at), neighbourhood in zip(due, near, strict=True):
                passed, found = _seen(neighbourhood, person, looked_at, now)
                database.execute("DELETE FROM contradiction WHERE person = ?", (person,))
                database.executemany(
                    "INSERT OR REPLACE INTO contradiction VALUES (?, ?, ?)",
                    [(person, each.sentence, each.since) for each in found],
                )
                database.executemany(
                    "INSERT INTO notice (source, sentence, seen_at) SELECT ?1, ?2, ?3"
                    " WHERE NOT EXISTS (SELECT 1 FROM notice WHERE sentence = ?2)",
                    [(BETWEEN_SOURCES, sentence, at) for sentence, at in passed.items()],
                )
                database.execute("DELETE FROM leaned WHERE person = ?", (person,))
                database.executemany(
                    "INSERT INTO leaned VALUES (?, ?)",
                    {(f"{type_of(fact)} {fact.id}", person) for fact in concerned(neighbourhood, person)},
                )
                database.execute(
                    "UPDATE watched SET looked = MAX(looked, ?), looked_at = ?, next_change = ? WHERE person = ?",
                    (Token.parse(neighbourhood.as_of).position, now, next_change(neighbourhood, person, now), person),
                )


def _seen(
    near: Neighbourhood, person: str, looked_at: int | None, now: int
) -> tuple[dict[str, int], list[Contradiction]]:
    """Every sentence that was so since the last look, with the first instant of it; and what is so now."""
    passed: dict[str, int] = {}
    instant = looked_at if looked_at is not None and looked_at < now else None
    while instant is not None and (instant := next_change(near, person, instant)) is not None and instant < now:
        for each in contradictions(near, person, instant):
            passed.setdefault(each.sentence, instant)
    found = contradictions(near, person, now)
    for each in found:
        passed.setdefault(each.sentence, now)
    return passed, found
