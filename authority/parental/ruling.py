"""After a ruling of the court: does it still stand, and what does it say? (domain.md 7.2, 3.1 and 3.2)"""

from __future__ import annotations

from authority.parental.brp import AuthorityRecord
from authority.parental.derivation import Derivation, Missing
from authority.parental.ends import both_parents, parent_and_third, that_parent
from authority.parental.parents import legal_parents
from authority.parental.question import Answer, Ending, question

_UNKNOWN_DATE = "0000-00-00"


def ruling_on(case: Derivation) -> AuthorityRecord | None:
    """The child's category 11, if it names who holds authority."""
    record = case.child.entry.authority_record
    if record is None or record.incorrect:
        return None
    case.doubts.look(record.under_investigation, "113210")
    return record if record.indication is not None else None


@question(
    "3.1",
    nl="Is het gezag na de uitspraak van rechtswege hersteld of gewijzigd?",
    en="Has an event after the ruling restored or changed authority by law?",
    source="BW 1:202, 1:229, 1:253",
)
def restored_by_law(case: Derivation) -> Answer:
    """A denial of parenthood, an adoption, or the parents' remarriage to each other."""
    ruling = ruling_on(case)
    assert ruling is not None
    case.doubts.look(ruling.under_investigation, "118510")
    since = ruling.effective_from
    if since is None or since == _UNKNOWN_DATE:
        raise Missing("effective date of the ruling")
    if ruling.indication == "12" and not case.two_parents():
        return Answer("yes: no longer two parents", legal_parents)
    if _adopted_since(case, since):
        return Answer("yes: adopted", legal_parents)
    if ruling.indication in ("1", "2") and _remarried_since(case, since):
        case.flags.add("RESTORED_BY_REMARRIAGE")
        return Answer("yes: the parents remarried", legal_parents)
    return Answer("no", what_it_says)


def _adopted_since(case: Derivation, since: str) -> bool:
    if "Q" not in case.child.deed_kinds():
        return False
    first, second = case.parents
    days = (first.family_relation_from, second.family_relation_from)
    return all(day is not None for day in days) and any(day is not None and day >= since for day in days)


def _remarried_since(case: Derivation, since: str) -> bool:
    """A second union of the two, begun since the ruling; that it ended again takes the authority away from neither."""
    first, second = case.parents
    if not case.two_parents():
        return False
    first_record, second_record = case.record_of(first.bsn), case.record_of(second.bsn)
    if first_record is None or second_record is None:
        return False
    for record, partner in ((first_record, second_record.bsn), (second_record, first_record.bsn)):
        rows = [row for row in record.union_rows() if row.bsn == partner]
        starts = [row.start for row in rows if row.start is not None]
        if len(rows) < 2 or not starts or max(starts) < since:
            return False
    return True


@question(
    "3.2",
    nl="Wie heeft volgens de uitspraak het gezag?",
    en="Who holds authority according to the ruling?",
    source="BW 1:244; Besluit gezagsregisters",
)
def what_it_says(case: Derivation) -> Answer:
    """Parent 1, parent 2, both, one of them with a third, or a third alone (a guardian)."""
    ruling = ruling_on(case)
    assert ruling is not None
    first, second = case.parents
    match ruling.indication:
        case "12":
            return Answer("both parents", both_parents())
        case "1":
            return Answer("parent 1", that_parent(first))
        case "2":
            return Answer("parent 2", that_parent(second))
        case "1D":
            return Answer("parent 1 and a third", parent_and_third(first))
        case "2D":
            return Answer("parent 2 and a third", parent_and_third(second))
    case.flags.add("HOLDER_NOT_NAMED")
    return Answer("a third", Ending("GUARDIANSHIP"))
