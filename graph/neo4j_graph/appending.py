"""Writing: a batch of facts in one transaction, all or none, and then the ledger's position in another.

Neo4j shows what a transaction wrote piece by piece while it is being committed. Readers go by the ledger's position
alone and look at no version beyond it; it moves only after every fact up to it is there for all to see, so that nobody
ever finds half a batch. A writer that ends in between leaves whole, durable facts: the next writer goes on after them.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, Final, NamedTuple

import msgspec

from authority.facts import Authority, Fact, Register
from authority.moments import SINCE_EVER
from graph.chain import link
from graph.intake import fact_of_line
from graph.neo4j_graph.connection import Connection, Row, Transaction
from graph.neo4j_graph.queries import query
from graph.neo4j_graph.rows import LAST, Relation, Version, key_of, mention, relations_stated
from graph.relations import Key

_ROWS_AT_ONCE: Final = 5_000
_LABELS: Final = {
    "person": "Person",
    "organisation": "Organisation",
    "employment": "Employment",
    "provider": "Provider",
    "service": "Service",
    "authority": "Authority",
    "consent": "Consent",
    "ability": "Ability",
    "block": "Block",
    "register": "Register",
}
_DERIVED: Final = "WORKS_FOR"


class Written(msgspec.Struct, frozen=True, gc=False):
    """The end of the chain after a write, the newest register fact's position (0: none new), and what was new."""

    position: int
    link: str
    registers: int
    recorded: int


async def append(connection: Connection, versions: Sequence[Version]) -> Written:
    """Record what is new of these, in this order. Durable, and to be seen by every reader, when it returns."""
    attempt = secrets.token_hex(8)

    async def record(tx: Transaction) -> Written:
        await _run(tx, "lock", append=attempt)
        (end,) = await _run(tx, "end_of_chain")
        if end["append"] == attempt:  # committed before, but the connection broke before we were told
            return Written(end["position"], end["link"], end["registers"], end["recorded"])
        stated = dict(zip(end["stated_registers"], end["stated_authorities"], strict=True))
        batch = Batch(end["position"], end["link"], end["registers"], stated)
        await batch.look_up(tx, versions)
        batch.take(versions)
        await batch.write(tx, attempt)
        return batch.written

    async def move_head(tx: Transaction) -> None:
        position = {"position": written.position, "link": written.link, "registers": written.registers}
        await _run(tx, "move_head", append=attempt, **position)

    written = await connection.write(record)
    await connection.write(move_head)
    return written


class Held(NamedTuple):
    """A new version that holds, as far as the batch has got, and its position."""

    version: Version
    position: int


