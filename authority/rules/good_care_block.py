"""The provider's block (facts.md 5.1.7): good care, a ruling seen on paper, safety.

Source: BW 7:457 lid 3 and 7:465 lid 4 (zorg van een goed hulpverlener); domain.md chapters 1.8 and 7.6.
"""

from __future__ import annotations

from authority.case import Case


def blocked(case: Case) -> bool:
    """A block in force at this provider for this represented and this representative, organisation, or everybody."""
    question = case.question
    for b in case.around.blocks:
        if (
            b.provider == question.provider
            and b.represented == question.represented
            and (b.representative is None or b.representative in (question.representative, question.organisation))
            and case.runs(b)
        ):
            return True
    return False
