"""Rule C: acts of disposal need leave of the court, or under bewind the consent of the person (facts.md 5.3).

Source: BW 1:345 (guardians), 1:253k (parents), 1:386 (curators), 1:441 lid 2 (administrators).
"""

from __future__ import annotations

from authority.case import Case
from authority.codes import COURT
from authority.facts import Authority
from authority.finding import Finding


def court_leave(case: Case, ground: Authority) -> Finding | None:
    """Nothing for any act but DISPOSAL; else one of those who can give leave must have given it."""
    if case.question.act != "DISPOSAL":
        return None
    givers = (COURT, case.question.represented) if ground.kind == "BEWIND" else (COURT,)
    given = [case.consents(giver) for giver in givers]
    return None if any(given) else Finding("REPRESENTED_OR_COURT_MUST_CONSENT", frozenset(givers))
