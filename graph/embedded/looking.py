"""Reading within one transaction: what held, as of a position and as known at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

import lmdb

from authority.codes import FactType
from authority.facts import Fact, Provider, Register, Service, type_of
from authority.registers import Registers
from graph.embedded import records
from graph.embedded.file import LedgerFile
from graph.embedded.layout import (
    CODE_OF,
    HASH_SIZE,
    LAST_POSITION,
    LINE_AT,
    Head,
    after_recorded,
    id_in,
    pack_position,
    pair_prefix,
    things,
    unpack_counts,
    unpack_position,
    version_key,
)
from graph.embedded.records import EMPTY, Record, about
from graph.intake import fact_of_line
from graph.ledger import View

NOW: Final = View()


class Catalogue:
    """Providers, services and registers as they are now, decoded once; kept for as long as none of them changes."""

    __slots__ = ("known", "position", "registers")

    def __init__(self, position: int) -> None:
        self.position = position
        self.known: dict[tuple[FactType, str], Fact | None] = {}
        self.registers: Registers | None = None


class Look:
    """One read transaction. Everything read through it belongs to the same position of the ledger."""

    __slots__ = ("_catalogue", "_file", "_txn", "head")

    def __init__(self, file: LedgerFile, txn: lmdb.Transaction[bytes], head: Head, catalogue: Catalogue) -> None:
        self._file = file
        self._txn = txn
        self._catalogue = catalogue
        self.head = head

    # the ledger

    def fact_at(self, position: int) -> Fact:
        """The fact at a position that exists."""
        entry = self._txn.get(pack_position(position), db=self._file.ledger)
        if entry is None:
            raise lmdb.CorruptedError(f"position {position} is missing")
        return fact_of_line(entry[LINE_AT:])

    def entries(self, after: int, until: int) -> Iterator[tuple[int, bytes, bytes, bytes]]:
        """Position, link, content hash and line, after `after` up to and including `until`."""
        cursor = self._txn.cursor(self._file.ledger)
        if not cursor.set_range(pack_position(after + 1)):
            return
        for key, entry in cursor:
            position = unpack_position(key)
            if position > until:
                return
            yield position, entry[:HASH_SIZE], entry[HASH_SIZE:LINE_AT], entry[LINE_AT:]

    def line_at(self, position: int) -> bytes | None:
        """The line at a position, if there is one."""
        entry = self._txn.get(pack_position(position), db=self._file.ledger)
        return None if entry is None else entry[LINE_AT:]

    def is_indexed(self, position: int, fact: Fact) -> bool:
        """Whether this fact at this position stands among the versions of its statement."""
        key = version_key(things(type_of(fact), fact.id), fact.recorded_at, position)
        return self._txn.get(key, db=self._file.versions) is not None

    def counts(self) -> dict[str, int]:
        """The number of ids by type; a type without any is left out."""
        stored = self._txn.get(b"counts", db=self._file.meta)
        return {} if stored is None else unpack_counts(stored)

    def stated_by(self) -> dict[str, int]:
        """By register, the number of authorities of which it states the version that holds; none of them retracted."""
        stored = self._txn.get(b"stated", db=self._file.meta)
        return {} if stored is None else unpack_counts(stored)

    # versions

    def version(self, fact_type: FactType, fact_id: str, view: View = NOW) -> int | None:
        """The position of the version that holds in this view, a retracted one too."""
        prefix = things(fact_type, fact_id)
        cursor = self._txn.cursor(self._file.versions)
        found = cursor.set_range(after_recorded(prefix, view.known_at))
        last = LAST_POSITION if view.as_of is None else view.as_of
        while cursor.prev() if found else cursor.last():
            found = True
            key = cursor.key()
            if not key.startswith(prefix):
                return None
            position = unpack_position(key)
            if position <= last:
                return position
        return None

    def holding(self, fact_type: FactType, fact_id: str, view: View = NOW) -> Fact | None:
        """The version that holds in this view, a retracted one too; None: unknown."""
        position = self.version(fact_type, fact_id, view)
        return None if position is None else self.fact_at(position)

    def holding_versions(self, keys: Iterable[tuple[FactType, str]]) -> dict[tuple[FactType, str], Fact]:
        """The versions of these that hold now, retracted ones too; unknown ones are left out."""
        cursor, found = self._txn.cursor(self._file.versions), dict[tuple[FactType, str], Fact]()
        by_prefix = {things(*key): key for key in keys}
        for prefix in sorted(by_prefix):  # neighbours lie on one page
            after = cursor.set_range(after_recorded(prefix, None))
            if (cursor.prev() if after else cursor.last()) and (last := cursor.key()).startswith(prefix):
                found[by_prefix[prefix]] = self.fact_at(unpack_position(last))
        return found

    def stated(self, fact_type: FactType, fact_id: str, view: View = NOW) -> Fact | None:
        """The version that holds in this view, unless it is retracted."""
        fact = self.holding(fact_type, fact_id, view)
        return None if fact is None or fact.retracted else fact

    def history(self, fact_type: FactType, fact_id: str) -> list[tuple[int, Fact]]:
        """Every version with its position, in ledger order."""
        prefix = things(fact_type, fact_id)
        positions = sorted(unpack_position(key) for key in self._keys(self._file.versions, prefix, prefix))
        return [(position, self.fact_at(position)) for position in positions]

    def ids(self, fact_type: FactType, after: str = "", limit: int | None = None) -> list[str]:
        """Ids of this type in ascending order, after one of them."""
        code, found = CODE_OF[fact_type], list[str]()
        cursor = self._txn.cursor(self._file.versions)
        key = after_recorded(things(fact_type, after), None) if after else code
        while (limit is None or len(found) < limit) and cursor.set_range(key):
            key = cursor.key()
            if not key.startswith(code):
                break
            fact_id = id_in(key)
            found.append(fact_id)
            key = after_recorded(things(fact_type, fact_id), None)
        return found

    def version_keys(self, start: bytes) -> Iterator[bytes]:
        """Every version key from this one on."""
        return self._keys(self._file.versions, b"", start)

    # pairs and mentions

    def is_paired(self, relation: bytes, one: str, other: str) -> bool:
        """Whether these two were ever paired."""
        return self._txn.get(pair_prefix(relation, one) + other.encode(), db=self._file.pairs) is not None

    def paired(self, relation: bytes, one: str, after: str = "", limit: int | None = None) -> list[str]:
        """The other ids that this one was ever paired with, in ascending order, after one of them."""
        prefix = pair_prefix(relation, one)
        found: list[str] = []
        for key in self._keys(self._file.pairs, prefix, prefix + after.encode()):
            if limit is not None and len(found) >= limit:
                break
            other = key[len(prefix) :].decode()
            if other > after:
                found.append(other)
        return found

    def mentions(self, fact_type: FactType, fact_id: str) -> Iterator[int]:
        """Positions of facts that name this thing, beside those that its record or pairs lead to."""
        prefix = things(fact_type, fact_id)
        cursor = self._txn.cursor(self._file.mentions)
        if not cursor.set_range(prefix):
            return
        for key, positions in cursor:
            if not key.startswith(prefix):
                return
            for start in range(0, len(positions), 8):
                yield unpack_position(positions[start : start + 8])

    def _keys(self, db: lmdb._Database, prefix: bytes, start: bytes) -> Iterator[bytes]:
        cursor = self._txn.cursor(db)
        if not cursor.set_range(start):
            return
        for key in cursor.iternext(keys=True, values=False):
            if not key.startswith(prefix):
                return
            yield key

    # records and catalogue

    def stored_records(self, start: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Every record from this key on, as it lies there."""
        cursor = self._txn.cursor(self._file.records)
        return iter(cursor) if cursor.set_range(start) else iter(())

    def record(self, party: str) -> Record:
        """The record of a person or organisation as it is now; empty for somebody unknown."""
        try:
            stored = self._txn.get(party.encode(), db=self._file.records)
        except (lmdb.BadValsizeError, UnicodeEncodeError):  # no id of the contract, so nobody's
            return EMPTY
        return EMPTY if stored is None else records.decode(stored)

    def record_in(self, party: str, view: View) -> Record:
        """The record as it was in this view."""
        record = self.record(party)
        if (view.known_at is None or view.known_at >= record.recorded_at) and (
            view.as_of is None or view.as_of >= record.position
        ):
            return record
        older = Record()
        for fact_type, fact_id in sorted(record.statements()):
            fact = self.stated(fact_type, fact_id, view)
            if fact is not None and about(fact) == party:
                records.enter_new(older, fact, 0)
        return older

    def catalogued(self, fact_type: FactType, fact_id: str, view: View) -> Fact | None:
        """A provider, service or register that is stated in this view."""
        if not self._catalogue_is_current(view):
            return self.stated(fact_type, fact_id, view)
        known, key = self._catalogue.known, (fact_type, fact_id)
        if key not in known:
            fact = self.stated(fact_type, fact_id)
            if fact is None:
                return None  # not remembered: anybody may ask for any number of ids that do not exist
            known[key] = fact
        return known[key]

    def service(self, service_id: str, view: View) -> Service | None:
        """A service that is stated in this view."""
        fact = self.catalogued("service", service_id, view)
        assert fact is None or isinstance(fact, Service)
        return fact

    def provider(self, provider_id: str, view: View) -> Provider | None:
        """A provider that is stated in this view."""
        fact = self.catalogued("provider", provider_id, view)
        assert fact is None or isinstance(fact, Provider)
        return fact

    def registers(self, view: View) -> Registers:
        """Every register fact that is stated in this view, by id."""
        if not self._catalogue_is_current(view):
            return self._registers(view)
        if self._catalogue.registers is None:
            self._catalogue.registers = self._registers(NOW)
        return self._catalogue.registers

    def _registers(self, view: View) -> Registers:
        stated = (self.stated("register", register, view) for register in self.ids("register"))
        return Registers.of(fact for fact in stated if isinstance(fact, Register))

    def _catalogue_is_current(self, view: View) -> bool:
        return (view.known_at is None or view.known_at >= self.head.catalogue_recorded_at) and (
            view.as_of is None or view.as_of >= self.head.catalogue_position
        )

    def find(self, fact_type: FactType, ids: Iterable[str], view: View) -> dict[str, Fact]:
        """Those of these ids that are stated in this view."""
        found = ((fact_id, self.stated(fact_type, fact_id, view)) for fact_id in ids)
        return {fact_id: fact for fact_id, fact in found if fact is not None}
