"""Before the kinds over minors: PARENTAL_*, SHARED_AUTHORITY, GUARDIANSHIP, TREATMENT_SUBSTITUTE (facts.md 5.3).

Source: BW 1:245 (minors are under authority), 1:246 (who cannot hold it), 1:253r (authority vacant); what registers
say against each other: domain.md chapters 7.5 and 7.6.
"""

from __future__ import annotations

from authority.case import Case
from authority.codes import AUTHORITY_OVER_MINORS, REGISTER_STATEMENTS
from authority.facts import Authority
from authority.finding import Finding, found


def before_minors_kinds(case: Case, ground: Authority) -> Finding | None:
    """Age of both sides, then what the register itself says of the child, then whether sources agree."""
    if case.represented_is(18):
        return found("REPRESENTED_IS_ADULT")
    if not case.through_organisation and not case.representative_is(18):
        return found("REPRESENTATIVE_TOO_YOUNG")
    undetermined = disagree = False
    for statement in case.over_represented:
        if statement.kind in REGISTER_STATEMENTS:
            if case.in_force(statement):
                if statement.kind == "NO_AUTHORITY":
                    return found("AUTHORITY_VACANT")
                undetermined = True
        elif statement.representative != case.asker and not disagree:
            disagree = _contradicts(case, statement, ground)
    if undetermined:
        return found("AUTHORITY_UNDETERMINED")
    return found("SOURCES_DISAGREE") if disagree else None


def _contradicts(case: Case, statement: Authority, ground: Authority) -> bool:
    """Another holder's statement cannot be true beside the ground: a living one's, of another kind, or sole twice."""
    if statement.kind == ground.kind and ground.kind != "PARENTAL_SOLE":
        return False
    if statement.kind not in AUTHORITY_OVER_MINORS or ground.kind == "TREATMENT_SUBSTITUTE":
        return False
    holder = statement.representative
    return case.in_force(statement) and (holder is None or not case.dead(case.around.people.get(holder)))
