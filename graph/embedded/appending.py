"""Writing: a batch of facts in one transaction, all or none.

What is looked up comes first and what is written last, each in the order of its keys: neighbouring keys share pages,
so a batch touches every page once.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

import lmdb
import msgspec

from authority.codes import COURT
from authority.facts import (
    TYPES,
    Ability,
    Authority,
    Block,
    Consent,
    Employment,
    Fact,
    Organisation,
    Person,
    Register,
    Service,
    type_of,
)
from graph.chain import content_hash, link
from graph.embedded import records
from graph.embedded.file import LedgerFile
from graph.embedded.layout import (
    CODE_OF,
    EMPLOYS,
    HASH_SIZE,
    HOLDS,
    LINE_AT,
    OFFERS,
    Head,
    after_recorded,
    pack_counts,
    pack_head,
    pack_position,
    pair_prefix,
    recorded_and_position,
    things,
    unpack_counts,
    unpack_head,
    unpack_position,
    version_key,
)
from graph.embedded.records import Record, about
from graph.intake import fact_of_line, line_of

_CODE: Final = {cls: CODE_OF[name] for name, cls in TYPES.items()}
_LAST_PART: Final = 8
"""Bytes of a version key after its instant: the position."""


class Entry(msgspec.Struct, frozen=True, gc=False):
    """A fact on its way into the ledger: its line, the line's hash, and what its version keys begin with.

    `subject`: whose record it belongs in.
    """

    fact: Fact
    line: bytes
    hash: bytes
    prefix: bytes
    subject: str | None


def entries_of(facts: Iterable[Fact]) -> list[Entry]:
    """The work that needs no transaction."""
    entries = []
    for fact in facts:
        line = line_of(fact)
        prefix = _CODE[type(fact)] + fact.id.encode() + b"\0"
        entries.append(Entry(fact, line, content_hash(line), prefix, about(fact)))
    return entries


class Holding(msgspec.Struct, frozen=True, gc=False):
    """The version that holds now. `fact` None: it was in the ledger before and has not been read."""

    recorded_at: int
    position: int
    fact: Fact | None


class Batch:
    """One write transaction: what it found in the file, and what it puts there."""

    def __init__(self, file: LedgerFile, txn: lmdb.Transaction[bytes]) -> None:
        self._file = file
        self._txn = txn
        head = txn.get(b"head", db=file.meta)
        if head is None:
            raise lmdb.CorruptedError("no head")
        self.head: Head = unpack_head(head)
        self._catalogue_position = self.head.catalogue_position
        self._catalogue_recorded_at = self.head.catalogue_recorded_at
        self._holding: dict[bytes, Holding | None] = {}
        self._records: dict[str, Record] = {}
        self._touched: set[str] = set()
        self._again = False
        """Whether a statement comes more than once in this batch."""
        self._contents: set[bytes] = set()
        self._ledger: list[tuple[bytes, bytes]] = []
        self._versions: list[bytes] = []
        self._pairs: set[bytes] = set()
        self._mentions: dict[bytes, list[bytes]] = {}
        self._registers: dict[str, list[bytes]] = defaultdict(list)
        """What mentions each register: nearly every fact does."""
        self._new: list[Fact] = []
        """Those whose ids are new."""
        self._stated: Counter[str] = Counter()
        """By register, how many authorities more, or fewer, hold by its word."""

    def append(self, entries: Sequence[Entry]) -> int:
        """Put the facts in, in this order. How many were new."""
        self._look_up(entries)
        position, last_link = self.head.position, self.head.link
        for entry in entries:
            held = self._holding[entry.prefix]
            if held is not None and self._is_there(entry):
                continue
            position += 1
            last_link = link(last_link, entry.hash)
            self._enter(entry, held, position, last_link)
        recorded = position - self.head.position
        if recorded:
            self._write(position, last_link)
        return recorded

    # what is there

    def _look_up(self, entries: Sequence[Entry]) -> None:
        cursor = self._txn.cursor(self._file.versions)
        prefixes = {entry.prefix for entry in entries}
        self._again = len(prefixes) < len(entries)
        for prefix in sorted(prefixes):
            found = cursor.set_range(after_recorded(prefix, None))
            holding = None
            if cursor.prev() if found else cursor.last():
                key = cursor.key()
                if key.startswith(prefix):
                    holding = Holding(*recorded_and_position(key), None)
            self._holding[prefix] = holding
        wanted = sorted({entry.subject.encode() for entry in entries if entry.subject is not None})
        for key, stored in self._txn.cursor(self._file.records).getmulti(wanted):
            self._records[key.decode()] = records.decode(stored)

    def _is_there(self, entry: Entry) -> bool:
        """Whether a version of the same instant has the same content: no change (facts.md 1)."""
        start = version_key(entry.prefix, entry.fact.recorded_at, 0)
        instant = start[:-_LAST_PART]
        if instant + entry.hash in self._contents:
            return True
        cursor = self._txn.cursor(self._file.versions)
        found = cursor.set_range(start)
        while found and (key := cursor.key()).startswith(instant):
            if self._stored(unpack_position(key))[HASH_SIZE:LINE_AT] == entry.hash:
                return True
            found = cursor.next()
        return False

    def _stored(self, position: int) -> bytes:
        stored = self._txn.get(pack_position(position), db=self._file.ledger)
        if stored is None:
            raise lmdb.CorruptedError(f"position {position} is missing")
        return stored

    # what goes in

    def _enter(self, entry: Entry, held: Holding | None, position: int, last_link: bytes) -> None:
        fact = entry.fact
        key = version_key(entry.prefix, fact.recorded_at, position)
        self._ledger.append((key[-_LAST_PART:], last_link + entry.hash + entry.line))
        self._versions.append(key)
        if held is None:
            self._new.append(fact)
        if self._again:
            self._contents.add(key[:-_LAST_PART] + entry.hash)
            if held is None or fact.recorded_at >= held.recorded_at:
                self._holding[entry.prefix] = Holding(fact.recorded_at, position, fact)
        subject = entry.subject
        if subject is None:
            self._catalogue_position = position
            self._catalogue_recorded_at = max(self._catalogue_recorded_at, fact.recorded_at)
        else:
            self._keep_record(fact, subject, held, position)
        self._point_to(fact, key[-_LAST_PART:])

    def _keep_record(self, fact: Fact, subject: str, held: Holding | None, position: int) -> None:
        record = self._record(subject)
        if held is None:
            records.enter_new(record, fact, position)
            self._count_stated(fact, 1)
        elif fact.recorded_at < held.recorded_at:
            records.note_history(record, fact, position, held.recorded_at)
        else:
            before = held.fact or fact_of_line(self._stored(held.position)[LINE_AT:])
            before_about = about(before)
            assert before_about is not None
            records.take_out(self._record(before_about), before, position, fact.recorded_at)
            records.enter_holding(record, fact, position)
            self._count_stated(before, -1)
            self._count_stated(fact, 1)

    def _count_stated(self, fact: Fact, one: int) -> None:
        if isinstance(fact, Authority) and not fact.retracted:
            self._stated[fact.register] += one

    def _record(self, party: str) -> Record:
        self._touched.add(party)
        record = self._records.get(party)
        if record is None:
            stored = self._txn.get(party.encode(), db=self._file.records)
            record = self._records[party] = Record() if stored is None else records.decode(stored)
        return record

    def _point_to(self, fact: Fact, position: bytes) -> None:
        """Index what the fact names, for lists and for walking the graph (`graph.relations`)."""
        kind = type(fact)
        if kind is not Register:
            self._registers[fact.register].append(position)
        if kind is Person or kind is Organisation:
            return  # the many, and they name nothing else
        match fact:
            case Authority():
                if fact.representative is not None:
                    self._pairs.add(pair_prefix(HOLDS, fact.representative) + fact.represented.encode())
                self._mention_all(position, services=fact.services, providers=fact.providers, people=fact.candidates)
            case Employment():
                self._pairs.add(pair_prefix(EMPLOYS, fact.organisation) + fact.employee.encode())
                self._mention_all(position, services=fact.services)
            case Service():
                self._pairs.add(pair_prefix(OFFERS, fact.provider) + fact.id.encode())
            case Consent():
                parties = {fact.from_, fact.representative} - {fact.represented, COURT}
                self._mention_all(position, providers=(fact.provider,), people=parties)
            case Ability():
                self._mention_all(position, providers=(fact.provider,))
            case Block():
                self._mention_all(position, providers=(fact.provider,), people=(fact.representative,))

    def _mention_all(
        self,
        position: bytes,
        *,
        services: Iterable[str] | None = (),
        providers: Iterable[str | None] | None = (),
        people: Iterable[str | None] = (),
    ) -> None:
        """`people`: organisations too, which share their ids."""
        for code, ids in ((b"s", services), (b"r", providers), (b"p", people)):
            if ids:
                for named in ids:
                    if named is not None:
                        self._mention(code, named, position)

    def _mention(self, code: bytes, named: str, position: bytes) -> None:
        key = code + named.encode() + b"\0"
        mentioned = self._mentions.get(key)
        if mentioned is None:
            self._mentions[key] = [position]
        else:
            mentioned.append(position)

    # writing

    def _write(self, position: int, last_link: bytes) -> None:
        txn, file = self._txn, self._file
        txn.cursor(file.ledger).putmulti(self._ledger, append=True)
        txn.cursor(file.versions).putmulti([(key, b"") for key in sorted(self._versions)])
        touched = sorted(self._touched)  # ids are ASCII: text sorts as its bytes do
        txn.cursor(file.records).putmulti([(id_.encode(), records.encode(self._records[id_])) for id_ in touched])
        txn.cursor(file.pairs).putmulti([(pair, b"") for pair in sorted(self._pairs)], overwrite=False)
        self._mentions |= {things("register", name): at for name, at in self._registers.items()}
        mentions = sorted(self._mentions.items())
        txn.cursor(file.mentions).putmulti([(key + at[0], b"".join(at)) for key, at in mentions])
        counts = Counter(unpack_counts(txn.get(b"counts", db=file.meta) or pack_counts({})))
        counts.update(type_of(fact) for fact in self._new)
        txn.put(b"counts", pack_counts(dict(counts)), db=file.meta)
        stated = Counter(unpack_counts(txn.get(b"stated", db=file.meta) or pack_counts({})))
        stated.update(self._stated)
        txn.put(b"stated", pack_counts({register: n for register, n in stated.items() if n}), db=file.meta)
        self.head = Head(position, last_link, self._catalogue_position, self._catalogue_recorded_at)
        txn.put(b"head", pack_head(self.head), db=file.meta)
