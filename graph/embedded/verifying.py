"""Checking the file against itself: contents against hashes, hashes against the chain, and what is derived from both.

Derived are the list of versions, which says what held when; the records, which decisions read; the pairs, which lead
from a holder to the people; and the counts. Each must be what the ledger says, in both directions: nothing missing, and
nothing there that was never recorded. A pair too many only says where to look, and what names a thing (`mentions`)
serves the drawing of the graph alone: these two are not looked through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Final, NamedTuple

import lmdb
import msgspec

from authority.codes import FactType
from authority.facts import Authority, Employment, Fact, Service, type_of
from authority.moments import SINCE_EVER
from graph.chain import GENESIS, content_hash, link
from graph.embedded import records
from graph.embedded.layout import (
    CODE_OF,
    EMPLOYS,
    HOLDS,
    OFFERS,
    VERSION_PART,
    Head,
    recorded_and_position,
)
from graph.embedded.looking import Look
from graph.embedded.records import Record, about
from graph.errors import Problem
from graph.intake import fact_of_line

PROBLEMS_MAX: Final = 1_000
"""So many are told one by one; of the others only how many there are."""

_TYPE_OF: Final = {code: fact_type for fact_type, code in CODE_OF.items()}
_NO_FACT: Final = (msgspec.MsgspecError, KeyError, ValueError, TypeError, AttributeError, Problem)
"""What a line or a record that nobody wrote may raise when it is read."""


class Version(NamedTuple):
    """A version of a statement. Of one statement, tuples sort in the order in which they hold."""

    recorded_at: int
    position: int
    fact: Fact


class Check:
    """A check in parts, each of which goes on where it stopped, so that no transaction is held for long.

    A part gets how much it may do and says whether there is more. The ledger is checked up to the head at the
    beginning, what is derived from it as it is by the time it is looked at.
    """

    def __init__(self, head: Head) -> None:
        self._head = head
        self._position = 0
        self._link = GENESIS
        self._next = {"versions": b"", "records": b""}
        self._ids: Counter[FactType] = Counter()
        self._stated: Counter[str] = Counter()
        self._catalogue_position = 0
        self._catalogue_recorded_at = SINCE_EVER
        self._problems: list[str] = []
        self._untold = 0

    @property
    def problems(self) -> tuple[str, ...]:
        """One line each."""
        untold = (f"and {self._untold} more",) if self._untold else ()
        return (*self._problems, *untold)

    def _found(self, problem: str) -> None:
        if len(self._problems) < PROBLEMS_MAX:
            self._problems.append(problem)
        else:
            self._untold += 1

    def structure(self, problems: Iterable[str]) -> None:
        """What is wrong with the file's pages."""
        for problem in problems:
            self._found(f"the file: {problem}")

    # the ledger

    def ledger(self, look: Look, positions: int) -> bool:
        """Contents, hashes and links, and at the end that the head which the file states is the chain's."""
        last = min(self._position + positions, self._head.position)
        for position, stored_link, stored_hash, line in look.entries(self._position, last):
            self._missing(position - 1)
            self._entry(look, position, stored_link, stored_hash, line)
            self._position, self._link = position, stored_link
        self._missing(last)
        self._position = last
        if last < self._head.position:
            return True
        if self._head.link != self._link:
            self._found("the head is not the last position's")
        return False

    def _missing(self, until: int) -> None:
        for position in range(self._position + 1, until + 1):
            self._found(f"position {position}: missing")

    def _entry(self, look: Look, position: int, stored_link: bytes, stored_hash: bytes, line: bytes) -> None:
        """A content is compared with its hash, the hash with its link: each is told where it was changed."""
        if link(self._link, stored_hash) != stored_link:
            self._found(f"position {position}: does not follow from the position before it")
        if content_hash(line) != stored_hash:
            self._found(f"position {position}: its content is not the one that was recorded")
            return
        fact = _fact(line)
        if fact is None:
            self._found(f"position {position}: states no fact")
        elif not look.is_indexed(position, fact):
            self._found(f"position {position}: not among the versions of its fact")

    # statements

    def statements(self, look: Look, versions: int) -> bool:
        """Each statement's versions, and what is derived from them."""
        prefix, found = b"", list[Version]()
        for seen, key in enumerate(look.version_keys(self._next["versions"])):
            if not key.startswith(prefix) or not prefix:
                self._statement(look, prefix, found)
                if seen >= versions:
                    self._next["versions"] = key
                    return True
                prefix, found = key[:-VERSION_PART], []
            version = self._version(look, key)
            if version is not None:
                found.append(version)
        self._statement(look, prefix, found)
        return False

    def _version(self, look: Look, key: bytes) -> Version | None:
        """What the ledger has where this key of a version leads."""
        recorded_at, position = recorded_and_position(key)
        line = look.line_at(position)
        if line is None:
            self._found(f"{_named(key)}: its version at position {position} is missing")
            return None
        fact = _fact(line)
        if fact is None:
            return None  # what is wrong with it was told where it stands
        if not key.startswith(CODE_OF[type_of(fact)] + fact.id.encode() + b"\0") or fact.recorded_at != recorded_at:
            self._found(f"{_named(key)}: position {position} is among its versions and states something else")
            return None
        return Version(recorded_at, position, fact)

    def _statement(self, look: Look, prefix: bytes, versions: list[Version]) -> None:
        if prefix:
            self._ids[_TYPE_OF[prefix[:1]]] += 1
        if not versions:
            return
        for _, position, fact in versions:
            if not _is_paired(look, fact):
                self._found(f"position {position}: its {type_of(fact)} is not among the pairs")
        holding = versions[-1].fact
        if isinstance(holding, Authority) and not holding.retracted:
            self._stated[holding.register] += 1
        if about(holding) is None:
            self._catalogue_position = max(self._catalogue_position, *(version.position for version in versions))
            self._catalogue_recorded_at = max(self._catalogue_recorded_at, holding.recorded_at)
        elif not self._is_derived(look, versions):
            what = f"{type_of(holding)} {holding.id}"
            self._found(f"{what}: what is read for decisions is not what the ledger holds")

    def _is_derived(self, look: Look, versions: list[Version]) -> bool:
        """Whether the records that these versions spoke of have what holds, and lead to what held."""
        for n, version in enumerate(versions):
            subject = about(version.fact)
            record = None if subject is None else _record(look, subject)
            later = versions[n + 1 :]
            if record is None or not _is_marked(record, version, later):
                return False
            if not later and not _is_kept(record, version.fact):
                return False
            if (later or version.fact.retracted) and not _is_remembered(record, version.fact):
                return False
        return True

    # records

    def records(self, look: Look, count: int) -> bool:
        """Nothing stands in a record that the ledger does not hold."""
        for seen, (key, stored) in enumerate(look.stored_records(self._next["records"])):
            if seen == count:
                self._next["records"] = key
                return True
            party = key.decode(errors="replace")
            record = _decoded(stored)
            if record is None:
                self._found(f"the record of {party}: unreadable")
                continue
            for fact in record.facts():
                if about(fact) != party or not _is_held(look, fact):
                    self._found(f"the record of {party}: {type_of(fact)} {fact.id} is not what the ledger holds")
        return False

    # at the end

    def end(self, look: Look, _count: int) -> bool:
        """The counts and the catalogue's marks, unless they have moved on."""
        if look.head.position == self._head.position:
            if look.counts() != dict(self._ids):
                self._found("the counts of ids are not those of the ledger")
            if look.stated_by() != dict(self._stated):
                self._found("the counts of authorities by register are not those of the ledger")
            marks = (look.head.catalogue_position, look.head.catalogue_recorded_at)
            if marks != (self._catalogue_position, self._catalogue_recorded_at):
                self._found("the marks of the catalogue's newest version are not those of the ledger")
        return False


