"""`EmbeddedGraph`: the ledger's protocol on one LMDB file.

Reading takes microseconds and happens where it is asked for, on the event loop's thread; nothing holds a transaction
across an `await`. Writing waits for other writers and for the disk, so it has a thread of its own. The map is made
larger only on the reading thread, between two reads, because that ends every transaction of the process.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Self, TypeVar

import lmdb

from authority.codes import FactType
from authority.facts import TYPES, Fact, Register
from authority.moments import SINCE_EVER
from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.chain import GENESIS
from graph.embedded.appending import Batch, Entry, entries_of
from graph.embedded.file import MAP_SIZE, LedgerFile, in_our_words
from graph.embedded.gathering import neighbourhood_of
from graph.embedded.layout import EMPLOYS, HOLDS, OFFERS, Head, unpack_head
from graph.embedded.looking import Catalogue, Look
from graph.embedded.verifying import Check
from graph.embedded.walking import Walk
from graph.errors import BadToken, DamagedLedger, LedgerBehind, LedgerUnavailable
from graph.ledger import NOW, Appended, Change, Subgraph, Token, Verification, View

_Result = TypeVar("_Result")
_CHUNK: Final = 1_000
"""Positions or ids read in one transaction by what reads them all; some milliseconds."""


class EmbeddedGraph:
    """A ledger in one file. Of one process, on one event loop; other processes open the same file."""

    batch_facts: int = 20_000
    """A transaction writes each page that it touches once: the more in one, the fewer writes; half a second of work."""
    follow_every_s: float = 0.02
    """A look takes microseconds."""

    def __init__(self, file: LedgerFile) -> None:
        self._file = file
        self._writing = asyncio.Lock()
        self._closed = False
        self._seen = -1
        self._head = Head(0, GENESIS, 0, SINCE_EVER)
        self._token = ""
        self._catalogue = Catalogue(0)

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        read_only: bool = False,
        create: bool = True,
        whole: bool = False,
        map_size: int = MAP_SIZE,
        ledger_id: str | None = None,
    ) -> Self:
        """Open the graph at `path`, or make an empty one where nothing stands and `create` allows it.

        `whole`: look at every page first, and not only at some (`graph.embedded.pages`). `map_size`: bytes of address
        space to begin with; it grows by itself. `ledger_id`: of the ledger that it is a copy of (`graph.replica`).
        Raises LedgerUnavailable, ForeignLedger (not a graph, or of another
        format) and DamagedLedger, each with one line for a user.
        """
        return cls(
            LedgerFile.open(
                path, read_only=read_only, create=create, whole=whole, map_size=map_size, ledger_id=ledger_id
            )
        )

    # reading

    def _looking(self) -> _Looking:
        """A read transaction. Nothing may be awaited in it."""
        return _Looking(self)

    def _look(self, txn: lmdb.Transaction[bytes]) -> Look:
        seen = txn.id()
        if seen != self._seen:
            stored = txn.get(b"head", db=self._file.meta)
            if stored is None:
                raise lmdb.CorruptedError("no head")
            self._head = unpack_head(stored)
            self._token = str(Token(self._file.ledger_id, self._head.position))
            self._seen = seen
            if self._head.catalogue_position != self._catalogue.position:
                self._catalogue = Catalogue(self._head.catalogue_position)
        return Look(self._file, txn, self._head, self._catalogue)

    def _token_as_of(self, look: Look, as_of: int | None) -> str:
        if as_of is None:
            return self._token
        if as_of < 0:
            raise BadToken(f"no position of a ledger: {as_of}")
        if as_of > look.head.position:
            raise LedgerBehind(f"position {as_of} asked for, the ledger has reached {look.head.position}")
        return str(Token(self._file.ledger_id, as_of))

    def _reached(self, look: Look, view: View) -> View:
        self._token_as_of(look, view.as_of)
        return view

    async def head(self) -> Token:
        """The newest position."""
        with self._looking() as look:
            return Token(self._file.ledger_id, look.head.position)

    async def chained(self) -> tuple[Token, str]:
        """The newest position, and the chain's link there, in hexadecimal."""
        with self._looking() as look:
            return Token(self._file.ledger_id, look.head.position), look.head.link.hex()

    def changes(self, after: int = 0, limit: int | None = None) -> AsyncIterator[Change]:
        """Positions after `after`, in order, without gaps, up to the newest one at the call."""
        with self._looking() as look:
            until = look.head.position
        return self._changes(after, until if limit is None else min(until, after + limit))

    async def _changes(self, after: int, until: int) -> AsyncIterator[Change]:
        while after < until:
            with self._looking() as look:
                entries = list(look.entries(after, min(until, after + _CHUNK)))
            for position, _, content, line in entries:
                if position != after + 1:
                    break
                yield Change(position, content, line)
                after = position
            else:
                await asyncio.sleep(0)
                continue
            raise DamagedLedger(
                f"{self._file.path}: damaged, position {after + 1} is missing; restore it from a backup"
            )

    async def neighbourhood(self, question: Question, as_of: int | None = None) -> Neighbourhood:
        """All facts that can matter to the question, the versions that hold at its `known_at`, as of a position.

        Raises LedgerBehind.
        """
        with self._looking() as look:
            return neighbourhood_of(question, look, as_of, self._token_as_of(look, as_of))

    async def neighbourhoods(self, questions: Sequence[Question], as_of: int | None = None) -> list[Neighbourhood]:
        """The same for many questions, all read at one position. Raises LedgerBehind."""
        with self._looking() as look:
            token = self._token_as_of(look, as_of)
            return [neighbourhood_of(question, look, as_of, token) for question in questions]

    async def find(self, fact_type: FactType, ids: Sequence[str], view: View = NOW) -> dict[str, Fact]:
        """The holding versions of these ids; unknown and retracted ones are left out. Raises LedgerBehind."""
        with self._looking() as look:
            return look.find(fact_type, ids, self._reached(look, view))

    async def holding_versions(self, keys: Sequence[tuple[FactType, str]]) -> dict[tuple[FactType, str], Fact]:
        """The newest holding version of each key, retracted ones too; for intake (no change, references)."""
        with self._looking() as look:
            return look.holding_versions(keys)

    async def versions(
        self, keys: Sequence[tuple[FactType, str]], view: View = NOW
    ) -> dict[tuple[FactType, str], tuple[int, Fact]]:
        """The version of each key that holds in this view, a retracted one too, with position. Raises LedgerBehind."""
        with self._looking() as look:
            self._reached(look, view)
            found = ((key, look.version(*key, view)) for key in keys)
            return {key: (position, look.fact_at(position)) for key, position in found if position is not None}

    async def history(self, fact_type: FactType, fact_id: str) -> list[tuple[int, Fact]]:
        """Every version with its position, in ledger order."""
        with self._looking() as look:
            return look.history(fact_type, fact_id)

    async def ids(self, fact_type: FactType, after: str = "", limit: int = 50) -> list[str]:
        """Ids of this type in ascending order, after one of them; retracted ones too."""
        with self._looking() as look:
            return look.ids(fact_type, after, limit)

    async def services_of(self, provider: str) -> list[str]:
        """Ids of services that any version placed with this provider."""
        with self._looking() as look:
            return look.paired(OFFERS, provider)

    async def represented_by(self, holder: str, after: str = "", limit: int = 50) -> list[str]:
        """Ids of people over whom any version of an authority ever named this holder."""
        with self._looking() as look:
            return look.paired(HOLDS, holder, after, limit)

    async def holders_over(self, represented: str) -> list[str]:
        """Ids of people and organisations that any version of an authority over this person ever named."""
        with self._looking() as look:
            return sorted(look.record(represented).holders())

    async def employees_of(self, organisation: str, after: str = "", limit: int = 50) -> list[str]:
        """Ids of people whom any version of an employment ever named at this organisation."""
        with self._looking() as look:
            return look.paired(EMPLOYS, organisation, after, limit)

    async def registers(self, view: View = NOW) -> Mapping[str, Register]:
        """Every register fact that holds, by id. Raises LedgerBehind."""
        with self._looking() as look:
            return look.registers(self._reached(look, view))

    async def walk(self, node: tuple[str, str], depth: int = 1, limit: int = 200) -> Subgraph:
        """The nodes within `depth` relations of `(type, id)`, at most `limit`, nearest first."""
        with self._looking() as look:
            return Walk(look, limit).from_node(node, depth)

    async def stats(self) -> dict[str, int]:
        """Things and positions counted: `facts`, and the number of ids by type."""
        with self._looking() as look:
            counts = look.counts()
            return {"facts": look.head.position, **{name: counts.get(name, 0) for name in TYPES}}

    async def authorities_stated(self) -> dict[str, int]:
        """By register, over how many authorities its word holds now."""
        with self._looking() as look:
            return look.stated_by()

    async def verify(self) -> Verification:
        """Look at every page; check content against hash, hash against chain, and what decisions read against both.

        Where the pages are not in order nothing more is read: LMDB would end the process. Other work goes on between
        chunks, appending once the pages are done; what is appended meanwhile is not looked at.
        """
        with self._looking() as look:
            head = look.head
        check = Check(head)
        async with self._writing:
            with self._file.errors():
                check.structure(await _in_thread(self._file.structure))
        if not check.problems:
            for part in (check.ledger, check.statements, check.records, check.end):
                more = True
                while more:
                    with self._looking() as look:
                        more = part(look, _CHUNK)
                    await asyncio.sleep(0)
        return Verification(Token(self._file.ledger_id, head.position), head.link.hex(), check.problems)

    def readers(self) -> int:
        """How many read transactions of any process are open; those of a killed one are, until the next append."""
        return self._file.readers()

    # writing

    async def append(self, facts: Sequence[Fact]) -> Appended:
        """Record facts in this order, all or none; on the disk when it returns. Raises LedgerUnavailable."""
        if self._file.read_only:
            raise LedgerUnavailable(f"{self._file.path}: opened for reading only")
        entries = entries_of(facts) if len(facts) <= _CHUNK else await _in_thread(lambda: entries_of(facts))
        async with self._writing:
            if self._closed:
                raise LedgerUnavailable(f"{self._file.path}: closed")
            while True:
                try:
                    with self._file.errors():
                        return await _in_thread(lambda: self._write(entries))
                except lmdb.MapFullError:
                    self._file.grow()
                except lmdb.MapResizedError:
                    self._file.adopt()

    def _write(self, entries: Sequence[Entry]) -> Appended:
        self._file.let_go_of_the_dead()
        with self._file.env.begin(write=True) as txn:
            batch = Batch(self._file, txn)
            recorded = batch.append(entries)
            position = batch.head.position
        self._file.fill_up()
        return Appended(Token(self._file.ledger_id, position), recorded)

    async def close(self) -> None:
        """Let go of the file, when a write under way is done."""
        async with self._writing:
            if not self._closed:
                self._closed = True
                self._file.close()


class _Looking:
    """A read transaction of this graph, and its errors in our words; a class, as questions come by the thousand."""

    __slots__ = ("_graph", "_txn")

    def __init__(self, graph: EmbeddedGraph) -> None:
        self._graph = graph

    def __enter__(self) -> Look:
        file = self._graph._file
        if self._graph._closed:
            raise LedgerUnavailable(f"{file.path}: closed")
        try:
            self._txn = file.begin()
            return self._graph._look(self._txn)
        except lmdb.Error as error:
            raise in_our_words(file.path, error) or error from error

    def __exit__(self, _kind: type[BaseException] | None, error: BaseException | None, _trace: object) -> None:
        self._txn.abort()
        told = None if error is None else in_our_words(self._graph._file.path, error)
        if told is not None:
            raise told from error


async def _in_thread(work: Callable[[], _Result]) -> _Result:
    """The result of `work` in a thread; whoever is cancelled waits for its end all the same, so that none overlap."""
    task = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait((task,))
        raise
