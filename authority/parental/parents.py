"""By law: how many parents, what binds them, and who acknowledged the child (domain.md 7.2, 2.1 to 2b.1)."""

from __future__ import annotations

from typing import Final, Literal

from authority.parental import texts
from authority.parental.brp import UnionRow
from authority.parental.derivation import Derivation, Missing
from authority.parental.ends import both_parents, parent_and_partner, that_parent
from authority.parental.question import Answer, Ending, question
from authority.parental.records import UNKNOWN_PARENT, Parent, Record
from authority.parental.unions import unions

ACKNOWLEDGEMENT_BY_LAW_SINCE: Final = "2023-01-01"
"""Who acknowledges from this day on holds authority with the mother by law. BW 1:251b."""
ACKNOWLEDGEMENT_DEEDS: Final = frozenset("BCJV")
"""With the birth, after it, before a notary, and parenthood established by the court."""
NETHERLANDS: Final = "6030"

TheirUnion = Literal["NOW", "BEFORE", "NEVER"]


@question(
    "2.1",
    nl="Hoeveel juridische ouders heeft het kind?",
    en="How many legal parents has the child?",
    source="BW 1:198, 1:199",
)
def legal_parents(case: Derivation) -> Answer:
    """A parent nobody knows (surname `.`) is not the same as no parent."""
    first, second = case.parents
    if UNKNOWN_PARENT in (first.surname, second.surname):
        return Answer("one or two not known", Ending("UNDETERMINED", because=texts.PARENT_NOT_KNOWN))
    if first.known and second.known:
        return Answer("two", united)
    if first.known or second.known:
        return Answer("one", born_within_union)
    return Answer("none", Ending("NO_AUTHORITY", because=texts.NO_PARENTS))


@question(
    "2a.1",
    nl="Zijn de ouders met elkaar gehuwd of geregistreerd partner?",
    en="Are the parents each other's spouse or registered partner?",
    source="BW 1:251, 1:253, 1:253aa",
)
def united(case: Derivation) -> Answer:
    """Now, or before in a way that left their joint authority as it was; or never while the child was there."""
    union = union_of_parents(case)
    if union == "NOW":
        return Answer("yes", both_parents())
    if union == "BEFORE":
        return Answer("no, but they were", both_parents())
    if any(parent.row.birth_country not in (None, NETHERLANDS) for parent in case.parents):
        case.flags.add("UNION_ABROAD_NOT_VISIBLE")
    return Answer("never", adopted)


def union_of_parents(case: Derivation) -> TheirUnion:
    """NOW: running, both alive. BEFORE: ended after the birth, or by death. NEVER: never, or divorced before it."""
    first, second = case.parents
    first_record, second_record = case.resident_record_of(first), case.resident_record_of(second)
    if first_record is not None and second_record is not None:
        return _by_both_records(case, first_record, second_record)
    if first_record is not None:
        return _by_one_record(case, first_record, second)
    if second_record is not None:
        return _by_one_record(case, second_record, first)
    return "NEVER"


def _by_both_records(case: Derivation, first: Record, second: Record) -> TheirUnion:
    of_first, of_second = _newest_row(first, second.bsn), _newest_row(second, first.bsn)
    if of_first is None or of_second is None:
        return "NEVER"
    if of_first.end is None and of_second.end is None:
        return "BEFORE" if first.deceased or second.deceased else "NOW"
    for row in (of_first, of_second):
        if row.end_reason == "S" and _divorced_before_birth(case, row):
            return "NEVER"
    return "BEFORE"


def _newest_row(record: Record, partner: str | None) -> UnionRow | None:
    return next((row for row in record.union_rows() if row.bsn == partner), None)


def _divorced_before_birth(case: Derivation, row: UnionRow) -> bool:
    birth_date = case.child.birth_date
    if row.end is None or birth_date is None:
        raise Missing("date of the parents' divorce")
    return row.end < birth_date


