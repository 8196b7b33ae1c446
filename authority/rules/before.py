"""Before any ground: service, provider, representative, organisation (facts.md 5.1, steps 1 to 5).

Nothing here looks at the represented, so that no answer tells a stranger that somebody exists. Source: domain.md
chapters 1 and 2.8; BW 1:381 for the representative under curatele.
"""

from __future__ import annotations

from typing import Final

from authority.case import Case
from authority.codes import CURATELE
from authority.facts import Employment
from authority.finding import Finding, found
from authority.step import About, Check


def service_is_offered(case: Case) -> Finding | None:
    """5.1.1: the service is known and this provider's, and so is the provider (it may have been retracted)."""
    question, service, provider = case.question, case.service, case.around.provider
    if service is None or service.provider != question.provider:
        return found("SERVICE_NOT_OFFERED")
    if service.id != question.service and service.id != question.service_id:  # noqa: PLR1714 - the second is made
        return found("SERVICE_NOT_OFFERED")
    if provider is None or provider.id != question.provider:
        return found("SERVICE_NOT_OFFERED")
    return None


def provider_is_live(case: Case) -> Finding | None:
    """5.1.1: status LIVE, and `live_from` has come."""
    provider = case.around.provider
    assert provider is not None
    if provider.status != "LIVE":
        return found("PROVIDER_NOT_LIVE")
    if provider.live_from is not None and not case.reached(provider.live_from):
        return found("PROVIDER_NOT_LIVE")
    return None


def representative_is_known(case: Case) -> Finding | None:
    """5.1.2: somebody unknown has no ground."""
    return found("NO_GROUND") if case.representative is None else None


def representative_is_alive(case: Case) -> Finding | None:
    """5.1.3."""
    return found("REPRESENTATIVE_DECEASED") if case.dead(case.representative) else None


def representative_is_capable(case: Case) -> Finding | None:
    """5.1.4: who is under curatele acts for nobody else (BW 1:381)."""
    if not case.oneself and case.under(CURATELE, case.question.representative, case.representative_born):
        return found("REPRESENTATIVE_INCAPABLE")
    return None


def covering_employments(case: Case) -> list[Employment]:
    """Employments of the representative at the organisation, in force, that cover the service."""
    service = case.question.service_id
    return [e for e in _employments(case) if e.services is None or service in e.services]


def employee_is_authorised(case: Case) -> Finding | None:
    """5.1.5: through an organisation only as its employee, for this service, and only if it is registered."""
    if not case.through_organisation:
        return None
    organisation = case.around.organisation
    if organisation is None or organisation.id != case.question.organisation or not _employments(case):
        return found("NOT_EMPLOYED")
    if not covering_employments(case):
        return found("EMPLOYEE_NOT_AUTHORISED")
    return None if organisation.registered else found("ORGANISATION_NOT_REGISTERED")


def _employments(case: Case) -> list[Employment]:
    question = case.question
    return [
        e
        for e in case.around.employments
        if e.employee == question.representative and e.organisation == question.organisation and case.runs(e)
    ]


CHECKS: Final[tuple[Check, ...]] = (
    Check(
        About(
            "SERVICE_OFFERED",
            "Biedt deze aanbieder de dienst?",
            "Does this provider offer the service?",
            "facts.md 5.1",
        ),
        "5.1.1",
        service_is_offered,
    ),
    Check(
        About("PROVIDER_LIVE", "Is de aanbieder aangesloten?", "Is the provider live?", "facts.md 2 (provider)"),
        "5.1.1",
        provider_is_live,
    ),
    Check(
        About(
            "REPRESENTATIVE_KNOWN",
            "Is de vertegenwoordiger bekend?",
            "Is the representative known?",
            "domain.md 1.1",
        ),
        "5.1.2",
        representative_is_known,
    ),
    Check(
        About(
            "REPRESENTATIVE_ALIVE",
            "Leeft de vertegenwoordiger?",
            "Is the representative alive?",
            "BW 3:72; domain.md 1.6",
        ),
        "5.1.3",
        representative_is_alive,
    ),
    Check(
        About(
            "REPRESENTATIVE_CAPABLE",
            "Staat de vertegenwoordiger niet zelf onder curatele?",
            "Is the representative not under curatele himself?",
            "BW 1:381",
        ),
        "5.1.4",
        representative_is_capable,
    ),
    Check(
        About(
            "EMPLOYEE_AUTHORISED",
            "Mag deze medewerker dit namens de organisatie?",
            "May this employee do this for the organisation?",
            "domain.md 2.8; Handelsregisterwet 2007",
        ),
        "5.1.5",
        employee_is_authorised,
    ),
)
"""In the order of facts.md 5.1; the first that finds something answers the question."""
_CHECKS: Final = tuple(step.check for step in CHECKS)


def before_any_ground(case: Case) -> Finding | None:
    """The first thing that stands in the way before any ground is looked at."""
    for check in _CHECKS:
        finding = check(case)
        if finding is not None:
            return finding
    return None
