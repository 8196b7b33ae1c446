"""Deeds: facts on their way to the ledger, so that no crash leaves one half done.

A deed is begun in the desk, in the transaction that uses up the code; then its facts are appended; then it is finished,
and its messages go out. Begun is decided: whoever finds it unfinished finishes it, and appending the same facts twice
changes nothing (facts.md chapter 1). A crash before it is begun leaves everything as it was.

Deeds over one fact follow each other: what was read before another's deed does not begin after it.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Final

import msgspec

from authority.facts import Fact, type_of
from graph.desk.database import Database
from graph.desk.outbox import NewMessage, put
from graph.intake import fact_of_line, line_of
from graph.ledger import Ledger, Token

_SINCE_THE_BEGINNING: Final = -(2**63)


class Overtaken(Exception):
    """Another deed over one of these facts is under way, or newer than what was read: read again."""


class Deed(msgspec.Struct, frozen=True):
    """`told`: what is to be recorded of it by whoever finishes it after a crash; opaque here."""

    number: int
    facts: tuple[Fact, ...]
    told: bytes


class Deeds:
    """Each call is one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(
        self,
        facts: Sequence[Fact],
        seen: Mapping[str, int | None],
        messages: Iterable[NewMessage],
        told: bytes,
        now: int,
        also: Callable[[sqlite3.Connection], None] | None = None,
    ) -> Deed:
        """`seen`: by fact (`named`), when the version that was read was recorded; None: there was none.

        `also`: what else happens in the same transaction. Raises Overtaken, and what `also` raises.
        """
        lines = msgspec.json.encode([line_of(fact).decode() for fact in facts])
        with self._database.transaction() as database:
            for fact in facts:
                _refuse_overtaken(database, named(fact), seen[named(fact)])
            if also is not None:
                also(database)
            number = database.execute(
                "INSERT INTO deed (lines, messages, told, begun_at) VALUES (?, ?, ?, ?)",
                (lines, msgspec.json.encode(list(messages)), told, now),
            ).lastrowid
            assert number is not None
            database.executemany(
                "INSERT INTO stated VALUES (?, ?, ?)", [(named(fact), fact.recorded_at, number) for fact in facts]
            )
        return Deed(number, tuple(facts), told)

    def under_way(self, *, over: Sequence[str] | None = None, begun_before: int | None = None) -> list[Deed]:
        """Those that are not finished, oldest first; over any of these facts, or of all."""
        with self._database.reading() as database:
            rows = database.execute(
                "SELECT number, lines, told FROM deed WHERE done = 0 AND (?1 IS NULL OR begun_at < ?1) ORDER BY number",
                (begun_before,),
            ).fetchall()
        deeds = [_deed(*row) for row in rows]
        return [deed for deed in deeds if over is None or any(named(fact) in over for fact in deed.facts)]

    def finish(self, deed: Deed, now: int, *, told: bool) -> None:
        """Its facts are in the ledger: its messages go out. `told`: whoever did it tells it too."""
        with self._database.transaction() as database:
            row = database.execute("SELECT messages FROM deed WHERE number = ? AND done = 0", (deed.number,)).fetchone()
            if row is not None:
                put(database, msgspec.json.decode(row[0], type=list[NewMessage]), now)
                # what it was stays in the ledger
                database.execute("UPDATE deed SET done = 1, lines = '', messages = '' WHERE number = ?", (deed.number,))
            if told:
                database.execute("UPDATE deed SET done = 2, told = '' WHERE number = ?", (deed.number,))

    def untold(self, begun_before: int | None) -> list[Deed]:
        """Those that somebody else finished, and whose own caller perhaps never got to tell."""
        with self._database.reading() as database:
            rows = database.execute(
                "SELECT number, told FROM deed WHERE done = 1 AND (?1 IS NULL OR begun_at < ?1) ORDER BY number",
                (begun_before,),
            ).fetchall()
        return [Deed(number, (), bytes(told)) for number, told in rows]

    def forget_before(self, instant: int) -> None:
        """What was finished so long ago; nobody reads that slowly."""
        with self._database.transaction() as database:
            database.execute(
                "DELETE FROM stated WHERE deed IN (SELECT number FROM deed WHERE done = 2 AND begun_at < ?)", (instant,)
            )
            database.execute("DELETE FROM deed WHERE done = 2 AND begun_at < ?", (instant,))


async def carry_out(ledger: Ledger, deeds: Deeds, deed: Deed, now: int, *, told: bool) -> Token:
    """Append and finish; the token after it. Any number of times, by anybody."""
    done = await ledger.append(deed.facts)
    await asyncio.to_thread(partial(deeds.finish, deed, now, told=told))
    return done.token


def named(fact: Fact) -> str:
    """The fact's type and id."""
    return f"{type_of(fact)}/{fact.id}"


def _refuse_overtaken(database: sqlite3.Connection, fact: str, seen: int | None) -> None:
    """Raises Overtaken."""
    row = database.execute(
        "SELECT 1 FROM stated JOIN deed ON deed.number = stated.deed"
        " WHERE stated.fact = ? AND (deed.done = 0 OR stated.recorded_at > ?) LIMIT 1",
        (fact, _SINCE_THE_BEGINNING if seen is None else seen),
    ).fetchone()
    if row is not None:
        raise Overtaken


def _deed(number: int, lines: bytes, told: bytes) -> Deed:
    facts = tuple(fact_of_line(line.encode()) for line in msgspec.json.decode(lines, type=list[str]))
    return Deed(number, facts, bytes(told))
