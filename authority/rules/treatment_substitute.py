"""TREATMENT_SUBSTITUTE: the court's consent to a child's treatment (facts.md 5.3). Source: BW 1:265e, 1:265h."""

from __future__ import annotations

from authority.case import Case
from authority.facts import Authority
from authority.finding import Finding, found


def substituted_treatment(case: Case, _ground: Authority) -> Finding | None:
    """For a child under 12, or one recorded as not able to judge the matter."""
    if not case.represented_is(12) or case.able() is False:
        return None
    return found("REPRESENTED_DECIDES_ALONE")
