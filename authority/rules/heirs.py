"""Rule H: heirs act together, unless an executor is in charge (facts.md 5.3). Source: BW 3:170, 4:142, 4:144, 4:182."""

from __future__ import annotations

from authority.case import Case
from authority.facts import Authority
from authority.finding import Finding, found


def heirs_together(case: Case, _ground: Authority) -> Finding | None:
    """No other heir known: nobody can tell that there is none."""
    if any(a.representative != case.asker for a in case.standing(("EXECUTOR",))):
        return found("NOT_IN_SCOPE")
    others = [a for a in case.standing(("HEIR",)) if a.representative is not None and a.representative != case.asker]
    if not others:
        return found("PROVIDER_MUST_DECIDE")
    missing = set()
    for a in others:
        assert a.representative is not None
        case.lean_on(a)
        case.lean_on(case.around.people.get(a.representative))
        if not case.consents(a.representative):
            missing.add(a.representative)
    return Finding("OTHER_HEIRS_MUST_CONSENT", frozenset(missing)) if missing else None
