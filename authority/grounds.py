"""Weighing one ground (facts.md 5.2): status and dates, death, scope, certificate, the kind's rule, then sources."""

from __future__ import annotations

from typing import Final, get_args

from authority.case import Case
from authority.codes import AFTER_DEATH, ASSURANCE_RANK, AUTHORITY_OVER_MINORS, CARE_DOMAINS, MEASURES, Assurance, Kind
from authority.facts import Authority
from authority.finding import Finding, found
from authority.reasons import OUTCOME_OF
from authority.rules.before import covering_employments
from authority.rules.measures import before_measures
from authority.rules.minors import before_minors_kinds
from authority.rules.other_holders import joint_exercise
from authority.rules.table import covers, rule_for
from authority.step import About, SourceStep, Step

_MINORS_KINDS: Final = AUTHORITY_OVER_MINORS | {"TREATMENT_SUBSTITUTE"}
_EXERCISED_JOINTLY: Final = MEASURES | {"VOLUNTARY_MANDATE", "EXECUTOR"}
_PARENTAL: Final = found("PARENTAL_AUTHORITY")
PERMISSION: Final = {kind: _PARENTAL if kind.startswith("PARENTAL") else found(kind) for kind in get_args(Kind)}
"""PERMIT with the kind's reason."""
_ASKED_AFTER_CHILDS_DEATH: Final = frozenset({"CARE_RECORD", "PROPERTY", "TAX"})
_CLOSED: Final = {"REQUESTED": "NOT_ACTIVE", "WITHDRAWN": "WITHDRAWN", "ENDED": "EXPIRED"}
_RESTS_ON_SOURCES: Final = frozenset(
    reason for reason, outcome in OUTCOME_OF.items() if outcome in ("PERMIT", "CONSENT_REQUIRED")
)


def weigh(case: Case, ground: Authority) -> Finding:
    """What this ground gives: the first thing that WEIGHING finds, else PERMIT; then what the SOURCES say of it."""
    case.doubt = False
    for check in _WEIGHING:
        finding = check(case, ground)
        if finding is not None:
            return sources(case, finding, ground)
    return sources(case, PERMISSION[ground.kind], ground)


def sources(case: Case, finding: Finding, ground: Authority | None) -> Finding:
    """Steps 6 to 8, for PERMIT and CONSENT_REQUIRED only. `ground` None: acting for oneself."""
    if finding.reason not in _RESTS_ON_SOURCES:
        return finding
    for check in _SOURCES:
        against = check(case, ground)
        if against is not None:
            return against
    return finding


def status_and_dates(case: Case, ground: Authority) -> Finding | None:
    """Step 1."""
    if ground.status != "ACTIVE":
        return found(_CLOSED[ground.status])
    if ground.valid_from is not None and not case.reached(ground.valid_from):
        return found("NOT_YET_VALID")
    if ground.valid_until is not None and case.reached(ground.valid_until):
        return found("EXPIRED")
    return None


def life_and_death(case: Case, ground: Authority) -> Finding | None:
    """Step 2: death ends every kind but the next of kin's; these begin with it (domain.md 1.6, 2.7)."""
    if not case.dead(case.represented):
        return found("NOT_YET_VALID") if ground.kind in AFTER_DEATH else None
    if ground.kind in AFTER_DEATH:
        return None
    if ground.kind in AUTHORITY_OVER_MINORS and case.domain in _ASKED_AFTER_CHILDS_DEATH and case.died_before(16):
        return found("PROVIDER_MUST_DECIDE")
    return found("REPRESENTED_DECEASED")


def in_scope(case: Case, ground: Authority) -> Finding | None:
    """Step 3."""
    service = case.service
    assert service is not None
    if (
        (ground.services is not None and service.id not in ground.services)
        or (ground.providers is not None and service.provider not in ground.providers)
        or (ground.domains is not None and service.domain not in ground.domains)
        or not covers(ground.kind, service, ground.goods)
    ):
        return found("NOT_IN_SCOPE")
    return None


def certified(case: Case, _ground: Authority) -> Finding | None:
    """Step 4: a certified institution without a valid certificate (Jeugdwet 3.4)."""
    organisation = case.around.organisation
    if not case.through_organisation or organisation is None or organisation.kind != "GUARDIANSHIP_INSTITUTION":
        return None
    if organisation.certified_until is None or case.reached(organisation.certified_until):
        return found("CERTIFICATE_EXPIRED")
    return None


def before_the_kind(case: Case, ground: Authority) -> Finding | None:
    """Step 5, what goes before the kinds over minors and the measures."""
    if ground.kind in _MINORS_KINDS:
        return before_minors_kinds(case, ground)
    return before_measures(case, ground) if ground.kind in MEASURES else None


def kinds_own_rule(case: Case, ground: Authority) -> Finding | None:
    """Step 5, table 5.3."""
    return rule_for(ground, case.domain)(case, ground)


def exercised_jointly(case: Case, ground: Authority) -> Finding | None:
    """Step 5, where the table permits a mandate, measure or executor that is exercised jointly."""
    if ground.exercise == "JOINT" and ground.kind in _EXERCISED_JOINTLY:
        return joint_exercise(case, ground)
    return None


