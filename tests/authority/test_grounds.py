"""Weighing one ground and choosing among several (facts.md 5.2)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.facts import Fact
from authority.moments import day, instant
from tests.authority.asking import ability, ask, authority, consent, fact, person, register, service, silent, table

MANDATE = authority("VOLUNTARY_MANDATE")
CHILD, DEAD = person("bram", 5), person("bram", 80, died="2026-01-01")
EMPLOYED = fact("employment", "e", employee="anna", organisation="office")
OFFICE = (fact("organisation", "office", kind="OTHER"), EMPLOYED, authority("VOLUNTARY_MANDATE", "office"))
FOR_OFFICE = {"organisation": "office"}


def mandate(**fields: Any) -> Fact:
    return authority("VOLUNTARY_MANDATE", **fields)


@table(
    {
        "requested": ((mandate(status="REQUESTED", valid_from="2030-01-01"),), {}, "NOT_ACTIVE"),
        "withdrawn": ((mandate(status="WITHDRAWN", valid_until="2026-01-01"),), {}, "WITHDRAWN"),
        "ended": ((mandate(status="ENDED"),), {}, "EXPIRED"),
        "ended, for every moment": ((mandate(status="ENDED"),), {"at": "2021-01-01T00:00:00Z"}, "EXPIRED"),
        "from today": ((mandate(valid_from="2026-06-15"),), {}, "VOLUNTARY_MANDATE"),
        "from the very instant": ((mandate(valid_from="2026-06-15T10:00:00Z"),), {}, "VOLUNTARY_MANDATE"),
        "from a microsecond later": ((mandate(valid_from="2026-06-15T10:00:00.000001Z"),), {}, "NOT_YET_VALID"),
        "until the very instant": ((mandate(valid_until="2026-06-15T10:00:00Z"),), {}, "EXPIRED"),
        "until a microsecond later": ((mandate(valid_until="2026-06-15T10:00:00.000001Z"),), {}, "VOLUNTARY_MANDATE"),
        "retracted": ((mandate(retracted=True),), {}, "NO_GROUND"),
    }
)
def test_status_and_dates(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


DIED_AT_15 = person("bram", born="2010-06-16", died="2026-06-15")
DIED_AT_16 = person("bram", born="2010-06-15", died="2026-06-15")


@table(
    {
        "mandate": ((MANDATE, DEAD), {}, "REPRESENTED_DECEASED"),
        "measure": ((authority("BEWIND"), DEAD), {"service": "policy"}, "REPRESENTED_DECEASED"),
        "died this morning": (
            (MANDATE, person("bram", died="2026-06-15T09:59:59Z")),
            {},
            "REPRESENTED_DECEASED",
        ),
        "dies tomorrow": ((MANDATE, person("bram", died="2026-06-16")), {}, "VOLUNTARY_MANDATE"),
        "parent of a child that died at 15, record": (
            (authority("PARENTAL_SOLE"), DIED_AT_15),
            {},
            "PROVIDER_MUST_DECIDE",
        ),
        "parent of a child that died at 16, record": (
            (authority("PARENTAL_SOLE"), DIED_AT_16),
            {},
            "REPRESENTED_DECEASED",
        ),
        "tax": ((authority("PARENTAL_JOINT"), DIED_AT_15), {"service": "return"}, "PROVIDER_MUST_DECIDE"),
        "property": ((authority("GUARDIANSHIP"), DIED_AT_15), {"service": "policy"}, "PROVIDER_MUST_DECIDE"),
        "treatment": ((authority("SHARED_AUTHORITY"), DIED_AT_15), {"service": "treatment"}, "REPRESENTED_DECEASED"),
        "school": ((authority("PARENTAL_SOLE"), DIED_AT_15), {"service": "class"}, "REPRESENTED_DECEASED"),
        "substitute": (
            (authority("TREATMENT_SUBSTITUTE"), DIED_AT_15),
            {"service": "treatment"},
            "REPRESENTED_DECEASED",
        ),
        "executor, in life": ((authority("EXECUTOR"),), {"service": "policy"}, "NOT_YET_VALID"),
        "heir, in life": ((authority("HEIR"),), {"service": "policy"}, "NOT_YET_VALID"),
        "record after death, in life": ((authority("RECORD_AFTER_DEATH"),), {}, "NOT_YET_VALID"),
        "death comes before scope": ((MANDATE, DEAD), {"service": "h/nothing"}, "SERVICE_NOT_OFFERED"),
    }
)
def test_death(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@table(
    {
        "service named": ((mandate(services=["h/record"]),), {}, "VOLUNTARY_MANDATE"),
        "service not named": ((mandate(services=["h/desk"]),), {}, "NOT_IN_SCOPE"),
        "provider named": ((mandate(providers=["h"]),), {}, "VOLUNTARY_MANDATE"),
        "provider not named": ((mandate(providers=["m"]),), {}, "NOT_IN_SCOPE"),
        "domain named": ((mandate(domains=["CARE_RECORD"]),), {}, "VOLUNTARY_MANDATE"),
        "domain not named": ((mandate(domains=["TAX", "PROPERTY"]),), {}, "NOT_IN_SCOPE"),
        "dates come before scope": ((mandate(services=["h/desk"], status="ENDED"),), {}, "EXPIRED"),
        "scope comes before the kind's rule": (
            (mandate(services=["h/desk"]), person("bram", 17)),
            {},
            "NOT_IN_SCOPE",
        ),
    }
)
def test_scope(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@pytest.mark.parametrize(
    ("until", "reason"),
    [("2026-06-16", "GUARDIANSHIP"), ("2026-06-15", "CERTIFICATE_EXPIRED"), (None, "CERTIFICATE_EXPIRED")],
)
def test_certificate(until: str | None, reason: str) -> None:
    institution = fact("organisation", "office", kind="GUARDIANSHIP_INSTITUTION", certified_until=until)
    assert ask((institution, EMPLOYED, authority("GUARDIANSHIP", "office"), CHILD), **FOR_OFFICE).reason == reason


def test_only_a_guardianship_institution_needs_one() -> None:
    assert ask(OFFICE, **FOR_OFFICE).reason == "VOLUNTARY_MANDATE"


@table(
    {
        "personal authority does not count for the office": ((*OFFICE[:2], MANDATE), FOR_OFFICE, "NO_GROUND"),
        "the office's does not count personally": (OFFICE, {}, "NO_GROUND"),
    }
)
def test_hers_and_the_offices(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


DOUBT: dict[str, Any] = {"under_investigation": True}


@table(
    {
        "the authority": ((mandate(**DOUBT),), {}, "UNDER_INVESTIGATION"),
        "the representative": ((MANDATE, person("anna", **DOUBT)), {}, "UNDER_INVESTIGATION"),
        "the represented": ((MANDATE, person("bram", **DOUBT)), {}, "UNDER_INVESTIGATION"),
        "the organisation": (
            (fact("organisation", "office", kind="OTHER", **DOUBT), *OFFICE[1:]),
            FOR_OFFICE,
            "UNDER_INVESTIGATION",
        ),
        "the only employment": (
            (OFFICE[0], fact("employment", "e", employee="anna", organisation="office", **DOUBT), OFFICE[2]),
            FOR_OFFICE,
            "UNDER_INVESTIGATION",
        ),
        "one of two employments": (
            (*OFFICE, fact("employment", "f", employee="anna", organisation="office", **DOUBT)),
            FOR_OFFICE,
            "VOLUNTARY_MANDATE",
        ),
        "the only one that covers": (
            (
                OFFICE[0],
                fact("employment", "e", employee="anna", organisation="office", services=["h/desk"]),
                fact("employment", "f", employee="anna", organisation="office", **DOUBT),
                OFFICE[2],
            ),
            FOR_OFFICE,
            "UNDER_INVESTIGATION",
        ),
        "the provider does not matter": (
            (MANDATE, fact("provider", "h", sector="OTHER", status="LIVE", **DOUBT)),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "the service does not matter": ((MANDATE, service("record", "CARE_RECORD", **DOUBT)), {}, "VOLUNTARY_MANDATE"),
        "a consent that nobody asks for": ((MANDATE, consent("cora", **DOUBT)), {}, "VOLUNTARY_MANDATE"),
        "what is denied stays denied": ((mandate(status="ENDED", **DOUBT),), {}, "EXPIRED"),
        "what is indeterminate stays so": (
            (authority("MENTORSCHAP", **DOUBT),),
            {},
            "ABILITY_UNKNOWN",
        ),
        "a doubt of one ground is not the next one's": (
            (authority("MENTORSCHAP"), ability(False, **DOUBT), authority("CURATELE"), MANDATE),
            {"service": "class"},
            "GRANTOR_NOT_ABLE",
        ),
    }
)
def test_under_investigation(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@table(
    {
        "its own register": ((MANDATE, silent("DIGID_MACHTIGEN")), {}, "REGISTER_STALE"),
        "the register that the fact names": (
            (mandate(register="NOTARY"), silent("NOTARY", serves=["VOLUNTARY_MANDATE"])),
            {},
            "REGISTER_STALE",
        ),
        "its kind's register, when the fact names another": (
            (mandate(register="NOTARY"), register("NOTARY", serves=["VOLUNTARY_MANDATE"]), silent("DIGID_MACHTIGEN")),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "BRP": ((MANDATE, silent("BRP")), {}, "REGISTER_STALE"),
        "CCBR, which would show curatele": ((MANDATE, silent("CCBR")), {}, "REGISTER_STALE"),
        "COURT, which would show a mentor, care": ((MANDATE, silent("COURT")), {}, "REGISTER_STALE"),
        "COURT, money": ((MANDATE, silent("COURT")), {"service": "policy"}, "VOLUNTARY_MANDATE"),
        "CCBR that serves neither": (
            (MANDATE, silent("CCBR", serves=["MENTORSCHAP"])),
            {"service": "policy"},
            "VOLUNTARY_MANDATE",
        ),
        "another that serves bewind": (
            (MANDATE, silent("COURT", serves=["BEWIND"])),
            {"service": "policy"},
            "REGISTER_STALE",
        ),
        "CCBR does not matter to a parent": (
            (authority("PARENTAL_SOLE"), CHILD, silent("CCBR")),
            {},
            "PARENTAL_AUTHORITY",
        ),
        "PROVIDER does not matter": ((MANDATE, silent("PROVIDER")), {}, "VOLUNTARY_MANDATE"),
        "trade register, office": ((*OFFICE, silent("HANDELSREGISTER")), FOR_OFFICE, "REGISTER_STALE"),
        "eHerkenning, office": ((*OFFICE, silent("EHERKENNING")), FOR_OFFICE, "REGISTER_STALE"),
        "trade register, personally": ((MANDATE, silent("HANDELSREGISTER")), {}, "VOLUNTARY_MANDATE"),
        "never heard": ((MANDATE, register("BRP", max_silence="P1D")), {}, "REGISTER_STALE"),
        "never heard, never stale": ((MANDATE, register("BRP")), {}, "VOLUNTARY_MANDATE"),
        "consent is required, silent": (
            (authority("BEWIND"), silent("CCBR")),
            {"service": "policy", "act": "DISPOSAL"},
            "REGISTER_STALE",
        ),
        "denied, silent": ((mandate(status="ENDED"), silent("BRP")), {}, "EXPIRED"),
        "doubt comes before silence": ((mandate(**DOUBT), silent("BRP")), {}, "UNDER_INVESTIGATION"),
        "silence comes before the level": ((MANDATE, silent("BRP")), {"assurance": "LOW"}, "REGISTER_STALE"),
    }
)
def test_stale(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@pytest.mark.parametrize(
    ("known_at", "at", "reason"),
    [
        (None, "2026-06-15T10:00:00Z", "VOLUNTARY_MANDATE"),
        (None, "2026-06-16T00:00:00Z", "REGISTER_STALE"),
        (None, "2026-06-15T23:59:59.999999Z", "VOLUNTARY_MANDATE"),
        ("2026-06-15T10:00:00Z", "2027-06-15T10:00:00Z", "VOLUNTARY_MANDATE"),
        ("2026-06-16T00:00:00Z", "2026-06-01T00:00:00Z", "REGISTER_STALE"),
    ],
)
def test_silence_is_measured_at_known_at_else_at_the_moment_asked_about(
    known_at: str | None, at: str, reason: str
) -> None:
    heard = register("BRP", heard_from="2026-06-14T00:00:00Z", max_silence="P2D", recorded_at="2026-01-01T00:00:00Z")
    decision = ask((MANDATE, heard), known_at=known_at, at=at)
    assert decision.reason == reason
    if known_at is None and reason != "REGISTER_STALE":
        assert decision.valid_until == instant("2026-06-16T00:00:00Z")
        assert decision.stale_registers == ()
    if known_at is not None:
        assert decision.valid_until is None


@pytest.mark.parametrize(
    ("minimum", "assurance", "organisation", "step_up"),
    [
        ("BASIC", "BASIC", None, None),
        ("LOW", "BASIC", None, "LOW"),
        ("SUBSTANTIAL", "LOW", None, "SUBSTANTIAL"),
        ("HIGH", "SUBSTANTIAL", None, "HIGH"),
        ("HIGH", "HIGH", None, None),
        ("BASIC", "LOW", "office", "SUBSTANTIAL"),
        ("BASIC", "SUBSTANTIAL", "office", None),
        ("HIGH", "SUBSTANTIAL", "office", "HIGH"),
    ],
)
def test_level(minimum: str, assurance: str, organisation: str | None, step_up: str | None) -> None:
    record = service("record", "CARE_RECORD", minimum_assurance=minimum)
    decision = ask((record, MANDATE, *OFFICE), assurance=assurance, organisation=organisation)
    assert decision.step_up == step_up
    assert decision.reason == ("VOLUNTARY_MANDATE" if step_up is None else "STEP_UP_REQUIRED")


def test_the_level_matters_to_a_consent_that_is_required_too() -> None:
    decision = ask((authority("BEWIND"),), service="policy", act="DISPOSAL", assurance="LOW")
    assert (decision.reason, decision.required_consents) == ("STEP_UP_REQUIRED", ())


class TestSeveralGrounds:
    def test_the_best_outcome_wins(self) -> None:
        decision = ask((authority("MENTORSCHAP"), authority("CURATELE"), MANDATE), service="desk")
        assert (decision.outcome, decision.reason) == ("PERMIT", "CURATELE")
        assert decision.grounds == ("CURATELE-anna",)
        assert decision.reasons == ("CURATELE", "GRANTOR_NOT_ABLE", "NOT_IN_SCOPE")

    def test_reasons_come_in_the_order_in_which_they_would_win_each_once(self) -> None:
        ended = [mandate(id=f"m{n}", status="ENDED") for n in (1, 2)]
        decision = ask((*ended, mandate(id="w", status="WITHDRAWN"), mandate(id="r", status="REQUESTED"), MANDATE))
        assert decision.reasons == ("VOLUNTARY_MANDATE", "WITHDRAWN", "EXPIRED", "NOT_ACTIVE")

    def test_all_that_gave_the_winning_reason_are_named_sorted(self) -> None:
        assert ask((mandate(id="b"), mandate(id="a"), mandate(id="c", status="ENDED"))).grounds == ("a", "b")

    def test_the_smallest_id_says_whose_consent_is_missing(self) -> None:
        both = authority("PARENTAL_JOINT", id="a"), authority("PARENTAL_JOINT", id="b", services=["h/class"])
        decision = ask((CHILD, *both, authority("PARENTAL_JOINT", "cora")), service="class")
        assert (decision.grounds, decision.required_consents) == (("a", "b"), ("cora",))

    def test_consent_required_beats_indeterminate(self) -> None:
        facts = (
            CHILD,
            authority("PARENTAL_JOINT"),
            authority("PARENTAL_JOINT", "cora"),
            authority("TREATMENT_SUBSTITUTE", **DOUBT),
        )
        assert ask(facts, service="treatment").reasons == ("OTHER_HOLDER_MUST_CONSENT", "UNDER_INVESTIGATION")


def test_a_ground_ends_and_another_takes_over() -> None:
    first, second = (
        mandate(id="a", valid_until="2026-07-01"),
        mandate(id="b", valid_from="2026-07-01", valid_until="2026-08-01"),
    )
    assert ask((first, second)).valid_until == day("2026-08-01")
