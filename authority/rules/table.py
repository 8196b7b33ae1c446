"""Table 5.3 of facts.md: which rule decides for a kind of authority in a domain. Source: domain.md chapter 9."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from authority.case import Case
from authority.facts import Authority, Service
from authority.finding import Finding, found
from authority.rules.ability import care_of_adult
from authority.rules.care_of_minor import care_of_minor, care_of_minor_jointly
from authority.rules.court_leave import court_leave
from authority.rules.heirs import heirs_together
from authority.rules.named_goods import administration
from authority.rules.next_of_kin import first_holder
from authority.rules.other_holders import other_holders_agree
from authority.rules.property_of_minor import property_of_minor
from authority.rules.travel_documents import government_of_minor, government_of_minor_jointly
from authority.rules.treatment_substitute import substituted_treatment
from authority.rules.voluntary_mandate import voluntary_mandate

Rule = Callable[[Case, Authority], Finding | None]


def permit(_case: Case, _ground: Authority) -> Finding | None:
    """P: nothing stands in the way."""
    return None


def provider_decides(_case: Case, _ground: Authority) -> Finding | None:
    """I: a person at the provider decides."""
    return found("PROVIDER_MUST_DECIDE")


def unknown_kind(_case: Case, _ground: Authority) -> Finding | None:
    """facts.md 5.5: never PERMIT on a kind that this version does not know."""
    return found("AUTHORITY_UNDETERMINED")


_MANDATE: Final[dict[str, Rule]] = {
    "CARE_RECORD": voluntary_mandate,
    "CARE_DECISION": voluntary_mandate,
    "PROPERTY": voluntary_mandate,
    "TAX": voluntary_mandate,
    "GOVERNMENT": voluntary_mandate,
    "SCHOOL": voluntary_mandate,
}
_SOLE: Final[dict[str, Rule]] = {
    "CARE_RECORD": care_of_minor,
    "CARE_DECISION": care_of_minor,
    "PROPERTY": court_leave,
    "TAX": court_leave,
    "GOVERNMENT": government_of_minor,
    "SCHOOL": permit,
}
_JOINT: Final[dict[str, Rule]] = {
    "CARE_RECORD": care_of_minor_jointly,
    "CARE_DECISION": care_of_minor_jointly,
    "PROPERTY": property_of_minor,
    "TAX": property_of_minor,
    "GOVERNMENT": government_of_minor_jointly,
    "SCHOOL": other_holders_agree,
}

TABLE: Final[dict[str, dict[str, Rule]]] = {
    "VOLUNTARY_MANDATE": _MANDATE,
    "PARENTAL_SOLE": _SOLE,
    "GUARDIANSHIP": _SOLE,
    "PARENTAL_JOINT": _JOINT,
    "SHARED_AUTHORITY": _JOINT,
    "TREATMENT_SUBSTITUTE": {"CARE_RECORD": provider_decides, "CARE_DECISION": substituted_treatment},
    "CURATELE": {
        "CARE_RECORD": care_of_adult,
        "CARE_DECISION": care_of_adult,
        "PROPERTY": court_leave,
        "TAX": court_leave,
        "GOVERNMENT": court_leave,
    },
    "BEWIND": {"PROPERTY": administration, "TAX": administration, "GOVERNMENT": court_leave},
    "MENTORSCHAP": {"CARE_RECORD": care_of_adult, "CARE_DECISION": care_of_adult, "GOVERNMENT": permit},
    "NEXT_OF_KIN_MANDATE": {"TAX": first_holder},
    "EXECUTOR": {"PROPERTY": permit, "GOVERNMENT": provider_decides},
    "HEIR": {"PROPERTY": heirs_together, "GOVERNMENT": provider_decides},
    "RECORD_AFTER_DEATH": {"CARE_RECORD": permit},
}
"""A domain missing from a kind's row: the kind gives nothing for it."""

_MATTER_NEEDED: Final = {"BEWIND": "FINANCIAL", "MENTORSCHAP": "CARE_ASSESSMENT"}
"""In GOVERNMENT these two kinds cover services of one matter only."""


def covers(kind: str, service: Service, goods: tuple[str, ...] | None = None) -> bool:
    """Whether the kind gives anything at all for the service's domain (and matter; `goods` of a BEWIND).

    A kind that we do not know might cover anything (facts.md 5.5).
    """
    row = TABLE.get(kind)
    if row is None:
        return True
    if service.domain not in row:
        return False
    if service.domain != "GOVERNMENT" or kind not in _MATTER_NEEDED:
        return True
    return service.matter == _MATTER_NEEDED[kind] and goods is None


def rule_for(ground: Authority, domain: str) -> Rule:
    """The rule of a kind that covers the domain; a guardianship exercised jointly follows the joint row."""
    row = TABLE.get(ground.kind)
    if row is None:
        return unknown_kind
    if ground.kind == "GUARDIANSHIP" and ground.exercise == "JOINT":
        row = _JOINT
    return row[domain]