class Batch:
    """What one transaction finds in the database and puts there."""

    def __init__(self, position: int, last_link: str, registers: int, stated: Mapping[str, int]) -> None:
        self._position = position
        self._link = bytes.fromhex(last_link)
        self._registers = registers
        self._stated = Counter(stated)
        """By register, how many authorities hold by its word before this batch."""
        self._facts: list[Row] = []
        self._known: dict[str, bool] = {}
        """Nodes in the database by key, and whether they have a fact of their own."""
        self._hashes: set[tuple[str, str, str]] = set()
        """Type, id and content hash of the versions that could be no change."""
        self._before: dict[Key, Fact] = {}
        """The versions that held before this batch, of the statements that it states again."""
        self._held: dict[Key, Held] = {}

    @property
    def written(self) -> Written:
        """The end of the chain as it is after this batch."""
        return Written(self._position, self._link.hex(), self._registers, len(self._facts))

    # reading

    async def look_up(self, tx: Transaction, versions: Sequence[Version]) -> None:
        """Which nodes and versions that these may meet are there already."""
        keys = {key_of(version.statement) for version in versions}
        for version in versions:
            for relation in version.relations:
                keys.update((relation.source, relation.target))
        for some in _portions(sorted(keys)):
            (row,) = await _run(tx, "known_things", keys=some)
            self._known.update(row["known"])
        instants: dict[Key, set[int]] = {}
        for version in versions:
            if self._known.get(key_of(version.statement)):
                instants.setdefault(version.statement, set()).add(version.fact.recorded_at)
        wanted = ({"type": t, "id": i, "recorded_at": sorted(at)} for (t, i), at in sorted(instants.items()))
        for some in _portions(wanted):
            (row,) = await _run(tx, "newest_versions", versions=some, last_instant=LAST)
            for fact_type, fact_id, line, hashes in row["found"]:
                self._before[fact_type, fact_id] = fact_of_line(line.encode())
                self._hashes.update((fact_type, fact_id, content) for content in hashes)

    # deciding

    def take(self, versions: Sequence[Version]) -> None:
        """Give each new version its position and its link, and see which of them hold."""
        for version in versions:
            known = (*version.statement, version.content)
            if known in self._hashes:
                continue
            self._hashes.add(known)
            self._position += 1
            self._link = link(self._link, bytes.fromhex(version.content))
            self._facts.append(version.row(self._position, self._link.hex()))
            if isinstance(version.fact, Register):
                self._registers = self._position
            if version.fact.recorded_at >= self._recorded_at(version.statement):
                self._held[version.statement] = Held(version, self._position)

    def _recorded_at(self, statement: Key) -> int:
        """Of the version that holds so far."""
        held = self._held.get(statement)
        before = self._before.get(statement) if held is None else held.version.fact
        return SINCE_EVER if before is None else before.recorded_at

    def _relations(self) -> tuple[list[Relation], list[Relation]]:
        """The relations to make and to end."""
        begin: list[Relation] = []
        end: list[Relation] = []
        for statement, held in self._held.items():
            before = self._before.get(statement)
            was = [] if before is None else relations_stated(before)
            begin += [relation for relation in held.version.relations if relation not in was]
            end += [relation for relation in was if relation not in held.version.relations]
        return begin, end

    # writing

    async def write(self, tx: Transaction, attempt: str) -> None:
        """The versions, the nodes that people see, and the relations between them."""
        if not self._facts:
            return
        begin, end = self._relations()
        begin_stated, begin_derived = _apart(begin)
        end_stated, end_derived = _apart(end)
        await _each(tx, "record_facts", "facts", self._facts)
        await self._write_things(tx, begin)
        await _each(tx, "ended_relations", "relations", end_stated)
        await _each(tx, "new_relations", "relations", begin_stated)
        await _each(tx, "works_for", "relations", begin_derived)
        await _each(tx, "works_no_longer", "relations", end_derived)
        ends = {key for relation in end for key in (relation.source, relation.target)}
        await _each(tx, "forgotten_mentions", "keys", sorted(ends))
        stated = self._stated_now()
        await _run(
            tx,
            "appended",
            append=attempt,
            recorded=len(self._facts),
            stated_registers=list(stated),
            stated_authorities=list(stated.values()),
        )

    def _stated_now(self) -> dict[str, int]:
        stated = self._stated.copy()
        for statement, held in self._held.items():
            for fact, one in ((self._before.get(statement), -1), (held.version.fact, 1)):
                if isinstance(fact, Authority) and not fact.retracted:
                    stated[fact.register] += one
        return {register: count for register, count in sorted(stated.items()) if count}

    async def _write_things(self, tx: Transaction, begin: Iterable[Relation]) -> None:
        new: dict[str, dict[str, Any]] = {}
        renewed: list[dict[str, Any]] = []
        for version, position in self._held.values():
            node = version.node(position)
            key, thing = node["key"], {"labels": [_LABELS[version.type]], "properties": node}
            if key in self._known:
                renewed.append(thing)
            else:
                new[key] = thing
        for relation in begin:
            for key in (relation.source, relation.target):
                if key not in new and key not in self._known:
                    new[key] = mention(key)
        await _each(tx, "new_things", "things", list(new.values()))
        await _each(tx, "renewed_things", "things", renewed)


def _apart(relations: Iterable[Relation]) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """Rows of those that a statement has for itself, and of the derived ones, which several may state."""
    rows: tuple[list[dict[str, str]], list[dict[str, str]]] = ([], [])
    for relation in relations:
        rows[relation.name == _DERIVED].append(relation._asdict())
    return rows


def _portions(values: Iterable[Any]) -> Iterable[list[Any]]:
    values = iter(values)
    while some := list(islice(values, _ROWS_AT_ONCE)):
        yield some


async def _each(tx: Transaction, name: str, parameter: str, rows: Sequence[Any]) -> None:
    for some in _portions(rows):
        await _run(tx, name, **{parameter: some})


async def _run(tx: Transaction, name: str, **parameters: Any) -> list[Row]:
    result = await tx.run(query(name), parameters)
    return [record.data() async for record in result]
