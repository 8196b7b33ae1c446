"""What the population register (BRP) holds on people, as far as authority over minors rests on it.

Field names are those of the interchange of official cases; the numbers in docstrings are those of the register's own
data model (Logisch Ontwerp BRP: category, group, element). A date is text `YYYY-MM-DD` whose unknown parts are `00`,
compared as the register does, as a number: text of this form sorts the same. `None`: the register holds no value.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Final, Literal

import msgspec

BSN_PATTERN: Final = r"\A[0-9]{9}\Z"
DATE_PATTERN: Final = r"\A[0-9]{4}-[0-9]{2}-[0-9]{2}\Z"
FIELD_PATTERN: Final = r"\A[0-9]{4,6}\Z"

Bsn = Annotated[str, msgspec.Meta(pattern=BSN_PATTERN)]
"""Nine digits. The eleven test is not for here: it guards the door where people type (DESIGN.md chapter 3)."""
RegisterDate = Annotated[str, msgspec.Meta(pattern=DATE_PATTERN)]
FieldNumber = Annotated[str, msgspec.Meta(pattern=FIELD_PATTERN)]
Sex = Literal["M", "V", "O"]
Indication = Literal["1", "2", "12", "1D", "2D", "D"]
Suspension = Literal["O", "E", "M", "R", "F", "W"]
"""Deceased, emigrated, ministerial, non-residents' register only, in error, erased (element 67.20)."""


class UnderInvestigation(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Group 83: which data of a row are in doubt. `field` may name a group (`..00`) or a category (`..0000`)."""

    field: FieldNumber
    since: RegisterDate | None = None
    until: RegisterDate | None = None


class Row(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One row of a category. `incorrect` (84.10): corrected away, never to be read as if it had been true."""

    incorrect: bool = False
    valid_from: RegisterDate | None = None
    under_investigation: UnderInvestigation | None = None


class PersonRow(Row, frozen=True, kw_only=True, gc=False):
    """Category 01."""

    bsn: Bsn | None = None
    surname: str | None = None
    birth_date: RegisterDate | None = None
    birth_country: str | None = None
    sex: Sex | None = None
    deed_no: str | None = None


class ParentRow(Row, frozen=True, kw_only=True, gc=False):
    """Category 02 or 03: a parent as the child's own record names them. Surname `.`: a parent nobody knows."""

    bsn: Bsn | None = None
    surname: str | None = None
    birth_date: RegisterDate | None = None
    birth_country: str | None = None
    sex: Sex | None = None
    family_relation_from: RegisterDate | None = None
    deed_no: str | None = None


class UnionRow(Row, frozen=True, kw_only=True, gc=False):
    """Category 05: a marriage or registered partnership begins (06) or ends (07). `end_reason` S divorce, O death."""

    bsn: Bsn | None = None
    surname: str | None = None
    birth_date: RegisterDate | None = None
    sex: Sex | None = None
    start: RegisterDate | None = None
    end: RegisterDate | None = None
    end_reason: str | None = None


class ParentEntry(ParentRow, frozen=True, kw_only=True, gc=False):
    """The row of today, and those before it, newest first."""

    history: tuple[ParentRow, ...] = ()


class UnionEntry(UnionRow, frozen=True, kw_only=True, gc=False):
    """The row of today, and those before it, newest first."""

    history: tuple[UnionRow, ...] = ()


class ChildEntry(Row, frozen=True, kw_only=True, gc=False):
    """Category 09: a child as the parent's record names it; only the row of today matters."""

    bsn: Bsn | None = None
    birth_date: RegisterDate | None = None


class AuthorityRecord(Row, frozen=True, kw_only=True, gc=False):
    """Category 11: what a court said of a minor (32.10, since 85.10), or that this adult is under curatele (33.10)."""

    indication: Indication | None = None
    effective_from: RegisterDate | None = None
    curatele_register: bool = False


class Residence(Row, frozen=True, kw_only=True, gc=False):
    """Category 08. Municipality 1999 is the non-residents' register (RNI)."""

    municipality: str | None = None
    settled_in_nl_on: RegisterDate | None = None


class RecordSuspended(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Group 67: why and since when the record is no longer kept up."""

    reason: Suspension
    since: RegisterDate | None = None


class Parents(msgspec.Struct, frozen=True, kw_only=True, gc=False, rename={"first": "1", "second": "2"}):
    """Parent 1 and parent 2. The order says nothing of mother or father."""

    first: ParentEntry | None = None
    second: ParentEntry | None = None


class PersonRecord(PersonRow, frozen=True, kw_only=True, gc=False):
    """One person's record (persoonslijst)."""

    history: tuple[PersonRow, ...] = ()
    date_of_death: RegisterDate | None = None
    record_suspended: RecordSuspended | None = None
    residence: Residence | None = None
    authority_record: AuthorityRecord | None = None
    parents: Parents = Parents()
    unions: tuple[UnionEntry, ...] = ()
    children: tuple[ChildEntry, ...] = ()


class Persons(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """All records that an answer may need."""

    persons: tuple[PersonRecord, ...]


class Query(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """Whose relations are asked: a minor's own, or those that an adult holds."""

    bsn: Bsn


class ThirdParty(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One who holds authority and is not a parent. `known` False: the register does not say who."""

    known: bool
    bsn: Bsn | None = None


class Relation(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One answer in the official shape (BRP API gezag, version 2). `parents`: None for one without a BSN."""

    type: Literal[
        "EenhoofdigOuderlijkGezag",
        "GezamenlijkOuderlijkGezag",
        "GezamenlijkGezag",
        "Voogdij",
        "TijdelijkGeenGezag",
        "GezagNietTeBepalen",
    ]
    minor: Bsn
    parents: tuple[Bsn | None, ...] | None = None
    third_parties: tuple[ThirdParty, ...] | None = None
    under_investigation: bool


class Case(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One line of a cases file. `evaluation_date` is the day of today; `expected` the answer to compare with."""

    id: str
    evaluation_date: date
    facts: Persons
    query: Query
    tier: str = "current"
    expected: tuple[Relation, ...] | None = None
