"""One derivation: a child, its parents as its record names them, and what the way through the tree has learnt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final, Literal

from authority.parental.brp import PersonRecord
from authority.parental.records import UNKNOWN_PARENT, Doubts, Parent, Record, Unfit, adult_since

Flag = Literal[
    "ACKNOWLEDGEMENT_EXCEPTION_NOT_VISIBLE",
    "ADOPTION_DEED_OVERWRITTEN",
    "BIRTH_DATE_INCOMPLETE",
    "DEATH_STATED_BY_PARTNER",
    "DECLARATION_OF_AGE_NOT_VISIBLE",
    "HOLDER_NOT_NAMED",
    "PARENT_WITHOUT_RECORD",
    "RESTORED_BY_REMARRIAGE",
    "UNION_ABROAD_NOT_VISIBLE",
]
"""What the register cannot show, and so the tree cannot see (domain.md 7.5). A flag never changes the outcome."""

DOUBTFUL_FLAGS: Final[frozenset[Flag]] = frozenset({"DEATH_STATED_BY_PARTNER", "RESTORED_BY_REMARRIAGE"})
"""Flags under which an authority is passed on as under investigation: it may be false."""


ONE_RECORD: Final = "one record for one BSN"


class Missing(Exception):
    """The register does not hold what a question needs: the outcome is UNDETERMINED, and this names what is missing."""


class Population:
    """All records, by BSN. Records in error (F) or erased (W) are not there."""

    __slots__ = ("_records",)

    def __init__(self, persons: Iterable[PersonRecord]) -> None:
        self._records: dict[str, list[PersonRecord]] = {}
        for person in persons:
            suspended = person.record_suspended
            if person.bsn is not None and (suspended is None or suspended.reason not in ("F", "W")):
                self._records.setdefault(person.bsn, []).append(person)

    def all_of(self, bsn: str | None) -> list[PersonRecord]:
        """More than one is a fault of the register."""
        return self._records.get(bsn, []) if bsn is not None else []

    def record_of(self, bsn: str | None) -> PersonRecord | None:
        """The one record; raises `Missing` where several claim this BSN: which one is true is not for us to guess."""
        found = self.all_of(bsn)
        if len(found) > 1:
            raise Missing(ONE_RECORD)
        return found[0] if found else None


class Derivation:
    """What the questions ask about, and what reading it brought up: `flags` and `doubts`."""

    __slots__ = ("_loaded", "child", "doubts", "flags", "parents", "population", "today")

    def __init__(self, child: PersonRecord, population: Population, today: date) -> None:
        self.population, self.today = population, today
        self.doubts = Doubts(today)
        self.flags: set[Flag] = set()
        self.child = Record(child, self.doubts, today)
        self.parents = (
            Parent(1, child.parents.first, self.doubts),
            Parent(2, child.parents.second, self.doubts),
        )
        self._loaded: dict[str, Record | None] = {}

    def record_of(self, bsn: str | None) -> Record | None:
        """Somebody's own record, or None: not in the register."""
        if bsn is None:
            return None
        if bsn not in self._loaded:
            entry = self.population.record_of(bsn)
            self._loaded[bsn] = Record(entry, self.doubts, self.today) if entry is not None else None
        return self._loaded[bsn]

    def resident_record_of(self, parent: Parent) -> Record | None:
        """A parent's own record, or None; raises `Missing` where it lies in the non-residents' register only."""
        record = self.record_of(parent.bsn)
        if record is None:
            self.flags.add("PARENT_WITHOUT_RECORD")
        elif record.in_rni_only:
            raise Missing(f"record of parent {parent.number} among residents")
        else:
            # the official module reads the unions of every parent it comes across, so their doubts count
            record.union_rows()
        return record

    def other(self, parent: Parent) -> Parent:
        """The parent in the other place."""
        return self.parents[2 - parent.number]

    def two_parents(self) -> bool:
        """Both legal parents are there and known."""
        first, second = self.parents
        return first.known and second.known

    def unfit(self, parent: Parent) -> Unfit | None:
        """Why this parent cannot hold authority; of one without a record only minority can be told."""
        record = self.resident_record_of(parent)
        if record is None:
            minor = parent.birth_date is not None and not adult_since(parent.birth_date, self.today)
            unfit: Unfit | None = "MINOR" if minor else None
        else:
            unfit = record.unfit()
        if (
            unfit == "MINOR"
            and parent.is_woman
            and self._is_sixteen(record.birth_date if record else parent.birth_date)
        ):
            self.flags.add("DECLARATION_OF_AGE_NOT_VISIBLE")
        return unfit

    def legal_parents(self) -> tuple[str, ...]:
        """Those with a BSN. The answer does not rest on this, so nothing is noted as looked at."""
        rows = (parent.row for parent in self.parents)
        return tuple(row.bsn for row in rows if row.bsn is not None and row.surname not in (None, "", UNKNOWN_PARENT))

    def _is_sixteen(self, birth_date: str | None) -> bool:
        return birth_date is not None and birth_date <= f"{self.today.year - 16:04d}{self.today:-%m-%d}"
