"""Requests for a mandate: from the asking until somebody activates it with the code, or time runs out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from graph.desk.database import Database
from graph.desk.outbox import NewMessage, put

RequestChannel = Literal["ONLINE", "LETTER"]
RequestState = Literal["ASKED", "OPEN", "SILENT", "USED", "CANCELLED"]
_COLUMNS: Final = (
    "id, channel, state, represented, representative, asked_by, services, valid_from, valid_until, asked_at,"
    " code_until, activated_by"
)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What was asked; its `id` becomes the id of the mandate. Times in microseconds.

    `channel` ONLINE: by the represented, who has seen the code; LETTER: by the helper, and the code goes to the
    represented by letter. `state` ASKED: the helper's, not looked at yet; OPEN: its code works until `code_until`;
    SILENT: no letter went out, which nobody is told. `representative` None: whoever brings the code.
    """

    id: str
    channel: RequestChannel
    state: RequestState
    represented: str
    representative: str | None
    asked_by: str
    services: tuple[str, ...]
    valid_from: int
    valid_until: int
    asked_at: int
    code_until: int
    activated_by: str | None = None


class Requests:
    """Each call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, request: Request, code_hash: bytes | None, messages: Iterable[NewMessage] = ()) -> None:
        """Keep it, with what is to be sent about it."""
        with self._database.transaction() as database:
            values = (
                request.id,
                request.channel,
                request.state,
                request.represented,
                request.representative,
                request.asked_by,
                msgspec.json.encode(request.services).decode(),
                request.valid_from,
                request.valid_until,
                request.asked_at,
                request.code_until,
                request.activated_by,
                code_hash,
            )
            database.execute(f"INSERT INTO request ({_COLUMNS}, code_hash) VALUES ({','.join('?' * 13)})", values)  # noqa: S608 - our own words
            put(database, messages, request.asked_at)

    def asked_since(self, asker: str, instant: int) -> int:
        """How many this person has asked since."""
        return self._count("asked_by = ? AND asked_at > ?", asker, instant)

    def letters_since(self, represented: str, instant: int, asker: str | None = None) -> int:
        """How many letters with a code have gone to this person since; with `asker` those that this helper caused."""
        sent = "represented = ? AND channel = 'LETTER' AND state <> 'SILENT' AND state <> 'ASKED' AND asked_at > ?"
        if asker is None:
            return self._count(sent, represented, instant)
        return self._count(f"{sent} AND asked_by = ?", represented, instant, asker)

    def to_look_at(self, limit: int) -> list[Request]:
        """Those that helpers asked, oldest first."""
        return self._select("state = 'ASKED' ORDER BY asked_at LIMIT ?", limit)

    def looked_at(self, request: str, code_hash: bytes | None, messages: Iterable[NewMessage], now: int) -> None:
        """The letter goes out, or (`code_hash` None) none does."""
        with self._database.transaction() as database:
            state = "SILENT" if code_hash is None else "OPEN"
            changed = database.execute(
                "UPDATE request SET state = ?, code_hash = ? WHERE id = ? AND state = 'ASKED'",
                (state, code_hash, request),
            )
            if changed.rowcount == 1:
                put(database, messages, now)

    def find(self, request: str) -> Request | None:
        """By its id."""
        found = self._select("id = ?", request)
        return found[0] if found else None

    def by_code(self, represented: str, code_hash: bytes) -> Request | None:
        """The one whose code this is, whatever its state."""
        found = self._select("represented = ? AND code_hash = ?", represented, code_hash)
        return found[0] if found else None

    def of_person(self, person: str, since: int) -> list[Request]:
        """Not activated: those that this person asked since, and those of others that only wait for the code.

        Newest first. Of others' only what a letter has gone out about.
        """
        return self._select(
            "state <> 'USED' AND asked_at > ?2 AND (asked_by = ?1 OR (represented = ?1 AND state = 'OPEN'))"
            " ORDER BY asked_at DESC, id",
            person,
            since,
        )

    def cancel(self, request: str) -> bool:
        """Its code stops working; False where it is too late for that."""
        with self._database.transaction() as database:
            return _cancel(database, "id = ?", request) > 0

    def kept_withdrawn(self) -> list[str]:
        """Mandates of other registers that were withdrawn here."""
        with self._database.reading() as database:
            return [str(row[0]) for row in database.execute("SELECT mandate FROM kept_withdrawn ORDER BY mandate")]

    def let_go(self, mandate: str) -> None:
        """Its own register shows that it has ended."""
        with self._database.transaction() as database:
            database.execute("DELETE FROM kept_withdrawn WHERE mandate = ?", (mandate,))

    def forget_before(self, instant: int) -> None:
        """What was asked so long ago."""
        with self._database.transaction() as database:
            database.execute("DELETE FROM request WHERE asked_at < ? AND code_until < ?", (instant, instant))

    def _count(self, where: str, *values: object) -> int:
        with self._database.reading() as database:
            (count,) = database.execute(f"SELECT COUNT(*) FROM request WHERE {where}", values).fetchone()  # noqa: S608 - our own words
            return int(count)

    def _select(self, where: str, *values: object) -> list[Request]:
        with self._database.reading() as database:
            rows = database.execute(f"SELECT {_COLUMNS} FROM request WHERE {where}", values).fetchall()  # noqa: S608 - our own words
        return [_request(row) for row in rows]


def use(database: sqlite3.Connection, request: str, by: str) -> bool:
    """Within the transaction that begins the deed: the code works no more. False: it did not work any more."""
    changed = database.execute(
        "UPDATE request SET state = 'USED', activated_by = ? WHERE id = ? AND state = 'OPEN'", (by, request)
    )
    return changed.rowcount == 1


def cancel_between(
    database: sqlite3.Connection, represented: str, holder: str, services: Sequence[str], *, by_holder: bool
) -> None:
    """Within the transaction of a withdrawal: a code on its way for the same would bring the mandate back.

    Unless it is the holder who withdraws, also codes that work for whoever brings them.
    """
    rows = database.execute(
        "SELECT id, services FROM request WHERE represented = ?1 AND state IN ('ASKED', 'OPEN')"
        " AND (representative = ?2 OR (representative IS NULL AND NOT ?3))",
        (represented, holder, by_holder),
    ).fetchall()
    for request, asked in rows:
        if set(msgspec.json.decode(asked)) & set(services):
            _cancel(database, "id = ?", request)


def keep_withdrawn(database: sqlite3.Connection, mandate: str, now: int) -> None:
    """Within the transaction of a withdrawal: another register's mandate, which it may state again as it was."""
    database.execute("INSERT OR REPLACE INTO kept_withdrawn VALUES (?, ?)", (mandate, now))


def _cancel(database: sqlite3.Connection, where: str, *values: object) -> int:
    return database.execute(
        f"UPDATE request SET state = 'CANCELLED' WHERE state IN ('ASKED', 'OPEN', 'SILENT') AND {where}",  # noqa: S608 - our own words
        values,
    ).rowcount


def _request(row: tuple[object, ...]) -> Request:
    names = [name.strip() for name in _COLUMNS.split(",")]
    values = dict(zip(names, row, strict=True))
    values["services"] = tuple(msgspec.json.decode(str(values["services"])))
    return msgspec.convert(values, Request)
