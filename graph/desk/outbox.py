"""The outbox: letters and e-mails that are to go out, each until it has gone, or until an operator must look.

A message holds ids and dates, and neither name, address nor code: what it says is written when it goes out.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from graph.desk.database import Database

MessageKind = Literal["CODE", "REQUESTED", "GIVEN", "RENEWED", "WITHDRAWN"]
MessageState = Literal["WAITING", "SENT", "DEAD"]
Means = Literal["LETTER", "EMAIL", "PAGE"]
Side = Literal["REPRESENTED", "REPRESENTATIVE"]
_COLUMNS: Final = "key, state, kind, recipient, about, made_at, attempts, due_at, sent_at, means, problem"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a message tells. `side`: as whom the recipient gets it. `until`: of CODE how long the code works."""

    mandate: str
    side: Side
    services: tuple[str, ...]
    valid_from: int
    valid_until: int | None
    until: int | None = None


class NewMessage(msgspec.Struct, frozen=True):
    """`key`: the same for the same message, however often it is put or sent."""

    key: str
    kind: MessageKind
    recipient: str
    about: About


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """Times in microseconds. DEAD: it will not be tried again unless an operator says so; `problem` is why."""

    key: str
    state: MessageState
    kind: MessageKind
    recipient: str
    about: About
    made_at: int
    attempts: int
    due_at: int
    sent_at: int | None
    means: Means | None
    problem: str | None


class Outbox:
    """Each call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, now: int, limit: int) -> list[Message]:
        """Those to be sent now, longest due first."""
        return self._select("state = 'WAITING' AND due_at <= ? ORDER BY due_at, key LIMIT ?", now, limit)

    def sent(self, key: str, means: Means, now: int) -> None:
        """It has gone."""
        self._change("state = 'SENT', means = ?, sent_at = ?, attempts = attempts + 1, problem = NULL", key, means, now)

    def failed(self, key: str, problem: str, due_at: int | None) -> None:
        """It has not; None: nor will it."""
        if due_at is None:
            self._change("state = 'DEAD', problem = ?, attempts = attempts + 1", key, problem)
        else:
            self._change("due_at = ?, problem = ?, attempts = attempts + 1", key, due_at, problem)

    def again(self, key: str, now: int) -> bool:
        """An operator has mended what was wrong; False: no such message is dead."""
        with self._database.transaction() as database:
            changed = database.execute(
                "UPDATE message SET state = 'WAITING', attempts = 0, due_at = ? WHERE key = ? AND state = 'DEAD'",
                (now, key),
            )
            return changed.rowcount == 1

    def counts(self) -> dict[str, int]:
        """By state."""
        with self._database.reading() as database:
            rows = database.execute("SELECT state, COUNT(*) FROM message GROUP BY state").fetchall()
        return {"WAITING": 0, "SENT": 0, "DEAD": 0} | {str(state): int(count) for state, count in rows}

    def listed(self, state: MessageState | None = None, limit: int = 200) -> list[Message]:
        """Newest first."""
        return self._select("(?1 IS NULL OR state = ?1) ORDER BY made_at DESC, key LIMIT ?2", state, limit)

    def forget_before(self, instant: int) -> None:
        """What had gone by then."""
        with self._database.transaction() as database:
            database.execute("DELETE FROM message WHERE state = 'SENT' AND sent_at < ?", (instant,))

    def _change(self, to: str, key: str, *values: object) -> None:
        with self._database.transaction() as database:
            database.execute(f"UPDATE message SET {to} WHERE key = ?", (*values, key))  # noqa: S608 - our own words

    def _select(self, where: str, *values: object) -> list[Message]:
        with self._database.reading() as database:
            rows = database.execute(f"SELECT {_COLUMNS} FROM message WHERE {where}", values).fetchall()  # noqa: S608 - our own words
        return [_message(row) for row in rows]


def put(database: sqlite3.Connection, messages: Iterable[NewMessage], now: int) -> None:
    """Within a transaction; one that is there already is left alone."""
    database.executemany(
        "INSERT INTO message (key, state, kind, recipient, about, made_at, due_at) VALUES (?, 'WAITING', ?, ?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING",
        [(each.key, each.kind, each.recipient, msgspec.json.encode(each.about), now, now) for each in messages],
    )


def _message(row: tuple[object, ...]) -> Message:
    names = [name.strip() for name in _COLUMNS.split(",")]
    values = dict(zip(names, row, strict=True))
    about = values["about"]
    assert isinstance(about, bytes)
    values["about"] = msgspec.json.decode(about)
    return msgspec.convert(values, Message)