def _fact(line: bytes) -> Fact | None:
    try:
        return fact_of_line(line)
    except _NO_FACT:
        return None


def _named(key: bytes) -> str:
    """The statement that a version key belongs to."""
    fact_type = _TYPE_OF.get(key[:1], "nothing")
    return f"{fact_type} {key[1 : -VERSION_PART - 1].decode(errors='replace')}"


def _decoded(stored: bytes) -> Record | None:
    try:
        return records.decode(stored)
    except msgspec.MsgspecError:
        return None


def _record(look: Look, party: str) -> Record | None:
    try:
        return look.record(party)
    except msgspec.MsgspecError:
        return None


def _is_kept(record: Record, holding: Fact) -> bool:
    """Whether the record that decisions read has this version, or not if it is retracted."""
    kept = [fact for fact in record.facts() if fact.id == holding.id and type(fact) is type(holding)]
    return kept == ([] if holding.retracted else [holding])


def _is_remembered(record: Record, fact: Fact) -> bool:
    """Whether the record that a version spoke of leads views of the past to it (`records.Record`)."""
    if isinstance(fact, Authority) and fact.representative not in (None, *record.holders()):
        return False
    return (type_of(fact), fact.id) in record.statements()


def _is_marked(record: Record, version: Version, later: list[Version]) -> bool:
    """Whether the record does not pass for older than this version's coming and going."""
    recorded_at = later[0].recorded_at if later else version.recorded_at
    position = min((after.position for after in later), default=version.position)
    return record.recorded_at >= recorded_at and record.position >= max(position, version.position)


def _is_held(look: Look, fact: Fact) -> bool:
    try:
        return not fact.retracted and look.holding(type_of(fact), fact.id) == fact
    except (lmdb.Error, *_NO_FACT):
        return False


def _is_paired(look: Look, fact: Fact) -> bool:
    match fact:
        case Authority(representative=str(holder)):
            return look.is_paired(HOLDS, holder, fact.represented)
        case Employment():
            return look.is_paired(EMPLOYS, fact.organisation, fact.employee)
        case Service():
            return look.is_paired(OFFERS, fact.provider, fact.id)
    return True
