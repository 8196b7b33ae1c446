"""Rule J1: property and tax of a minor under joint authority (facts.md 5.3).

Source: BW 1:253i lid 1: one parent alone is authorised as long as no objection of the other is apparent; 1:253k and
1:345 for leave.
"""

from __future__ import annotations

from authority.case import Case
from authority.facts import Authority
from authority.finding import Finding
from authority.rules.court_leave import court_leave
from authority.rules.other_holders import other_holders_agree, others_in_authority, who_are_asked


def property_of_minor(case: Case, ground: Authority) -> Finding | None:
    """Alone, unless another holder refuses or the act is a DISPOSAL; then rule J, and after it rule C."""
    disposal = case.question.act == "DISPOSAL"
    if not disposal and not _somebody_refuses(case):
        return None
    return other_holders_agree(case, ground, routine_helps=not disposal) or court_leave(case, ground)


def _somebody_refuses(case: Case) -> bool:
    asked = who_are_asked(case, others_in_authority(case))
    words = [case.word_of(a.representative) for a in asked if a.representative is not None]
    return "REFUSED" in words
