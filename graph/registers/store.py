"""What the connectors remember between polls: watermarks, health, quarantine, notices. One SQLite file.

It is not the ledger: losing it costs a poll from the beginning, which changes nothing that is known already. Each call
is one transaction, durable when it returns.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from graph.errors import LedgerUnavailable
from graph.pseudonyms import passes_eleven_test
from graph.registers.connector import Refused
from graph.registers.health import Health
from graph.registers.known import KnownPerson

Status = Literal["WAITING", "TAKEN", "DROPPED"]
NoticeStatus = Literal["NEW", "SEEN"]

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS source (name TEXT PRIMARY KEY, watermark TEXT NOT NULL DEFAULT '', health BLOB,
    round_began INTEGER);
CREATE TABLE IF NOT EXISTS quarantine (
    number INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, place TEXT NOT NULL, raw TEXT NOT NULL,
    problem TEXT NOT NULL, seen_at INTEGER NOT NULL, status TEXT NOT NULL DEFAULT 'WAITING',
    UNIQUE (source, place, raw));
CREATE INDEX IF NOT EXISTS quarantine_by_status ON quarantine (status, source);
CREATE TABLE IF NOT EXISTS notice (
    number INTEGER PRIMARY KEY AUTOINCREMENT, source TEXT NOT NULL, sentence TEXT NOT NULL, seen_at INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'NEW', UNIQUE (source, sentence));
CREATE TABLE IF NOT EXISTS known_person (
    folded TEXT NOT NULL, born TEXT NOT NULL, id TEXT PRIMARY KEY, surname TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS known_person_by_name ON known_person (folded, born, id);
"""

LEFT_OUT: Final = "bsn:…"
"""In the place of a number that a quarantined row had; such a row is taken in only as somebody has mended it."""
_NUMBER: Final = re.compile(r'bsn:[^"\\\s,]*')
_NINE_DIGITS: Final = re.compile(r"(?<!\d)\d{9}(?!\d)", re.ASCII)


def _without_numbers(text: str) -> str:
    """A citizen service number is never stored, wherever in a row it stands (DESIGN.md chapter 3)."""
    text = _NUMBER.sub(LEFT_OUT, text)
    return _NINE_DIGITS.sub(lambda found: LEFT_OUT if passes_eleven_test(found[0]) else found[0], text)


def store_path(graph: str, environment: Mapping[str, str]) -> Path:
    """Where its connectors remember: beside a graph in a file, for a Neo4j in `.machtigen`, unless told otherwise."""
    configured = environment.get("MACHTIGEN_CONNECTORS")
    if configured:
        return Path(configured)
    if "://" in graph:
        return Path(".machtigen/connectors.sqlite")
    return Path(f"{graph}.connectors.sqlite")


class Quarantined(msgspec.Struct, frozen=True):
    """A row that could not be understood: listed, mended, replayed. `seen_at` in microseconds."""

    number: int
    source: str
    place: str
    raw: str
    problem: str
    seen_at: int
    status: Status


class Notice(msgspec.Struct, frozen=True):
    """Something for an operator to look at; not resolved by us. `noticed_at`: when first, in microseconds.

    `status` SEEN: an operator has looked at it.
    """

    number: int
    source: str
    sentence: str
    noticed_at: int
    status: NoticeStatus = "NEW"


