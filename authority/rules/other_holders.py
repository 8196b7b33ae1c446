"""Rule J: what one of several holders may not do alone (facts.md 5.3).

Source: BW 1:247 and 1:253a (parents together), 7:450 and 7:465 (treatment), Paspoortwet 34; domain.md 4.1 and 9.3.
"""

from __future__ import annotations

from collections.abc import Iterable

from authority.case import Case
from authority.facts import Authority
from authority.finding import Finding

_SHARES = frozenset({"PARENTAL_JOINT", "SHARED_AUTHORITY", "GUARDIANSHIP"})


def others_in_authority(case: Case) -> list[Authority]:
    """Authorities in force, of holders other than the asker, in which authority over a minor is shared."""
    return [a for a in case.standing(_SHARES) if a.representative != case.asker]


def who_are_asked(case: Case, others: Iterable[Authority]) -> list[Authority]:
    """Those whose holder is not dead, under 18 or under curatele; a holder whom no source names stays in."""
    return [a for a in others if a.representative is None or not case.holds_nothing(a.representative)]


def other_holders_agree(case: Case, _ground: Authority, *, routine_helps: bool = True) -> Finding | None:
    """Rule J. Where all others hold nothing, the asker decides alone."""
    others = others_in_authority(case)
    asked = who_are_asked(case, others)
    if others and not asked:
        return None
    return agreement(case, asked, routine_helps=routine_helps)


def agreement(case: Case, asked: list[Authority], *, routine_helps: bool = True) -> Finding | None:
    """Rule J from its third sentence on: routine, unknown holders, consents and refusals.

    `required` names those who have not consented, also where somebody unknown must consent besides.
    """
    words = {a.representative: case.word_of(a.representative) for a in asked if a.representative is not None}
    refused = "REFUSED" in words.values()
    if routine_helps and case.service is not None and case.service.routine and not refused:
        return None
    for a in asked:
        case.lean_on(a)
        case.lean_on(case.around.people.get(a.representative) if a.representative is not None else None)
    missing = frozenset(holder for holder, word in words.items() if word != "GIVEN")
    if not asked or any(a.representative is None for a in asked):
        return Finding("OTHER_HOLDER_UNKNOWN", missing)
    if not missing:
        return None
    return Finding("OBJECTION_BY_OTHER_HOLDER" if refused else "OTHER_HOLDER_MUST_CONSENT", missing)


def joint_exercise(case: Case, ground: Authority) -> Finding | None:
    """A mandate or measure to be exercised jointly: the others of the same kind must agree (facts.md 5.3).

    Their age, measures, scope and `exercise` are not looked at. Source: BW 1:383, 1:437 lid 2, 4:142.
    """
    service = case.question.service_id
    return agreement(
        case,
        [
            a
            for a in case.standing((ground.kind,))
            if a.representative != case.asker
            and not (a.representative is not None and case.dead(case.around.people.get(a.representative)))
            and (a.kind != "VOLUNTARY_MANDATE" or (a.services is not None and service in a.services))
        ],
    )
