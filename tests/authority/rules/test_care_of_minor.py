"""Rule K (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.facts import Fact
from authority.moments import day
from tests.authority.asking import ability, ask, authority, consent, person, refusal, service, table

SOLE = authority("PARENTAL_SOLE")
JOINT = (authority("PARENTAL_JOINT"), authority("PARENTAL_JOINT", "cora"))
CHILD, TEEN, SIXTEEN = person("bram", 11), person("bram", 13), person("bram", 16)
SAYS_YES = consent("bram", valid_from="2026-01-01")


@table(
    {
        "under 12": ((SOLE, CHILD), {}, "PARENTAL_AUTHORITY"),
        "under 12, able is not looked at": (
            (SOLE, CHILD, ability(True, under_investigation=True)),
            {},
            "PARENTAL_AUTHORITY",
        ),
        "under 12, jointly, each sees": ((*JOINT, CHILD), {}, "PARENTAL_AUTHORITY"),
        "12 to 15, silent": ((SOLE, TEEN), {}, "CHILD_CONSENT_UNKNOWN"),
        "12 to 15, child consents": ((SOLE, TEEN, SAYS_YES), {}, "PARENTAL_AUTHORITY"),
        "12 to 15, child refuses": ((SOLE, TEEN, refusal("bram")), {}, "CHILD_CONSENT_UNKNOWN"),
        "12 to 15, a refusal wins": ((SOLE, TEEN, SAYS_YES, refusal("bram")), {}, "CHILD_CONSENT_UNKNOWN"),
        "12 to 15, a consent from before its 12th birthday": (
            (SOLE, TEEN, consent("bram", valid_from="2025-02-28")),
            {},
            "CHILD_CONSENT_UNKNOWN",
        ),
        "12 to 15, a consent since ever": ((SOLE, TEEN, consent("bram")), {}, "CHILD_CONSENT_UNKNOWN"),
        "12 to 15, a consent from its very 12th birthday": (
            (SOLE, TEEN, consent("bram", valid_from="2025-03-01")),
            {},
            "PARENTAL_AUTHORITY",
        ),
        "12 to 15, a consent to another parent": (
            (SOLE, TEEN, consent("bram", representative="cora", valid_from="2026-01-01")),
            {},
            "CHILD_CONSENT_UNKNOWN",
        ),
        "12 to 15, not able": ((SOLE, TEEN, ability(False)), {}, "PARENTAL_AUTHORITY"),
        "12 to 15, able": ((SOLE, TEEN, ability(True)), {}, "CHILD_CONSENT_UNKNOWN"),
        "12 to 15, public channel": (
            (SOLE, TEEN, SAYS_YES, service("record", "CARE_RECORD", channel="PUBLIC")),
            {},
            "CHANNEL_EXCLUDES",
        ),
        "12 to 15, public channel, not able": (
            (SOLE, TEEN, ability(False), service("record", "CARE_RECORD", channel="PUBLIC")),
            {},
            "CHANNEL_EXCLUDES",
        ),
        "11, public channel": (
            (SOLE, CHILD, service("record", "CARE_RECORD", channel="PUBLIC")),
            {},
            "PARENTAL_AUTHORITY",
        ),
        "16 and 17": ((SOLE, SIXTEEN, SAYS_YES), {}, "REPRESENTED_DECIDES_ALONE"),
        "16 and 17, not able": ((SOLE, SIXTEEN, ability(False)), {}, "PROVIDER_MUST_DECIDE"),
        "guardian": ((authority("GUARDIANSHIP"), CHILD), {}, "GUARDIANSHIP"),
        "parent and another": (
            (authority("SHARED_AUTHORITY"), authority("SHARED_AUTHORITY", None), CHILD),
            {},
            "SHARED_AUTHORITY",
        ),
    }
)
def test_record(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@table(
    {
        "under 12, alone": ((SOLE, CHILD), {}, "PARENTAL_AUTHORITY"),
        "under 12, jointly": ((*JOINT, CHILD), {}, "OTHER_HOLDER_MUST_CONSENT"),
        "under 12, the other agrees": ((*JOINT, CHILD, consent("cora")), {}, "PARENTAL_AUTHORITY"),
        "under 12, a guardian alone is not joint": (
            (authority("GUARDIANSHIP"), authority("GUARDIANSHIP", "cora"), CHILD),
            {},
            "GUARDIANSHIP",
        ),
        "under 12, guardians jointly": (
            (authority("GUARDIANSHIP", exercise="JOINT"), authority("GUARDIANSHIP", "cora"), CHILD),
            {},
            "OTHER_HOLDER_MUST_CONSENT",
        ),
        "under 12, routine": ((*JOINT, CHILD), {"service": "routine"}, "PARENTAL_AUTHORITY"),
        "12 to 15, alone": ((SOLE, TEEN), {}, "CHILD_MUST_CONSENT"),
        "12 to 15, alone, child agrees": ((SOLE, TEEN, SAYS_YES), {}, "PARENTAL_AUTHORITY"),
        "12 to 15, alone, child not able": ((SOLE, TEEN, ability(False)), {}, "PARENTAL_AUTHORITY"),
        "12 to 15, jointly, child not able": ((*JOINT, TEEN, ability(False)), {}, "OTHER_HOLDER_MUST_CONSENT"),
        "12 to 15, jointly, child agrees": ((*JOINT, TEEN, SAYS_YES), {}, "OTHER_HOLDER_MUST_CONSENT"),
        "12 to 15, jointly, child agrees, other objects": (
            (*JOINT, TEEN, SAYS_YES, refusal("cora")),
            {},
            "OBJECTION_BY_OTHER_HOLDER",
        ),
        "12 to 15, jointly, all agree": ((*JOINT, TEEN, SAYS_YES, consent("cora")), {}, "PARENTAL_AUTHORITY"),
        "12 to 15, child agrees, other not named": (
            (authority("SHARED_AUTHORITY"), authority("SHARED_AUTHORITY", None), TEEN, SAYS_YES),
            {},
            "OTHER_HOLDER_UNKNOWN",
        ),
        "12 to 15, child silent, other not named": (
            (authority("SHARED_AUTHORITY"), authority("SHARED_AUTHORITY", None), TEEN),
            {},
            "CHILD_MUST_CONSENT",
        ),
        "12 to 15, public channel": (
            (SOLE, TEEN, SAYS_YES, service("treatment", "CARE_DECISION", channel="PUBLIC")),
            {},
            "CHANNEL_EXCLUDES",
        ),
        "16 and 17": ((*JOINT, SIXTEEN), {}, "REPRESENTED_DECIDES_ALONE"),
        "16 and 17, not able": ((*JOINT, SIXTEEN, ability(False)), {}, "PROVIDER_MUST_DECIDE"),
        "child's consent in doubt": (
            (SOLE, TEEN, consent("bram", valid_from="2026-01-01", under_investigation=True)),
            {},
            "UNDER_INVESTIGATION",
        ),
    }
)
def test_treatment(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **{"service": "treatment", **question}).reason == reason


@pytest.mark.parametrize(
    ("facts", "required"),
    [
        pytest.param((SOLE, TEEN), ("bram",), id="alone"),
        pytest.param((SOLE, TEEN, refusal("bram")), ("bram",), id="a child's refusal is answered like silence"),
        pytest.param((*JOINT, TEEN), ("bram", "cora"), id="jointly"),
        pytest.param((*JOINT, TEEN, consent("cora")), ("bram",), id="what was given falls away"),
        pytest.param((*JOINT, TEEN, SAYS_YES), ("cora",), id="only the other is missing"),
        pytest.param((*JOINT, TEEN, person("cora", died="2020-01-01")), ("bram",), id="the dead are not asked"),
        pytest.param(
            (authority("SHARED_AUTHORITY"), authority("SHARED_AUTHORITY", None), TEEN), ("bram",), id="not named"
        ),
    ],
)
def test_who_must_consent_to_treatment(facts: tuple[Fact, ...], required: tuple[str, ...]) -> None:
    assert ask(facts, service="treatment").required_consents == required


@pytest.mark.parametrize("word", [(), (refusal("cora"),)], ids=["silent", "refusing"])
def test_routine_asks_the_other_holder_only_after_a_refusal(word: tuple[Fact, ...]) -> None:
    decision = ask((*JOINT, TEEN, *word), service="routine")
    assert decision.required_consents == (("bram", "cora") if word else ("bram",))


def test_access_ends_on_the_birthday() -> None:
    assert ask((SOLE, CHILD)).valid_until == day("2027-03-01")
    assert ask((SOLE, TEEN, SAYS_YES)).valid_until == day("2029-03-01")