class ConnectorStore:
    """Opened once a process; several processes may share the file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._database = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._database.execute("PRAGMA journal_mode=WAL")
            self._database.execute("PRAGMA synchronous=FULL")
            self._database.executescript(_SCHEMA)
            if not any(column[1] == "status" for column in self._database.execute("PRAGMA table_info(notice)")):
                # a store made before notices could be marked
                self._database.execute("ALTER TABLE notice ADD COLUMN status TEXT NOT NULL DEFAULT 'NEW'")
            if not any(column[1] == "nonsense" for column in self._database.execute("PRAGMA table_info(source)")):
                self._database.execute("ALTER TABLE source ADD COLUMN nonsense INTEGER NOT NULL DEFAULT 0")
                self._database.execute("ALTER TABLE source ADD COLUMN register TEXT")
        except sqlite3.Error as error:
            raise LedgerUnavailable(f"the connectors' store cannot be opened: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All of what is done in it, or nothing; for those who keep tables of their own in this file."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield self._database
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")

    def read(self, query: str, values: Sequence[object]) -> list[tuple[Any, ...]]:
        """Rows, as they are at this moment."""
        return self._database.execute(query, values).fetchall()

    def watermark(self, source: str) -> str:
        """Where the next poll begins; "" before the first."""
        row = self._database.execute("SELECT watermark FROM source WHERE name = ?", (source,)).fetchone()
        return str(row[0]) if row else ""

    def round_began(self, source: str) -> int | None:
        """When the first page of the round under way was asked for; None: the next page begins one."""
        row = self._database.execute("SELECT round_began FROM source WHERE name = ?", (source,)).fetchone()
        return row[0] if row else None

    def nonsense(self, source: str) -> bool:
        """Whether of all that came last no row was understood."""
        row = self._database.execute("SELECT nonsense FROM source WHERE name = ?", (source,)).fetchone()
        return bool(row and row[0])

    def register_of(self, source: str) -> str | None:
        """Whose word the source brings; None: it has brought nothing yet."""
        row = self._database.execute("SELECT register FROM source WHERE name = ?", (source,)).fetchone()
        return row[0] if row else None

    def health(self, source: str) -> Health:
        """Its condition; a source never polled is closed and due."""
        row = self._database.execute("SELECT health FROM source WHERE name = ?", (source,)).fetchone()
        return msgspec.json.decode(row[0], type=Health) if row and row[0] else Health()

    def took(  # noqa: PLR0913 - what a page changes
        self,
        source: str,
        watermark: str,
        health: Health,
        refused: Sequence[Refused],
        notices: Sequence[str],
        now: int,
        round_began: int | None = None,
        *,
        register: str | None = None,
        nonsense: bool = False,
    ) -> None:
        """A page is stored in the ledger: the watermark moves and what was refused is kept, at once.

        `round_began` None: the round is over. `register`: whose word the source brings. `nonsense`: of what came last
        no row was understood.
        """
        with self.transaction() as database:
            database.execute(
                "INSERT INTO source (name, watermark, health, round_began, register, nonsense)"
                " VALUES (?, ?, ?, ?, ?, ?)"
                " ON CONFLICT (name) DO UPDATE SET watermark = excluded.watermark, health = excluded.health,"
                " round_began = excluded.round_began, register = COALESCE(excluded.register, register),"
                " nonsense = excluded.nonsense",
                (source, watermark, msgspec.json.encode(health), round_began, register, nonsense),
            )
            database.executemany(
                "INSERT INTO quarantine (source, place, raw, problem, seen_at) VALUES (?, ?, ?, ?, ?)"
                " ON CONFLICT DO NOTHING",
                [(source, each.place, *map(_without_numbers, (each.raw, each.problem)), now) for each in refused],
            )
            database.executemany(
                "INSERT INTO notice (source, sentence, seen_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [(source, _without_numbers(sentence), now) for sentence in notices],
            )

    def failed(self, source: str, health: Health) -> None:
        """The poll failed: only the health changes."""
        with self.transaction() as database:
            database.execute(
                "INSERT INTO source (name, health) VALUES (?, ?) ON CONFLICT (name) DO UPDATE"
                " SET health = excluded.health",
                (source, msgspec.json.encode(health)),
            )

    def quarantine(self, source: str | None = None, status: Status | None = "WAITING") -> list[Quarantined]:
        """Rows in quarantine, oldest first; of one source or of all, of one status or of any."""
        rows = self._database.execute(
            "SELECT number, source, place, raw, problem, seen_at, status FROM quarantine"
            " WHERE (?1 IS NULL OR source = ?1) AND (?2 IS NULL OR status = ?2) ORDER BY number",
            (source, status),
        )
        return [Quarantined(*row) for row in rows]

    def quarantined(self, number: int) -> Quarantined | None:
        """One row, whatever its status."""
        row = self._database.execute(
            "SELECT number, source, place, raw, problem, seen_at, status FROM quarantine WHERE number = ?", (number,)
        ).fetchone()
        return Quarantined(*row) if row else None

    def mend(self, number: int, raw: str, problem: str) -> None:
        """Another text in place of the one that was refused; it waits to be replayed."""
        with self.transaction() as database:
            database.execute(
                "UPDATE quarantine SET raw = ?, problem = ?, status = 'WAITING' WHERE number = ?",
                (_without_numbers(raw), _without_numbers(problem), number),
            )

    def settle(self, number: int, status: Status) -> None:
        """The row was taken in after all, or dropped by an operator."""
        with self.transaction() as database:
            database.execute("UPDATE quarantine SET status = ? WHERE number = ?", (status, number))

    def notices(self, source: str | None = None, status: NoticeStatus | None = None) -> list[Notice]:
        """What operators should see, newest first; of one source or of all, of one status or of any."""
        rows = self._database.execute(
            "SELECT number, source, sentence, seen_at, status FROM notice WHERE (?1 IS NULL OR source = ?1)"
            " AND (?2 IS NULL OR status = ?2) ORDER BY number DESC",
            (source, status),
        )
        return [Notice(*row) for row in rows]

    def seen(self, number: int) -> bool:
        """An operator has looked at this notice; False: there is none of this number."""
        with self.transaction() as database:
            return database.execute("UPDATE notice SET status = 'SEEN' WHERE number = ?", (number,)).rowcount == 1

    def waiting(self) -> dict[str, int]:
        """By source, how many rows wait in the quarantine; sources without any are left out."""
        return dict(
            self._database.execute("SELECT source, COUNT(*) FROM quarantine WHERE status = 'WAITING' GROUP BY source")
        )

    def noticed(self) -> dict[str, int]:
        """By source, how many notices no operator has looked at; sources without any are left out."""
        return dict(self._database.execute("SELECT source, COUNT(*) FROM notice WHERE status = 'NEW' GROUP BY source"))

    def know(self, people: Sequence[KnownPerson]) -> None:
        """Surname and birth date of these people, for registers that are searched by name."""
        with self.transaction() as database:
            database.executemany(
                "INSERT INTO known_person (folded, born, id, surname) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE"
                " SET folded = excluded.folded, born = excluded.born, surname = excluded.surname",
                [(person.folded, person.born, person.id, person.surname) for person in people],
            )

    async def known_people(self, after: tuple[str, str], pairs: int) -> list[KnownPerson]:
        """Those of the next `pairs` combinations of folded surname and birth date after one of them, in order."""
        rows = self._database.execute(
            "SELECT folded, born, id, surname FROM known_person WHERE (folded, born) IN (SELECT DISTINCT folded, born"
            " FROM known_person WHERE (folded, born) > (?, ?) ORDER BY folded, born LIMIT ?)"
            " ORDER BY folded, born, id",
            (*after, pairs),
        )
        return [KnownPerson(*row) for row in rows]

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()
