"""The last questions: is whoever would hold authority able to? (domain.md 7.3, from 4a.2, 4a.3 and 4b.1)"""

from __future__ import annotations

from authority.parental import texts
from authority.parental.brp import ThirdParty
from authority.parental.derivation import Derivation, Missing
from authority.parental.question import Answer, Ending, Question, question
from authority.parental.records import Parent, Record, Unfit
from authority.parental.unions import Union

_UNNAMED = ThirdParty(known=False)


def both_parents(*, birth_mother_clear: bool = True) -> Question:
    """4a.2, for two parents. `birth_mother_clear` False: one of them holds it alone, and it is not clear which."""

    @question(
        "4a.2",
        nl="Is een van de ouders overleden of onbevoegd?",
        en="Has either parent died, or can either not hold authority?",
        source="BW 1:246, 1:253f",
    )
    def ask(case: Derivation) -> Answer:
        first, second = case.parents
        first_unfit, second_unfit = case.unfit(first), case.unfit(second)
        if first_unfit and second_unfit:
            because = texts.both_parents_unfit(first_unfit, second_unfit)
            return Answer(f"both: {first_unfit}, {second_unfit}", Ending("NO_AUTHORITY", because=because))
        if first_unfit:
            return Answer(f"parent 1: {first_unfit}", Ending("PARENTAL_SOLE", (second,)))
        if second_unfit:
            return Answer(f"parent 2: {second_unfit}", Ending("PARENTAL_SOLE", (first,)))
        if not birth_mother_clear:
            return Answer("no", Ending("UNDETERMINED", because=texts.BIRTH_MOTHER_NOT_CLEAR))
        return Answer("no", Ending("PARENTAL_JOINT", (first, second)))

    return ask


def that_parent(parent: Parent) -> Question:
    """4a.3, for the one parent to whom the way here led."""

    @question(
        "4a.3",
        nl="Is deze ouder overleden of onbevoegd?",
        en="Has this parent died, or can this parent not hold authority?",
        source="BW 1:246, 1:253g",
    )
    def ask(case: Derivation) -> Answer:
        # doubts about the other parent's record are counted too, as the official module does
        for each in case.parents:
            if (record := case.record_of(each.bsn)) is not None:
                record.union_rows()
        if not parent.known:
            return Answer(
                f"parent {parent.number}: not known", Ending("NO_AUTHORITY", because=texts.NAMED_PARENT_ABSENT)
            )
        if unfit := case.unfit(parent):
            because = texts.parent_unfit(unfit)
            return Answer(f"parent {parent.number}: {unfit}", Ending("NO_AUTHORITY", because=because))
        return Answer("no", Ending("PARENTAL_SOLE", (parent,)))

    return ask


def parent_and_third(parent: Parent) -> Question:
    """4b.1 after a ruling `1D` or `2D`: who the third is, the BRP does not say."""

    @question(
        "4b.1",
        nl="Is deze ouder overleden of onbevoegd?",
        en="Has this parent died, or can this parent not hold authority?",
        source="BW 1:246, 1:253t, 1:253x",
    )
    def ask(case: Derivation) -> Answer:
        if not parent.known:
            raise Missing(f"parent {parent.number}, whom the ruling names")
        case.flags.add("HOLDER_NOT_NAMED")
        if unfit := case.unfit(parent):
            return Answer(f"parent {parent.number}: {unfit}", Ending("GUARDIANSHIP"))
        return Answer("no", Ending("SHARED_AUTHORITY", (parent,), (_UNNAMED,)))

    return ask


def parent_and_partner(parent: Parent, union: Union) -> Question:
    """4b.1 by law: the parent, and the partner within whose union with this parent the child was born."""

    @question(
        "4b.1",
        nl="Is de ouder of de partner bij de geboorte overleden of onbevoegd?",
        en="Has the parent or the partner at the birth died, or can either not hold authority?",
        source="BW 1:246, 1:253sa, 1:253x",
    )
    def ask(case: Derivation) -> Answer:
        partner = case.record_of(union.partner)
        if partner is not None and partner.in_rni_only:
            raise Missing("record of the partner at the birth among residents")
        parent_unfit, partner_unfit = case.unfit(parent), partner.unfit() if partner is not None else None
        if parent_unfit and partner_unfit:
            because = texts.parent_and_partner_unfit(parent_unfit, partner_unfit)
            return Answer(f"both: {parent_unfit}, {partner_unfit}", Ending("NO_AUTHORITY", because=because))
        if partner_unfit:
            return Answer(f"partner: {partner_unfit}", Ending("PARENTAL_SOLE", (parent,)))
        third = _third_of(case, union, partner, parent_unfit)
        if not third.known:
            case.flags.add("HOLDER_NOT_NAMED")
        if parent_unfit:
            return Answer(f"parent: {parent_unfit}", Ending("GUARDIANSHIP", (), (third,) if third.known else ()))
        return Answer("no", Ending("SHARED_AUTHORITY", (parent,), (third,)))

    return ask


def _third_of(case: Derivation, union: Union, partner: Record | None, parent_unfit: Unfit | None) -> ThirdParty:
    """The partner; as a guardian only one with a record of their own."""
    if partner is not None:
        partner.look_at_name()
        return ThirdParty(known=True, bsn=partner.bsn)
    case.doubts.look(union.row.under_investigation, "050210", "050220", "050230", "050240", "050410")
    return ThirdParty(known=parent_unfit is None and union.row.surname not in (None, "", "."), bsn=union.partner)