def under_investigation(case: Case, ground: Authority | None) -> Finding | None:
    """Step 6: what was leaned on, the authority, either person, the organisation, or every covering employment."""
    if case.doubt or (ground is not None and ground.under_investigation):
        return found("UNDER_INVESTIGATION")
    for side in (case.representative, case.represented):
        if side is not None and side.under_investigation:
            return found("UNDER_INVESTIGATION")
    if not case.through_organisation:
        return None
    organisation = case.around.organisation
    if organisation is not None and organisation.under_investigation:
        return found("UNDER_INVESTIGATION")
    if all(employment.under_investigation for employment in covering_employments(case)):
        return found("UNDER_INVESTIGATION")
    return None


def registers_heard(case: Case, ground: Authority | None) -> Finding | None:
    """Step 7: none of the registers that matter is stale."""
    silences = case.registers.silences
    if silences:
        for register in registers_that_matter(case, ground):
            if register in silences and case.stale(register):
                return found("REGISTER_STALE")
    return None


def registers_that_matter(case: Case, ground: Authority | None) -> list[str]:
    """The ground's own, BRP, those that could show a measure (by their register facts), and an organisation's."""
    registers = ["BRP"]
    serving = case.registers.serving
    if ground is None:
        for kind in ("CURATELE", "BEWIND", "MENTORSCHAP"):
            registers += serving.get(kind, ())
        return registers
    if ground.register != "BRP":
        registers.append(ground.register)
    if ground.kind == "VOLUNTARY_MANDATE":
        registers += serving.get("CURATELE", ())
        registers += serving.get("BEWIND", ())
        if case.domain in CARE_DOMAINS:
            registers += serving.get("MENTORSCHAP", ())
    if case.through_organisation:
        registers += ("HANDELSREGISTER", "EHERKENNING")
    return registers


def assured(case: Case, _ground: Authority | None) -> Finding | None:
    """Step 8: the service's minimum; through an organisation at least SUBSTANTIAL (eHerkenning EH3)."""
    assert case.service is not None
    needed: Assurance = case.service.minimum_assurance
    if case.through_organisation and ASSURANCE_RANK[needed] < ASSURANCE_RANK["SUBSTANTIAL"]:
        needed = "SUBSTANTIAL"
    if ASSURANCE_RANK[case.question.assurance] < ASSURANCE_RANK[needed]:
        return Finding("STEP_UP_REQUIRED", step_up=needed)
    return None


WEIGHING: Final[tuple[Step, ...]] = (
    Step(
        About("STATUS_AND_DATES", "Is de grond van kracht?", "Is the ground in force?", "BW 3:72; domain.md 1.5"),
        "5.2.1",
        status_and_dates,
    ),
    Step(
        About(
            "LIFE_AND_DEATH",
            "Geldt de grond bij leven of na overlijden?",
            "Does the ground hold in life, or after death?",
            "BW 7:458a; domain.md 1.6, 2.7",
        ),
        "5.2.2",
        life_and_death,
    ),
    Step(
        About(
            "SCOPE",
            "Valt de dienst onder de grond?",
            "Does the ground cover the service?",
            "domain.md 1.2, 9",
        ),
        "5.2.3",
        in_scope,
    ),
    Step(
        About(
            "CERTIFICATE",
            "Heeft de gecertificeerde instelling een geldig certificaat?",
            "Does the certified institution have a valid certificate?",
            "Jeugdwet 3.4",
        ),
        "5.2.4",
        certified,
    ),
    Step(
        About(
            "BEFORE_THE_KIND",
            "Staat er iets in de weg aan dit soort grond?",
            "Does anything stand in the way of this kind of ground?",
            "facts.md 5.3",
        ),
        "5.2.5",
        before_the_kind,
    ),
    Step(
        About(
            "KINDS_OWN_RULE",
            "Wat zegt de regel voor dit soort grond en dit domein?",
            "What does the rule for this kind and domain say?",
            "domain.md 9",
        ),
        "5.2.5",
        kinds_own_rule,
    ),
    Step(
        About(
            "JOINT_EXERCISE",
            "Stemmen zij in die de taak samen uitoefenen?",
            "Do those who exercise the task jointly agree?",
            "BW 1:383, 1:437 lid 2, 4:142",
        ),
        "5.2.5",
        exercised_jointly,
    ),
)
"""Steps 1 to 5 in order; the first that finds something tells what the ground gives, else PERMIT."""

SOURCES: Final[tuple[SourceStep, ...]] = (
    SourceStep(
        About(
            "NOT_UNDER_INVESTIGATION",
            "Is niets waarop dit steunt in onderzoek?",
            "Is nothing that this rests on under investigation?",
            "Wet BRP 2.26; domain.md 7.1",
        ),
        "5.2.6",
        under_investigation,
    ),
    SourceStep(
        About(
            "REGISTERS_HEARD",
            "Hebben de registers die ertoe doen zich op tijd gemeld?",
            "Have the registers that matter been heard from in time?",
            "domain.md 7.6",
        ),
        "5.2.7",
        registers_heard,
    ),
    SourceStep(
        About(
            "ASSURANCE",
            "Is er hoog genoeg ingelogd?",
            "Is the level of assurance high enough?",
            "eIDAS art. 8; domain.md 1.4",
        ),
        "5.2.8",
        assured,
    ),
)
"""Steps 6 to 8 in order."""

_WEIGHING: Final = tuple(step.check for step in WEIGHING)
_SOURCES: Final = tuple(step.check for step in SOURCES)
