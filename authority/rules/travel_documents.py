"""Rule T: travel documents and moving house of a minor, then the rule for other government matters (facts.md 5.3).

Source: Paspoortwet 34 to 36 (passport: every holder, under 18; identity card: under 12); BW 1:253a (relocation).
"""

from __future__ import annotations

from authority.case import Case
from authority.facts import Authority
from authority.finding import Finding, found
from authority.rules.court_leave import court_leave
from authority.rules.other_holders import other_holders_agree
from authority.rules.property_of_minor import property_of_minor

_ACTS = frozenset({"PASSPORT", "RELOCATION", "IDENTITY_CARD"})


def government_of_minor(case: Case, ground: Authority) -> Finding | None:
    """Rule T for one who holds authority alone, else rule C."""
    if case.question.act not in _ACTS:
        return court_leave(case, ground)
    return _own_from_twelve(case)


def government_of_minor_jointly(case: Case, ground: Authority) -> Finding | None:
    """Rule T joint (routine does not help), else rule J1."""
    if case.question.act not in _ACTS:
        return property_of_minor(case, ground)
    return _own_from_twelve(case) or other_holders_agree(case, ground, routine_helps=False)


def _own_from_twelve(case: Case) -> Finding | None:
    """From 12 on the child asks for its own identity card."""
    if case.question.act == "IDENTITY_CARD" and case.represented_is(12):
        return found("REPRESENTED_DECIDES_ALONE")
    return None
