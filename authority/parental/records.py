"""A person's record as the tree reads it: rows that count, and a note of every value in doubt that was looked at.

Source: domain.md 7.1. A row that was corrected away is not there; one that is merely old counts where "ever" is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final, Literal, TypeVar

from authority.parental.brp import ParentEntry, ParentRow, PersonRecord, PersonRow, Row, UnderInvestigation, UnionRow

Unfit = Literal["DECEASED", "CURATELE", "MINOR"]
"""Why somebody cannot hold authority (onbevoegd), in the order in which it is asked. BW 1:246."""

UNKNOWN_PARENT: Final = "."
"""The surname that stands for a parent nobody knows (punt-ouder)."""
_NAME_AND_SEX: Final = ("0210", "0220", "0230", "0240", "0410")

AnyRow = TypeVar("AnyRow", bound=Row)


def adult_since(birth_date: str | None, today: date) -> bool:
    """18 or over. An unknown birth date is an adult's to the register (domain.md 7.1); see `BIRTH_DATE_INCOMPLETE`."""
    return birth_date is None or birth_date <= f"{today.year - 18:04d}{today:-%m-%d}"


def incomplete(day: str | None) -> bool:
    """Unknown, or known in part."""
    return day is None or day.startswith("0000") or "-00" in day


def deed_kind(deed_no: str | None) -> str | None:
    """The third character of a Dutch deed's number: A birth, B C J V acknowledgement, E denial, Q adoption."""
    return deed_no[2] if deed_no is not None and len(deed_no) > 2 else None


def counting(rows: Iterable[AnyRow]) -> list[AnyRow]:
    """Without those corrected away (onjuist)."""
    return [row for row in rows if not row.incorrect]


class Doubts:
    """The values under investigation (in onderzoek) that an answer rests on. They flag it and change nothing else."""

    __slots__ = ("fields", "today")

    def __init__(self, today: date) -> None:
        self.today = today.isoformat()
        self.fields: set[str] = set()

    def look(self, mark: UnderInvestigation | None, *fields: str) -> None:
        """These fields of a row were read; those that its mark covers are in doubt.

        `fields` are six-digit numbers. A person's own BSN in doubt flags nothing, unless the whole category is.
        """
        if mark is None or (mark.until is not None and mark.until < self.today):
            return
        marked = mark.field.zfill(6)
        for field in fields:
            whole_category = marked[2:] == "0000"
            if whole_category:
                covered = field[:2] == marked[:2]
            elif marked[4:] == "00":
                covered = field[:4] == marked[:4]
            else:
                covered = field == marked
            if covered and (whole_category or field != "010120"):
                self.fields.add(field)


class Parent:
    """A parent as the child's own record names them."""

    __slots__ = ("category", "doubts", "number", "row", "rows")

    def __init__(self, number: Literal[1, 2], entry: ParentEntry | None, doubts: Doubts) -> None:
        self.number, self.doubts, self.category = number, doubts, f"0{number + 1}"
        self.rows: Sequence[ParentRow] = counting((entry, *entry.history)) if entry is not None else ()
        self.row = self.rows[0] if self.rows else ParentRow()

    def _look(self, *elements: str) -> None:
        self.doubts.look(self.row.under_investigation, *(self.category + element for element in elements))

    @property
    def bsn(self) -> str | None:
        """None for one without a BSN."""
        self._look("0120")
        return self.row.bsn

    @property
    def surname(self) -> str | None:
        """None where the register names nobody in this place."""
        self._look("0240")
        return self.row.surname or None

    @property
    def known(self) -> bool:
        """There is a legal parent in this place, and the register says who."""
        return self.surname not in (None, UNKNOWN_PARENT)

    @property
    def birth_date(self) -> str | None:
        """As the child's record has it."""
        self._look("0310")
        return self.row.birth_date

    @property
    def is_woman(self) -> bool:
        """As the child's record has it."""
        self._look("0410")
        return self.row.sex == "V"

    @property
    def family_relation_from(self) -> str | None:
        """Since when this is a legal parent (62.10)."""
        self._look("6210")
        return self.row.family_relation_from

    def deed_kinds(self) -> set[str | None]:
        """Of every deed that made, or unmade, this parent."""
        return _deed_kinds(self.rows, self.category, self.doubts)

    def named(self) -> str | None:
        """The BSN, where this parent is part of the answer: name and sex are then looked at too."""
        self._look(*_NAME_AND_SEX)
        return self.bsn


