"""Rule A: curator and mentor in care, by the person's ability to judge the matter (facts.md 5.3).

Source: BW 7:465, 1:381 lid 4, 1:453 and 1:454; domain.md 2.4 for curatele because of drink or drugs.
"""

from __future__ import annotations

from authority.case import Case
from authority.facts import Authority
from authority.finding import Finding, found


def care_of_adult(case: Case, ground: Authority) -> Finding | None:
    """Able: decides alone. Not able: the curator or mentor. Not recorded: unknown."""
    able = case.able()
    if able is True:
        return found("REPRESENTED_DECIDES_ALONE")
    if ground.kind == "CURATELE" and ground.ground == "DRINK_OR_DRUGS":
        return found("PROVIDER_MUST_DECIDE")
    return None if able is False else found("ABILITY_UNKNOWN")
