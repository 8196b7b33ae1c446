"""Acting for oneself (facts.md 5.4).

Source: BW 1:234 (minors), 7:447 and 7:450 (care), 1:381 (curatele), 1:438 (bewind), 1:453 (mentorschap).
"""

from __future__ import annotations

from authority.case import Case
from authority.codes import AUTHORITY_OVER_MINORS, BEWIND, CARE_DOMAINS, CURATELE, MENTORSCHAP, REGISTER_STATEMENTS
from authority.facts import Authority
from authority.finding import Finding, found
from authority.reasons import RANK
from authority.rules.other_holders import who_are_asked

_NOT_ABLE = found("SELF_NOT_ABLE")


def oneself(case: Case) -> Finding | None:
    """The row of table 5.4 by age and measure; `able` False recorded for a care domain closes every row from 12."""
    if not case.represented_is(12):
        return _NOT_ABLE
    if case.domain in CARE_DOMAINS and case.able() is False:
        return _NOT_ABLE
    if not case.represented_is(16):
        return _from_twelve(case)
    if not case.represented_is(18):
        return _from_sixteen(case)
    return _adult(case)


def _from_twelve(case: Case) -> Finding | None:
    if case.domain == "CARE_RECORD":
        public = case.service is not None and case.service.channel == "PUBLIC"
        return found("CHANNEL_EXCLUDES") if public else None
    if case.domain == "CARE_DECISION":
        return _holders_agree(case)
    if case.domain == "GOVERNMENT" and case.question.act == "IDENTITY_CARD":
        return None
    return _NOT_ABLE


def _from_sixteen(case: Case) -> Finding | None:
    if case.domain in ("PROPERTY", "SCHOOL"):
        return _holders_agree(case)
    if case.domain == "GOVERNMENT" and case.question.act in ("PASSPORT", "RELOCATION"):
        return _holders_agree(case)
    return None


def _adult(case: Case) -> Finding | None:
    """With several measures at once the worst outcome counts."""
    findings = []
    if case.standing(CURATELE):
        findings.append(_ability(case) if case.domain in CARE_DOMAINS else _NOT_ABLE)
    administered = case.standing(BEWIND)
    if administered:
        findings.append(_administration(case, administered))
    if case.domain in CARE_DOMAINS and case.standing(MENTORSCHAP):
        findings.append(_ability(case))
    return max((f for f in findings if f is not None), key=lambda f: RANK[f.reason], default=None)


def _ability(case: Case) -> Finding | None:
    """Only `able` True opens; False was answered before."""
    return None if case.able() is True else found("ABILITY_UNKNOWN")


def _administration(case: Case, administered: list[Authority]) -> Finding | None:
    if case.domain == "TAX":
        return _NOT_ABLE
    if case.domain != "PROPERTY":
        return None
    good = case.question.good
    missing = set()
    for bewind in administered:
        assert bewind.representative is not None, "the intake refuses a bewind without representative"
        if bewind.goods is not None and good is not None and good not in bewind.goods:
            continue
        case.lean_on(bewind)
        case.lean_on(case.around.people.get(bewind.representative))
        if not case.consents(bewind.representative):
            missing.add(bewind.representative)
    return Finding("ADMINISTRATOR_MUST_CONSENT", frozenset(missing)) if missing else None


def _holders_agree(case: Case) -> Finding | None:
    """Every holder of parental, shared or guardianship authority, except those who hold nothing."""
    if case.standing(REGISTER_STATEMENTS):
        return found("OTHER_HOLDER_UNKNOWN")
    asked = who_are_asked(case, case.standing(AUTHORITY_OVER_MINORS))
    missing = set()
    for a in asked:
        case.lean_on(a)
        if a.representative is None:
            continue
        case.lean_on(case.around.people.get(a.representative))
        if not case.consents(a.representative):
            missing.add(a.representative)
    if not asked or any(a.representative is None for a in asked):
        return found("OTHER_HOLDER_UNKNOWN")
    return Finding("HOLDERS_MUST_CONSENT", frozenset(missing)) if missing else None
