"""What comes before any ground (facts.md 5.1, steps 1 to 5)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.facts import Fact
from authority.moments import day
from tests.authority.asking import BORN, ask, authority, fact, person, service, table

GROUND = authority("VOLUNTARY_MANDATE")
OFFICE = fact("organisation", "office", kind="ADMINISTRATION_OFFICE")
OFFICE_GROUND = authority("VOLUNTARY_MANDATE", "office")


def provider(**fields: Any) -> Fact:
    return fact("provider", "h", **{"sector": "HOSPITAL", "status": "LIVE", **fields})


def employment(**fields: Any) -> Fact:
    given = {"id": "e", "employee": "anna", "organisation": "office", **fields}
    return fact("employment", given.pop("id"), **given)


@table(
    {
        "unknown service": ((GROUND,), {"service": "nothing"}, "SERVICE_NOT_OFFERED"),
        "unknown provider": ((GROUND,), {"provider": "nobody"}, "SERVICE_NOT_OFFERED"),
        "full id": ((GROUND,), {"service": "h/record"}, "VOLUNTARY_MANDATE"),
        "another provider's service": (
            (GROUND, fact("provider", "m", sector="OTHER", status="LIVE")),
            {"provider": "m", "service": "h/record"},
            "SERVICE_NOT_OFFERED",
        ),
        "service retracted": ((GROUND, service("record", "CARE_RECORD", retracted=True)), {}, "SERVICE_NOT_OFFERED"),
        "provider retracted": ((GROUND, provider(retracted=True)), {}, "SERVICE_NOT_OFFERED"),
        "live from now": ((GROUND, provider(live_from="2026-06-15")), {}, "VOLUNTARY_MANDATE"),
        "live from tomorrow": ((GROUND, provider(live_from="2026-06-16")), {}, "PROVIDER_NOT_LIVE"),
        "comes before the representative": (
            (provider(status="TESTED"),),
            {"representative": "nobody"},
            "PROVIDER_NOT_LIVE",
        ),
        "holds for oneself too": ((provider(status="SUSPENDED"),), {"representative": "bram"}, "PROVIDER_NOT_LIVE"),
    }
)
def test_service_and_provider(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@pytest.mark.parametrize("status", ["APPLIED", "ASSESSED", "CONNECTED", "TESTED", "SUSPENDED"])
def test_a_provider_that_is_not_live(status: str) -> None:
    assert ask((GROUND, provider(status=status))).reason == "PROVIDER_NOT_LIVE"


@table(
    {
        "unknown": ((GROUND,), {"representative": "nobody"}, "NO_GROUND"),
        "unknown, acting for themselves": ((), {"representative": "no", "represented": "no"}, "NO_GROUND"),
        "retracted": ((GROUND, person("anna", retracted=True)), {}, "NO_GROUND"),
        "dead from 00:00 of the day": ((GROUND, person("anna", died="2026-06-15")), {}, "REPRESENTATIVE_DECEASED"),
        "dead since an hour": (
            (GROUND, person("anna", died="2026-06-15T09:00:00Z")),
            {},
            "REPRESENTATIVE_DECEASED",
        ),
        "dies tomorrow": ((GROUND, person("anna", died="2026-06-16")), {}, "VOLUNTARY_MANDATE"),
        "dead oneself": ((person("bram", died="2026-01-01"),), {"representative": "bram"}, "REPRESENTATIVE_DECEASED"),
        "under curatele": (
            (GROUND, authority("CURATELE", "cora", represented="anna")),
            {},
            "REPRESENTATIVE_INCAPABLE",
        ),
        "under curatele, held by the represented": (
            (GROUND, authority("CURATELE", "bram", represented="anna")),
            {},
            "REPRESENTATIVE_INCAPABLE",
        ),
        "curatele begins at 18": (
            (GROUND, person("anna", 17), authority("CURATELE", "cora", represented="anna")),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "curatele over": (
            (GROUND, authority("CURATELE", "cora", represented="anna", valid_until="2026-06-15")),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "bewind does not matter": ((GROUND, authority("BEWIND", "cora", represented="anna")), {}, "VOLUNTARY_MANDATE"),
        "a stranger under curatele hears that first": (
            (authority("CURATELE", "cora", represented="anna"),),
            {},
            "REPRESENTATIVE_INCAPABLE",
        ),
    }
)
def test_representative(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@table(
    {
        "employee": ((OFFICE, OFFICE_GROUND, employment()), {}, "VOLUNTARY_MANDATE"),
        "organisation unknown": ((OFFICE_GROUND,), {}, "NOT_EMPLOYED"),
        "employment over": (
            (OFFICE, OFFICE_GROUND, employment(valid_until="2026-06-15")),
            {},
            "NOT_EMPLOYED",
        ),
        "somebody else's": ((OFFICE, OFFICE_GROUND, employment(employee="cora")), {}, "NOT_EMPLOYED"),
        "for this service": (
            (OFFICE, OFFICE_GROUND, employment(services=["h/record"])),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "for another service": (
            (OFFICE, OFFICE_GROUND, employment(services=["h/desk"])),
            {},
            "EMPLOYEE_NOT_AUTHORISED",
        ),
        "two employments, one covers": (
            (OFFICE, OFFICE_GROUND, employment(services=["h/desk"]), employment(id="f", services=["h/record"])),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "the one that covers is over": (
            (
                OFFICE,
                OFFICE_GROUND,
                employment(services=["h/desk"]),
                employment(id="f", services=["h/record"], valid_until="2026-01-01"),
            ),
            {},
            "EMPLOYEE_NOT_AUTHORISED",
        ),
        "not in the trade register": (
            (fact("organisation", "office", kind="OTHER", registered=False), OFFICE_GROUND, employment()),
            {},
            "ORGANISATION_NOT_REGISTERED",
        ),
        "authorisation comes before registration": (
            (fact("organisation", "office", kind="OTHER", registered=False), employment(services=["h/desk"])),
            {},
            "EMPLOYEE_NOT_AUTHORISED",
        ),
        "oneself: not looked at": ((), {"representative": "bram", "organisation": "nothing"}, "SELF"),
    }
)
def test_organisation(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **{"organisation": "office", **question}).reason == reason


def test_what_is_found_here_changes_when_the_provider_goes_live() -> None:
    decision = ask((GROUND, provider(live_from="2026-07-01")))
    assert (decision.reason, decision.valid_until) == ("PROVIDER_NOT_LIVE", day("2026-07-01"))


def test_nothing_up_to_here_looks_at_the_represented() -> None:
    dead = person("anna", born=BORN[40], died="2020-01-01")
    answers = {ask((dead, GROUND), represented=name).reason for name in ("bram", "cora", "nobody")}
    assert answers == {"REPRESENTATIVE_DECEASED"}
