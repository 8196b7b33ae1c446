"""`Neo4jGraph`: the ledger's protocol on Neo4j, over Bolt.

Every version is a `(:Fact)`; all answers come from those, the versions up to the ledger's position. The nodes and
relations beside them show the newest versions to people (`walk`, Neo4j Browser), and no decision rests on them.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, Self

from authority.codes import FactType
from authority.facts import TYPES, Fact, Register
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from authority.registers import Registers
from graph.errors import DamagedLedger, LedgerUnavailable
from graph.intake import fact_of_line
from graph.ledger import NOW, Appended, Change, Subgraph, Token, Verification, View
from graph.neo4j_graph.appending import append
from graph.neo4j_graph.connection import Connection
from graph.neo4j_graph.gathering import Found, registers_of_lines, view_of
from graph.neo4j_graph.migrating import ledger_in
from graph.neo4j_graph.queries import query
from graph.neo4j_graph.reading import check_reached, holding_versions, versions
from graph.neo4j_graph.rows import LAST, Version
from graph.neo4j_graph.verifying import Check
from graph.neo4j_graph.walking import walk

_CHUNK: Final = 5_000
"""Positions read in one query by what reads them all."""
_IN_THREAD: Final = 1_000
"""From so many facts on, their lines are written on another thread."""


class _Registers(NamedTuple):
    """The registers that hold now, as the register fact at this position left them."""

    position: int
    registers: Registers


def _now(question: Question, as_of: int | None) -> bool:
    return as_of is None and question.known_at is None


class Neo4jGraph:
    """A ledger in Neo4j; any number of processes use the same one."""

    batch_facts: int = 5_000
    """Some hundred bytes of heap for each in Neo4j, until the transaction ends."""
    follow_every_s: float = 0.25
    """A look is a query over Bolt."""

    def __init__(self, connection: Connection, ledger: str, *, read_only: bool) -> None:
        self._connection = connection
        self._ledger = ledger
        self._read_only = read_only
        self._writing = asyncio.Lock()
        self._registers = _Registers(-1, Registers())

    @classmethod
    async def connect(
        cls, uri: str, *, username: str, password: str, database: str | None = None, read_only: bool = False
    ) -> Self:
        """Connect to the graph in a Neo4j, and make it in an empty database.

        `database` None: the user's own. Raises LedgerUnavailable (not reached, wrong password, older than 5.26, to be
        made but `read_only`) and ForeignLedger (not a Machtigen graph), each with one line for a user.
        """
        connection = await Connection.open(uri, username=username, password=password, database=database)
        try:
            ledger = await ledger_in(connection, read_only=read_only)
        except BaseException:
            await connection.close()
            raise
        return cls(connection, ledger, read_only=read_only)

    async def close(self) -> None:
        """Let go of the connections, when a write under way is done."""
        async with self._writing:
            await self._connection.close()

    # writing

    async def append(self, facts: Sequence[Fact]) -> Appended:
        """Record facts in this order, all or none; durable when it returns. Raises LedgerUnavailable."""
        if self._read_only:
            raise LedgerUnavailable(f"{self._connection.uri}: opened for reading only")
        if len(facts) < _IN_THREAD:
            versions = [Version.of(fact) for fact in facts]
        else:
            versions = await asyncio.to_thread(lambda: [Version.of(fact) for fact in facts])
        async with self._writing:
            written = await append(self._connection, versions)
        return Appended(self._token(written.position), written.recorded)

    # the ledger

    def _token(self, position: int) -> Token:
        return Token(self._ledger, position)

    async def _head(self) -> tuple[int, str]:
        row = await self._connection.one(query("head"), from_leader=True)
        return row["position"], row["link"]

    async def head(self) -> Token:
        """The newest position."""
        return self._token((await self._head())[0])

    async def chained(self) -> tuple[Token, str]:
        """The newest position, and the chain's link there, in hexadecimal."""
        position, link = await self._head()
        return self._token(position), link

    async def changes(self, after: int = 0, limit: int | None = None) -> AsyncIterator[Change]:
        """Positions after `after`, in order, without gaps, up to the newest one when it begins."""
        position, _ = await self._head()
        until = position if limit is None else min(position, after + limit)
        while after < until:
            last = min(until, after + _CHUNK)
            row = await self._connection.one(query("changes"), after=after, until=last)
            for at, content, line in row["changes"]:
                if at != after + 1:
                    break
                after = at
                yield Change(at, bytes.fromhex(content), line.encode())
            if after < last:
                raise DamagedLedger(f"{self._connection.uri}: damaged, position {after + 1} is missing")

    async def verify(self) -> Verification:
        """Read every position; check content against hash, hash against chain, and what it is found by against both."""
        position, head = await self._head()
        check = Check(position)
        while check.position < position:
            limit = min(_CHUNK, position - check.position)
            facts = (await self._connection.one(query("verify"), after=check.position, limit=limit))["facts"]
            for properties in facts:
                if properties["position"] <= position:
                    check.fact(properties)
            if len(facts) < limit:
                break
        check.end(head)
        return Verification(self._token(position), head, check.problems)

    async def stats(self) -> dict[str, int]:
        """Things and positions counted: `facts`, and the number of ids by type."""
        counts: dict[str, int] = (await self._connection.one(query("stats"), from_leader=True))["counts"]
        return {name: counts[name] for name in ("facts", *TYPES)}

    async def authorities_stated(self) -> dict[str, int]:
        """By register, over how many authorities its word holds now."""
        row = await self._connection.one(query("authorities_stated"), from_leader=True)
        return dict(zip(row["registers"], row["authorities"], strict=True))

    # questions

    async def neighbourhood(self, question: Question, as_of: int | None = None) -> Neighbourhood:
        """All facts that can matter to the question, the versions that hold at its `known_at`, as of a position.

        One query, one round trip. Raises LedgerBehind.
        """
        (around,) = await self.neighbourhoods([question], as_of)
        return around

    async def neighbourhoods(self, questions: Sequence[Question], as_of: int | None = None) -> list[Neighbourhood]:
        """The same for many questions, all read at one position by one query. Raises LedgerBehind."""
        by_known_at: dict[int | None, list[Question]] = {}
        for question in questions:
            by_known_at.setdefault(question.known_at, []).append(question)
        kept = self._registers
        views = [view_of(group, kept.position if _now(group[0], as_of) else -1) for group in by_known_at.values()]
        row = await self._connection.one(query("neighbourhoods"), from_leader=True, views=views, as_of=as_of)
        check_reached(as_of, row["position"])
        token = str(self._token(row["position"] if as_of is None else as_of))
        found = {}
        for (known_at, group), (lines, register_lines) in zip(by_known_at.items(), row["found"], strict=True):
            registers = registers_of_lines(register_lines)
            if _now(group[0], as_of):
                registers = self._keep(kept, row["registers_position"], registers)
            found[known_at] = Found(lines, registers)
        return [found[question.known_at].neighbourhood(question, token) for question in questions]

    def _keep(self, kept: _Registers, position: int, read: Registers) -> Registers:
        """The registers that hold now: those kept since the last question, or those read because one has changed."""
        if position == kept.position:
            return kept.registers
        if position > self._registers.position:
            self._registers = _Registers(position, read)
        return read

    # looking up

    async def find(self, fact_type: FactType, ids: Sequence[str], view: View = NOW) -> dict[str, Fact]:
        """The holding versions of these ids; unknown and retracted ones are left out. Raises LedgerBehind."""
        found = await holding_versions(self._connection, [(fact_type, fact_id) for fact_id in ids], view)
        return {fact_id: fact for (_, fact_id), fact in found.items() if not fact.retracted}

    async def holding_versions(self, keys: Sequence[tuple[FactType, str]]) -> dict[tuple[FactType, str], Fact]:
        """The newest holding version of each key, retracted ones too; for intake (no change, references)."""
        found = await holding_versions(self._connection, keys)
        return {key: found[key] for key in keys if key in found}

    async def registers(self, view: View = NOW) -> Mapping[str, Register]:
        """Every register fact that holds, by id. Raises LedgerBehind."""
        known_at = LAST if view.known_at is None else view.known_at
        row = await self._connection.one(query("registers"), from_leader=True, as_of=view.as_of, known_at=known_at)
        check_reached(view.as_of, row["position"])
        return registers_of_lines(row["lines"])

    async def versions(
        self, keys: Sequence[tuple[FactType, str]], view: View = NOW
    ) -> dict[tuple[FactType, str], tuple[int, Fact]]:
        """The version of each key that holds in this view, a retracted one too, with position. Raises LedgerBehind."""
        found = await versions(self._connection, keys, view)
        return {key: found[key] for key in keys if key in found}

    async def history(self, fact_type: FactType, fact_id: str) -> list[tuple[int, Fact]]:
        """Every version with its position, in ledger order."""
        rows = await self._connection.read(query("history"), from_leader=True, type=fact_type, id=fact_id)
        return [(row["position"], fact_of_line(row["line"].encode())) for row in rows]

    async def ids(self, fact_type: FactType, after: str = "", limit: int = 50) -> list[str]:
        """Ids of this type in ascending order, after one of them; retracted ones too."""
        return await self._ids("ids", type=fact_type, after=after, limit=limit)

    async def services_of(self, provider: str) -> list[str]:
        """Ids of services that any version placed with this provider."""
        return await self._ids("services_of", provider=provider)

    async def represented_by(self, holder: str, after: str = "", limit: int = 50) -> list[str]:
        """Ids of people over whom any version of an authority ever named this holder."""
        return await self._ids("represented_by", holder=holder, after=after, limit=limit)

    async def holders_over(self, represented: str) -> list[str]:
        """Ids of people and organisations that any version of an authority over this person ever named."""
        return await self._ids("holders_over", represented=represented)

    async def employees_of(self, organisation: str, after: str = "", limit: int = 50) -> list[str]:
        """Ids of people whom any version of an employment ever named at this organisation."""
        return await self._ids("employees_of", organisation=organisation, after=after, limit=limit)

    async def _ids(self, name: str, **parameters: Any) -> list[str]:
        rows = await self._connection.read(query(name), from_leader=True, **parameters)
        return sorted(row["id"] for row in rows)

    async def walk(self, node: tuple[str, str], depth: int = 1, limit: int = 200) -> Subgraph:
        """The nodes within `depth` relations of `(type, id)`, at most `limit`, nearest first."""
        return await walk(self._connection, node, depth, limit)
