"""Acting for oneself (facts.md 5.4)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.codes import Outcome
from authority.facts import Fact
from authority.moments import day
from tests.authority.asking import ability, ask, authority, person, refusal, service, silent, table
from tests.authority.asking import consent as any_consent

CURATELE, BEWIND = authority("CURATELE", "anna"), authority("BEWIND", "anna")
MENTOR = authority("MENTORSCHAP", "anna")
PARENTS = (authority("PARENTAL_JOINT", "anna"), authority("PARENTAL_JOINT", "cora"))
ROWS = {
    "under 12": ((person("bram", 11),), "DDDDDD"),
    "12 to 15": ((person("bram", 13), *PARENTS), "PCDDDD"),
    "16 and 17": ((person("bram", 17), *PARENTS), "PPCPPC"),
    "under curatele": ((CURATELE,), "IIDDDD"),
    "under bewind": ((BEWIND,), "PPCDPP"),
    "with a mentor": ((MENTOR,), "IIPPPP"),
    "adult": ((), "PPPPPP"),
    "under bewind and with a mentor": ((BEWIND, MENTOR), "IICDPP"),
    "under bewind and curatele": ((BEWIND, CURATELE), "IIDDDD"),
}
OUTCOME: dict[str, Outcome] = {"P": "PERMIT", "D": "DENY", "C": "CONSENT_REQUIRED", "I": "INDETERMINATE"}
SERVICES = ("record", "treatment", "policy", "return", "desk", "class")


def consent(giver: str, **fields: Any) -> Fact:
    return any_consent(giver, representative="bram", **fields)


@pytest.mark.parametrize(
    ("facts", "short", "outcome"),
    [
        pytest.param(facts, short, OUTCOME[letter], id=f"{name}, {short}")
        for name, (facts, letters) in ROWS.items()
        for short, letter in zip(SERVICES, letters, strict=True)
    ],
)
def test_table(facts: tuple[Fact, ...], short: str, outcome: Outcome) -> None:
    decision = ask(facts, representative="bram", service=short)
    assert decision.outcome == outcome
    assert decision.grounds == ()
    if outcome == "PERMIT":
        assert decision.reason == "SELF"


@table(
    {
        "not able, 13": ((person("bram", 13), ability(False)), {}, "SELF_NOT_ABLE"),
        "not able, 13, public channel": (
            (person("bram", 13), ability(False), service("record", "CARE_RECORD", channel="PUBLIC")),
            {},
            "SELF_NOT_ABLE",
        ),
        "not able, 16": ((person("bram", 16), ability(False)), {}, "SELF_NOT_ABLE"),
        "not able, adult": ((ability(False),), {}, "SELF_NOT_ABLE"),
        "not able, adult, money": ((ability(False),), {"service": "policy"}, "SELF"),
        "able, under curatele": ((CURATELE, ability(True)), {}, "SELF"),
        "able, with a mentor": ((MENTOR, ability(True)), {"service": "treatment"}, "SELF"),
        "able in doubt": ((MENTOR, ability(True, under_investigation=True)), {}, "UNDER_INVESTIGATION"),
        "13, public channel": (
            (person("bram", 13), service("record", "CARE_RECORD", channel="PUBLIC")),
            {},
            "CHANNEL_EXCLUDES",
        ),
        "13, own identity card": ((person("bram", 13),), {"service": "desk", "act": "IDENTITY_CARD"}, "SELF"),
        "11, own identity card": ((person("bram", 11),), {"service": "desk", "act": "IDENTITY_CARD"}, "SELF_NOT_ABLE"),
        "13, own passport": ((person("bram", 13),), {"service": "desk", "act": "PASSPORT"}, "SELF_NOT_ABLE"),
        "18, curatele begins": ((person("bram", 18), CURATELE), {"service": "policy"}, "SELF_NOT_ABLE"),
        "17, curatele does not yet": ((person("bram", 17), CURATELE), {"service": "return"}, "SELF"),
    }
)
def test_cells(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, representative="bram", **question).reason == reason


TEEN = person("bram", 13)


@table(
    {
        "both agree": ((*PARENTS, consent("anna"), consent("cora")), {}, "SELF"),
        "one agrees": ((*PARENTS, consent("anna")), {}, "HOLDERS_MUST_CONSENT"),
        "one refuses": (
            (*PARENTS, consent("anna"), consent("cora"), refusal("cora", representative="bram")),
            {},
            "HOLDERS_MUST_CONSENT",
        ),
        "consent to a parent is not consent to the child": (
            (*PARENTS, any_consent("anna"), any_consent("cora")),
            {},
            "HOLDERS_MUST_CONSENT",
        ),
        "one is dead": ((*PARENTS, consent("anna"), person("cora", died="2020-01-01")), {}, "SELF"),
        "both are dead": (
            (*PARENTS, person("anna", died="2020-01-01"), person("cora", died="2020-01-01")),
            {},
            "OTHER_HOLDER_UNKNOWN",
        ),
        "one is under curatele": (
            (*PARENTS, consent("anna"), authority("CURATELE", "dirk", represented="cora")),
            {},
            "SELF",
        ),
        "one is 17": ((*PARENTS, consent("anna"), person("cora", 17)), {}, "SELF"),
        "none known": ((), {}, "OTHER_HOLDER_UNKNOWN"),
        "a guardian whom nobody names": ((authority("GUARDIANSHIP", None),), {}, "OTHER_HOLDER_UNKNOWN"),
        "vacant": ((*PARENTS, authority("NO_AUTHORITY", None)), {}, "OTHER_HOLDER_UNKNOWN"),
        "undetermined": ((*PARENTS, authority("UNDETERMINED", None)), {}, "OTHER_HOLDER_UNKNOWN"),
        "a parent alone": ((authority("PARENTAL_SOLE", "anna"), consent("anna")), {}, "SELF"),
        "a parent in doubt": (
            (authority("PARENTAL_SOLE", "anna"), person("anna", under_investigation=True), consent("anna")),
            {},
            "UNDER_INVESTIGATION",
        ),
        "a parent's authority in doubt": (
            (authority("PARENTAL_SOLE", "anna", under_investigation=True),),
            {},
            "UNDER_INVESTIGATION",
        ),
        "17, moving": (
            (person("bram", 17), *PARENTS),
            {"service": "desk", "act": "RELOCATION"},
            "HOLDERS_MUST_CONSENT",
        ),
        "17, passport": (
            (person("bram", 17), *PARENTS, consent("anna"), consent("cora")),
            {"service": "desk", "act": "PASSPORT"},
            "HOLDERS_MUST_CONSENT",
        ),
        "17, passport, named": (
            (person("bram", 17), *PARENTS, consent("anna", act="PASSPORT"), consent("cora", act="PASSPORT")),
            {"service": "desk", "act": "PASSPORT"},
            "SELF",
        ),
    }
)
def test_holders(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask((TEEN, *facts), **{"representative": "bram", "service": "treatment", **question}).reason == reason


@table(
    {
        "administrator silent": ((BEWIND,), {}, "ADMINISTRATOR_MUST_CONSENT"),
        "administrator agrees": ((BEWIND, consent("anna")), {}, "SELF"),
        "two, one agrees": ((BEWIND, authority("BEWIND", "cora"), consent("anna")), {}, "ADMINISTRATOR_MUST_CONSENT"),
        "another good": ((authority("BEWIND", goods=["house"]),), {"good": "car"}, "SELF"),
        "this good": ((authority("BEWIND", goods=["house"]),), {"good": "house"}, "ADMINISTRATOR_MUST_CONSENT"),
        "named goods, none said": ((authority("BEWIND", goods=["house"]),), {}, "ADMINISTRATOR_MUST_CONSENT"),
        "named goods, tax": ((authority("BEWIND", goods=["house"]),), {"service": "return"}, "SELF_NOT_ABLE"),
        "administrator in doubt": (
            (BEWIND, person("anna", under_investigation=True), consent("anna")),
            {},
            "UNDER_INVESTIGATION",
        ),
    }
)
def test_administrators(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **{"representative": "bram", "service": "policy", **question}).reason == reason


@table(
    {
        "level": ((), {"assurance": "LOW"}, "STEP_UP_REQUIRED"),
        "BRP silent": ((silent("BRP"),), {}, "REGISTER_STALE"),
        "CCBR silent": ((silent("CCBR"),), {}, "REGISTER_STALE"),
        "COURT silent, money too": ((silent("COURT"),), {"service": "policy"}, "REGISTER_STALE"),
        "another silent": ((silent("DIGID_MACHTIGEN"),), {}, "SELF"),
        "silent, but the answer is no": ((silent("BRP"), person("bram", 5)), {}, "SELF_NOT_ABLE"),
        "in doubt": ((person("bram", under_investigation=True),), {}, "UNDER_INVESTIGATION"),
    }
)
def test_sources(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, representative="bram", **question).reason == reason


@pytest.mark.parametrize(
    ("age", "service", "until"),
    [(11, "record", "2027-03-01"), (15, "return", "2027-03-01"), (17, "policy", "2027-03-01"), (13, "record", None)],
)
def test_it_changes_on_birthdays(age: int, service: str, until: str | None) -> None:
    decision = ask((person("bram", age),), representative="bram", service=service)
    assert decision.valid_until == (None if until is None else day(until))
