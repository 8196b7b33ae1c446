"""Rule K: care of a minor, by age (facts.md 5.3).

Source: BW 7:447 (16 and 17 decide alone), 7:450 lid 2 (12 to 15: child and holders), 7:465 (not able: the holders),
7:456 and 7:457 lid 3 (seeing the record); MedMij and BVD exclude 12 to 15; domain.md chapter 4.
"""

from __future__ import annotations

from authority.case import Case
from authority.facts import Authority
from authority.finding import Finding, found
from authority.rules.other_holders import other_holders_agree


def care_of_minor(case: Case, ground: Authority) -> Finding | None:
    """Rule K for one who holds authority alone."""
    return _by_age(case, ground, joint=False)


def care_of_minor_jointly(case: Case, ground: Authority) -> Finding | None:
    """Rule K joint."""
    return _by_age(case, ground, joint=True)


def _by_age(case: Case, ground: Authority, *, joint: bool) -> Finding | None:
    if case.represented_is(16):
        return found("PROVIDER_MUST_DECIDE" if case.able() is False else "REPRESENTED_DECIDES_ALONE")
    if case.represented_is(12):
        if case.service is not None and case.service.channel == "PUBLIC":
            return found("CHANNEL_EXCLUDES")
        if case.able() is not False:
            return _with_the_child(case, ground, joint=joint)
    if case.domain == "CARE_RECORD" or not joint:
        return None
    return other_holders_agree(case, ground)


def _with_the_child(case: Case, ground: Authority, *, joint: bool) -> Finding | None:
    """Age 12 to 15. The child's refusal is answered like its silence, so that nobody learns of it."""
    child_consents = case.child_consents()
    if case.domain == "CARE_RECORD":
        return None if child_consents else found("CHILD_CONSENT_UNKNOWN")
    others = other_holders_agree(case, ground) if joint else None
    if child_consents:
        return others
    missing = others.required if others is not None else frozenset[str]()
    return Finding("CHILD_MUST_CONSENT", missing | {case.question.represented})
