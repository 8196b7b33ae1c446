"""Rule M: the voluntary mandate (facts.md 5.3).

Source: BW 3:60, 3:63 and 3:72 (curatele ends it), 1:453 (mentorschap); DigiD Machtigen: grantor 18 or over and not
under curatele or bewind; MedMij: representative 16 or over in care. domain.md chapters 2.1 and 9.2.
"""

from __future__ import annotations

from authority.case import Case, turns
from authority.codes import CARE_DOMAINS, MENTORSCHAP
from authority.facts import Authority
from authority.finding import Finding, found

_BEWIND_TAKES = frozenset({"PROPERTY", "TAX", "GOVERNMENT"})


def voluntary_mandate(case: Case, mandate: Authority) -> Finding | None:
    """Could it be given, may this representative hold it, and has no measure ended it or put it to rest?"""
    assert mandate.valid_from is not None, "the intake refuses a mandate without valid_from"
    if case.service is None or not case.service.mandatable:
        return found("NOT_IN_SCOPE")
    if not case.represented_is(18) or mandate.valid_from < turns(case.represented_born, 18):
        return found("GRANTOR_NOT_ABLE")
    care = case.domain in CARE_DOMAINS
    if not case.through_organisation and not case.representative_is(16 if care else 18):
        return found("REPRESENTATIVE_TOO_YOUNG")
    return (
        _ended_by(case, "CURATELE", mandate.valid_from, lapses=True)
        or _ended_by(case, "BEWIND", mandate.valid_from, lapses=case.domain in _BEWIND_TAKES)
        or (found("LAPSED_BY_MEASURE") if care and case.standing(MENTORSCHAP) else None)
    )


def _ended_by(case: Case, kind: str, given: int, *, lapses: bool) -> Finding | None:
    """A measure that ran when the mandate was given, or (`lapses`) at any time since; it does not revive after.

    Whatever the measure's status but REQUESTED: that it ended since does not undo what it did.
    """
    lapsed = False
    for measure in case.over_represented:
        if measure.kind != kind or measure.status == "REQUESTED":
            continue
        if measure.valid_until is not None and measure.valid_until <= given:
            continue
        if measure.valid_from is None or measure.valid_from <= given:
            return found("GRANTOR_NOT_ABLE")
        lapsed = lapsed or (lapses and case.reached(measure.valid_from))
    return found("LAPSED_BY_MEASURE") if lapsed else None