class Record:
    """One person's own record."""

    __slots__ = ("_union_rows", "doubts", "entry", "row", "rows", "today")

    def __init__(self, entry: PersonRecord, doubts: Doubts, today: date) -> None:
        self.entry, self.doubts, self.today = entry, doubts, today
        self._union_rows: list[UnionRow] | None = None
        self.rows: Sequence[PersonRow] = counting((entry, *entry.history))
        self.row = self.rows[0] if self.rows else PersonRow()

    @property
    def bsn(self) -> str | None:
        """The key under which this record was found."""
        self.doubts.look(self.row.under_investigation, "010120")
        return self.entry.bsn

    @property
    def birth_date(self) -> str | None:
        """None, or with parts `00`, where it is not known."""
        self.doubts.look(self.row.under_investigation, "010310")
        return self.row.birth_date

    @property
    def birth_country(self) -> str | None:
        """A code; 6030 is the Netherlands."""
        self.doubts.look(self.row.under_investigation, "010330")
        return self.row.birth_country or None

    @property
    def adult(self) -> bool:
        """Today."""
        return adult_since(self.birth_date, self.today)

    @property
    def deceased(self) -> bool:
        """Either sign is enough: who may be dead holds nothing."""
        suspended = self.entry.record_suspended
        return self.entry.date_of_death is not None or (suspended is not None and suspended.reason == "O")

    @property
    def in_rni_only(self) -> bool:
        """Only in the non-residents' register, which keeps up too little to answer from."""
        suspended = self.entry.record_suspended
        return suspended is not None and suspended.reason == "R"

    @property
    def under_curatele(self) -> bool:
        """As far as the BRP shows (33.10)."""
        record = self.entry.authority_record
        if record is None or record.incorrect:
            return False
        self.doubts.look(record.under_investigation, "113310")
        return record.curatele_register

    def unfit(self) -> Unfit | None:
        """Why this person cannot hold authority, or None."""
        if self.deceased:
            return "DECEASED"
        if self.under_curatele:
            return "CURATELE"
        return None if self.adult else "MINOR"

    def deed_kinds(self) -> set[str | None]:
        """Of every deed on which this record's own category rests or rested."""
        return _deed_kinds(self.rows, "01", self.doubts)

    def union_rows(self) -> list[UnionRow]:
        """All starts and ends of marriages and partnerships, newest first; an end before a start of the same day."""
        if self._union_rows is not None:
            return self._union_rows
        rows: dict[tuple[str | None, str | None, str | None], UnionRow] = {}
        for entry in self.entry.unions:
            for row in counting((entry, *entry.history)):
                if row.start is not None or row.end is not None:
                    rows.setdefault((row.bsn, row.start, row.end), row)
                    self.doubts.look(row.under_investigation, "050120", "050610", "050710", "050740")
        newest_first = sorted(
            rows.values(), key=lambda row: (row.start or row.end or "", row.start is None), reverse=True
        )
        self._union_rows = newest_first
        return newest_first

    def look_at_name(self) -> None:
        """This person is part of the answer: BSN, name, birth and sex are passed on with it."""
        self.doubts.look(
            self.row.under_investigation, "010120", "010310", *("01" + element for element in _NAME_AND_SEX)
        )


def _deed_kinds(rows: Sequence[PersonRow] | Sequence[ParentRow], category: str, doubts: Doubts) -> set[str | None]:
    for position, row in enumerate(rows):
        # a row of history bears its category's number plus 50
        doubts.look(row.under_investigation, f"{'5' if position else '0'}{category[1]}8120")
    return {deed_kind(row.deed_no) for row in rows}