def _by_one_record(case: Derivation, record: Record, other: Parent) -> TheirUnion:
    """The other parent is in no register: the union can only be found by surname and birth date."""
    surname, birth_date = other.surname, other.birth_date
    matching = []
    for row in record.union_rows():
        case.doubts.look(row.under_investigation, "050240", "050310")
        if row.surname == surname and row.birth_date is not None and row.birth_date == birth_date:
            matching.append(row)
    if any(row.end_reason == "O" for row in matching):
        case.flags.add("DEATH_STATED_BY_PARTNER")
    return "NOW" if matching else "NEVER"


@question(
    "2a.2",
    nl="Is het kind geadopteerd?",
    en="Has the child been adopted?",
    source="BW 1:229",
)
def adopted(case: Derivation) -> Answer:
    """By a Dutch deed, now or in valid history."""
    if "Q" in case.child.deed_kinds():
        return Answer("yes", both_parents())
    return Answer("no", acknowledged)


@question(
    "2a.3",
    nl="Is het kind erkend, door wie, en vóór of na 1 januari 2023?",
    en="Was the child acknowledged, by whom, and before or after 1 January 2023?",
    source="BW 1:251b, 1:252, 1:253b",
)
def acknowledged(case: Derivation) -> Answer:
    """Since 2023 acknowledging brings joint authority; before, the birth mother holds it alone.

    A birth deed may hold an acknowledgement from before the birth, so it counts as one where the date is asked.
    """
    first, second = case.parents
    if case.child.deed_kinds() & (ACKNOWLEDGEMENT_DEEDS | {"A"}) and _related_since_2023(case):
        case.flags.add("ACKNOWLEDGEMENT_EXCEPTION_NOT_VISIBLE")
        return Answer("since 2023", both_parents())
    by_first = bool(first.deed_kinds() & ACKNOWLEDGEMENT_DEEDS)
    by_second = bool(second.deed_kinds() & ACKNOWLEDGEMENT_DEEDS)
    if by_first != by_second:
        return Answer(
            "before 2023, by parent 1" if by_first else "before 2023, by parent 2",
            that_parent(second if by_first else first),
        )
    birth_date = case.child.birth_date
    if birth_date is None or birth_date >= ACKNOWLEDGEMENT_BY_LAW_SINCE:
        case.flags.add("ACKNOWLEDGEMENT_EXCEPTION_NOT_VISIBLE")
        return Answer("born since 2023", both_parents())
    if first.is_woman != second.is_woman:
        mother = first if first.is_woman else second
        return Answer(f"before 2023, birth mother is parent {mother.number}", that_parent(mother))
    return Answer("before 2023, birth mother not clear", both_parents(birth_mother_clear=False))


def _related_since_2023(case: Derivation) -> bool:
    since = []
    for parent in case.parents:
        day = parent.family_relation_from
        if day is None:
            raise Missing(f"family-relation date of parent {parent.number}")
        since.append(day)
    return max(since) >= ACKNOWLEDGEMENT_BY_LAW_SINCE


@question(
    "2b.1",
    nl="Is het kind geboren tijdens een huwelijk of geregistreerd partnerschap van deze ouder?",
    en="Was the child born within a marriage or registered partnership of this parent?",
    source="BW 1:253sa",
)
def born_within_union(case: Derivation) -> Answer:
    """Unless the partner's parenthood was denied: then the partner has no authority either."""
    parent = next(each for each in case.parents if each.known)
    record, birth_date = case.resident_record_of(parent), case.child.birth_date
    if record is None or birth_date is None:
        return Answer("no, as far as is known", that_parent(parent))
    standing = [union for union in unions(record.union_rows()) if union.standing_on(birth_date)]
    if not standing:
        return Answer("no", that_parent(parent))
    if "E" in case.other(parent).deed_kinds():
        return Answer("yes, but the partner's parenthood was denied", that_parent(parent))
    if len(standing) > 1:
        raise Missing("which union stood at the birth")
    return Answer("yes", parent_and_partner(parent, standing[0]))
