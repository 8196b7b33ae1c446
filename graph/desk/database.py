"""One SQLite file: durable when a call returns, shared by all workers of a server."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from graph.errors import LedgerUnavailable

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS request (
    id TEXT PRIMARY KEY, channel TEXT NOT NULL, state TEXT NOT NULL, represented TEXT NOT NULL,
    representative TEXT, asked_by TEXT NOT NULL, services TEXT NOT NULL, valid_from INTEGER NOT NULL,
    valid_until INTEGER NOT NULL, asked_at INTEGER NOT NULL, code_until INTEGER NOT NULL, code_hash BLOB,
    activated_by TEXT);
CREATE INDEX IF NOT EXISTS request_by_code ON request (represented, code_hash);
CREATE INDEX IF NOT EXISTS request_by_asker ON request (asked_by, asked_at);
CREATE INDEX IF NOT EXISTS request_by_holder ON request (representative, state);
CREATE INDEX IF NOT EXISTS request_by_state ON request (state, asked_at);
CREATE TABLE IF NOT EXISTS attempt (number INTEGER PRIMARY KEY, who TEXT NOT NULL, at INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS attempt_by_who ON attempt (who, at);
CREATE TABLE IF NOT EXISTS deed (
    number INTEGER PRIMARY KEY AUTOINCREMENT, lines BLOB NOT NULL, messages BLOB NOT NULL, told BLOB NOT NULL,
    begun_at INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0);
CREATE INDEX IF NOT EXISTS deed_under_way ON deed (done, begun_at) WHERE done < 2;
CREATE TABLE IF NOT EXISTS stated (
    fact TEXT NOT NULL, recorded_at INTEGER NOT NULL, deed INTEGER NOT NULL REFERENCES deed (number),
    PRIMARY KEY (fact, recorded_at)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS kept_withdrawn (mandate TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS message (
    key TEXT PRIMARY KEY, state TEXT NOT NULL, kind TEXT NOT NULL, recipient TEXT NOT NULL, about BLOB NOT NULL,
    made_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, due_at INTEGER NOT NULL, sent_at INTEGER,
    means TEXT, problem TEXT);
CREATE INDEX IF NOT EXISTS message_by_state ON message (state, due_at);
"""


class Database:
    """One connection for a process, used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            self._connection = sqlite3.connect(path, timeout=30, isolation_level=None, check_same_thread=False)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute("PRAGMA synchronous=FULL")
            self._connection.executescript(_SCHEMA)
        except (sqlite3.Error, OSError) as error:
            raise LedgerUnavailable(f"the desk's file cannot be opened: {error}") from error

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing, and alone among all processes. Raises LedgerUnavailable."""
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                    self._connection.execute("COMMIT")
                except BaseException:
                    with suppress(sqlite3.Error):
                        self._connection.execute("ROLLBACK")
                    raise
            except sqlite3.OperationalError as error:
                raise LedgerUnavailable(f"the desk's file cannot be used: {error}") from error

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """For one SELECT. Raises LedgerUnavailable."""
        with self._lock:
            try:
                yield self._connection
            except sqlite3.OperationalError as error:
                raise LedgerUnavailable(f"the desk's file cannot be used: {error}") from error

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._connection.close()
