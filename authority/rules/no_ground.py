"""No ground at all: a candidate, a claim, or nothing (facts.md 5.6). Never PERMIT.

Source: domain.md chapters 2.9, 3 and 12.4: absence from an incomplete register proves nothing, and BW 7:465 lid 3.
"""

from __future__ import annotations

from authority.case import Case
from authority.codes import CARE_DOMAINS
from authority.finding import Finding, found
from authority.rules.good_care_block import blocked
from authority.rules.table import covers

_HOLDERS_NOT_ALL_NAMED = frozenset({"GUARDIANSHIP", "SHARED_AUTHORITY"})


def no_ground(case: Case) -> Finding:
    """The same for every stranger, whether the represented exists, lives, or is of whatever age."""
    if _is_candidate(case):
        return found("BLOCKED" if blocked(case) else "AUTHORITY_UNDETERMINED")
    return _claimed(case) or found("NO_GROUND")


def _is_candidate(case: Case) -> bool:
    """A legal parent of the child, of whom the register cannot tell whether they hold authority."""
    if case.represented is None or case.through_organisation:
        return False
    undetermined = case.standing(("UNDETERMINED",))
    return any(case.question.representative in a.candidates for a in undetermined) and not case.represented_is(18)


def _claimed(case: Case) -> Finding | None:
    claim = case.question.claim
    if claim is None:
        return None
    if claim == "CLOSE_RELATIVE":
        return found("PROVIDER_MUST_DECIDE") if case.domain in CARE_DOMAINS else None
    if case.service is None or not covers(claim, case.service):
        return None
    if claim in _HOLDERS_NOT_ALL_NAMED:
        return found("CLAIM_NOT_IN_REGISTER")
    if any(case.stale(register) for register in case.registers.serving.get(claim, ())):
        return found("REGISTER_STALE")
    return None if case.registers.complete_everywhere(claim) else found("CLAIM_NOT_IN_REGISTER")
