"""Before CURATELE, BEWIND and MENTORSCHAP (facts.md 5.3): age, who is excluded, and a measure that was replaced.

Source: BW 1:378, 1:431, 1:450 (adults); 1:383, 1:435 lid 6, 1:452 lid 6 (excluded); 1:389, 1:449, 1:462 (replaced).
"""

from __future__ import annotations

from authority.case import Case
from authority.codes import MEASURES
from authority.facts import Authority
from authority.finding import Finding, found
from authority.moments import SINCE_EVER


def before_measures(case: Case, ground: Authority) -> Finding | None:
    """The represented is an adult, the representative fit, and no later measure came in its place."""
    if not case.represented_is(18):
        return found("NOT_YET_VALID")
    if not case.through_organisation and (
        not case.representative_is(18) or case.under(MEASURES, case.question.representative, case.representative_born)
    ):
        return found("REPRESENTATIVE_EXCLUDED")
    for measure in case.over_represented:
        if measure.kind in MEASURES and _replaces(case, measure, ground):
            return found("LAPSED_BY_MEASURE")
    return None


def _replaces(case: Case, measure: Authority, ground: Authority) -> bool:
    """A curatele replaces a bewind or mentorschap begun no later; these replace a curatele begun earlier."""
    if (measure.kind == "CURATELE") == (ground.kind == "CURATELE"):
        return False
    begins, ground_begins = _beginning(measure), _beginning(ground)
    later = begins >= ground_begins if measure.kind == "CURATELE" else begins > ground_begins
    return later and measure.status != "REQUESTED" and case.reached(begins)


def _beginning(authority: Authority) -> int:
    return authority.valid_from if authority.valid_from is not None else SINCE_EVER - 1
