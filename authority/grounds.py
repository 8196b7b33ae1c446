"""Weighing one ground (facts.md 5.2): status and dates, death, scope, certificate, the kind's rule, then sources."""

from __future__ import annotations

from typing import Final

from authority.case import Case
from authority.codes import AFTER_DEATH, ASSURANCE_RANK, AUTHORITY_OVER_MINORS, CARE_DOMAINS, MEASURES, Assurance
from authority.facts import Authority
from authority.finding import Finding, found
from authority.rules.before import covering_employments
from authority.rules.measures import before_measures
from authority.rules.minors import before_minors_kinds
from authority.rules.other_holders import joint_exercise
from authority.rules.table import covers, rule_for

_MINORS_KINDS: Final = AUTHORITY_OVER_MINORS | {"TREATMENT_SUBSTITUTE"}
_EXERCISED_JOINTLY: Final = MEASURES | {"VOLUNTARY_MANDATE", "EXECUTOR"}
_PERMITS_AS: Final = {"PARENTAL_SOLE": "PARENTAL_AUTHORITY", "PARENTAL_JOINT": "PARENTAL_AUTHORITY"}
_ASKED_AFTER_CHILDS_DEATH: Final = frozenset({"CARE_RECORD", "PROPERTY", "TAX"})
_CLOSED: Final = {"REQUESTED": "NOT_ACTIVE", "WITHDRAWN": "WITHDRAWN", "ENDED": "EXPIRED"}


def weigh(case: Case, ground: Authority) -> Finding:
    """What this ground gives. Steps 1 to 5, then 6 to 8."""
    case.doubt = False
    finding = (
        _in_force(case, ground)
        or _life_and_death(case, ground)
        or _in_scope(case, ground)
        or _certified(case)
        or _by_kind(case, ground)
        or found(_PERMITS_AS.get(ground.kind, ground.kind))
    )
    return sources(case, finding, ground)


def _in_force(case: Case, ground: Authority) -> Finding | None:
    """Step 1."""
    if ground.status != "ACTIVE":
        return found(_CLOSED[ground.status])
    if ground.valid_from is not None and not case.reached(ground.valid_from):
        return found("NOT_YET_VALID")
    if ground.valid_until is not None and case.reached(ground.valid_until):
        return found("EXPIRED")
    return None


def _life_and_death(case: Case, ground: Authority) -> Finding | None:
    """Step 2: death ends every kind but the next of kin's; these begin with it (domain.md 1.6, 2.7)."""
    if not case.dead(case.represented):
        return found("NOT_YET_VALID") if ground.kind in AFTER_DEATH else None
    if ground.kind in AFTER_DEATH:
        return None
    if ground.kind in AUTHORITY_OVER_MINORS and case.domain in _ASKED_AFTER_CHILDS_DEATH and case.died_before(16):
        return found("PROVIDER_MUST_DECIDE")
    return found("REPRESENTED_DECEASED")


def _in_scope(case: Case, ground: Authority) -> Finding | None:
    """Step 3."""
    question, service = case.question, case.service
    assert service is not None
    if (
        (ground.services is not None and service.id not in ground.services)
        or (ground.providers is not None and question.provider not in ground.providers)
        or (ground.domains is not None and service.domain not in ground.domains)
        or not covers(ground.kind, service, ground.goods)
    ):
        return found("NOT_IN_SCOPE")
    return None


def _certified(case: Case) -> Finding | None:
    """Step 4: a certified institution without a valid certificate (Jeugdwet 3.4)."""
    organisation = case.around.organisation
    if not case.through_organisation or organisation is None or organisation.kind != "GUARDIANSHIP_INSTITUTION":
        return None
    if organisation.certified_until is None or case.reached(organisation.certified_until):
        return found("CERTIFICATE_EXPIRED")
    return None


def _by_kind(case: Case, ground: Authority) -> Finding | None:
    """Step 5: what goes before the kind, the kind's rule, and where that permits, joint exercise."""
    assert case.service is not None
    finding = None
    if ground.kind in _MINORS_KINDS:
        finding = before_minors_kinds(case, ground)
    elif ground.kind in MEASURES:
        finding = before_measures(case, ground)
    finding = finding or rule_for(ground, case.service.domain)(case, ground)
    if finding is None and ground.exercise == "JOINT" and ground.kind in _EXERCISED_JOINTLY:
        return joint_exercise(case, ground)
    return finding


def sources(case: Case, finding: Finding, ground: Authority | None) -> Finding:
    """Steps 6 to 8, for PERMIT and CONSENT_REQUIRED only. `ground` None: acting for oneself."""
    if finding.outcome not in ("PERMIT", "CONSENT_REQUIRED"):
        return finding
    if case.doubt or _in_doubt(case, ground):
        return found("UNDER_INVESTIGATION")
    if case.registers.silences and _silent(case, ground):
        return found("REGISTER_STALE")
    needed = _assurance_needed(case)
    if ASSURANCE_RANK[case.question.assurance] < ASSURANCE_RANK[needed]:
        return Finding("STEP_UP_REQUIRED", step_up=needed)
    return finding


def _in_doubt(case: Case, ground: Authority | None) -> bool:
    """Step 6: the authority, either person, the organisation, or every employment that covers the service."""
    if ground is not None and ground.under_investigation:
        return True
    for side in (case.representative, case.represented):
        if side is not None and side.under_investigation:
            return True
    if not case.through_organisation:
        return False
    organisation = case.around.organisation
    if organisation is not None and organisation.under_investigation:
        return True
    return all(employment.under_investigation for employment in covering_employments(case))


def _silent(case: Case, ground: Authority | None) -> bool:
    """Step 7: a register that matters is stale."""
    if case.stale("BRP"):
        return True
    if ground is None:
        return any(case.any_stale(kind) for kind in ("CURATELE", "BEWIND", "MENTORSCHAP"))
    if case.stale(ground.register):
        return True
    if ground.kind == "VOLUNTARY_MANDATE" and (
        case.any_stale("CURATELE")
        or case.any_stale("BEWIND")
        or (case.domain in CARE_DOMAINS and case.any_stale("MENTORSCHAP"))
    ):
        return True
    return case.through_organisation and (case.stale("HANDELSREGISTER") or case.stale("EHERKENNING"))


def _assurance_needed(case: Case) -> Assurance:
    """Step 8: the service's minimum; through an organisation at least SUBSTANTIAL (eHerkenning EH3)."""
    assert case.service is not None
    minimum = case.service.minimum_assurance
    if case.through_organisation and ASSURANCE_RANK[minimum] < ASSURANCE_RANK["SUBSTANTIAL"]:
        return "SUBSTANTIAL"
    return minimum
