"""Before the kinds over minors (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.facts import Fact
from authority.moments import day
from tests.authority.asking import ask, authority, fact, person, table

CHILD = person("bram", 5)
SOLE = authority("PARENTAL_SOLE")
JOINT = authority("PARENTAL_JOINT")
SUBSTITUTE = authority("TREATMENT_SUBSTITUTE")
VACANT = authority("NO_AUTHORITY", None)
UNDETERMINED = authority("UNDETERMINED", None)
TREATMENT = {"service": "treatment"}


@table(
    {
        "represented 17": ((SOLE, person("bram", 17)), {"service": "class"}, "PARENTAL_AUTHORITY"),
        "represented 18": ((SOLE, person("bram", 18)), {"service": "class"}, "REPRESENTED_IS_ADULT"),
        "parent 17": ((SOLE, CHILD, person("anna", 17)), {}, "REPRESENTATIVE_TOO_YOUNG"),
        "parent 18": ((SOLE, CHILD, person("anna", 18)), {}, "PARENTAL_AUTHORITY"),
        "an employee of 17": (
            (
                authority("GUARDIANSHIP", "office"),
                CHILD,
                person("anna", 17),
                fact("organisation", "office", kind="GUARDIANSHIP_INSTITUTION", certified_until="2030-01-01"),
                fact("employment", "e", employee="anna", organisation="office"),
            ),
            {"organisation": "office"},
            "GUARDIANSHIP",
        ),
        "adult child of a parent of 17": ((SOLE, person("bram", 18), person("anna", 17)), {}, "REPRESENTED_IS_ADULT"),
        "nobody has it": ((SOLE, CHILD, VACANT), {}, "AUTHORITY_VACANT"),
        "undetermined": ((SOLE, CHILD, UNDETERMINED), {}, "AUTHORITY_UNDETERMINED"),
        "vacant comes before undetermined": ((SOLE, CHILD, UNDETERMINED, VACANT), {}, "AUTHORITY_VACANT"),
        "vacant no longer": (
            (SOLE, CHILD, authority("NO_AUTHORITY", None, valid_until="2026-06-15")),
            {},
            "PARENTAL_AUTHORITY",
        ),
        "a substitute needs it filled too": ((SUBSTITUTE, CHILD, VACANT), TREATMENT, "AUTHORITY_VACANT"),
        "a substitute of somebody of 18": ((SUBSTITUTE, person("bram", 18)), TREATMENT, "REPRESENTED_IS_ADULT"),
    }
)
def test_ages_and_statements(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@table(
    {
        "sole, another's sole": ((SOLE, authority("PARENTAL_SOLE", "cora")), {}, "SOURCES_DISAGREE"),
        "sole, another's joint": ((SOLE, authority("PARENTAL_JOINT", "cora")), {}, "SOURCES_DISAGREE"),
        "sole, another's guardianship": ((SOLE, authority("GUARDIANSHIP", "cora")), {}, "SOURCES_DISAGREE"),
        "sole, a guardian whom nobody names": ((SOLE, authority("GUARDIANSHIP", None)), {}, "SOURCES_DISAGREE"),
        "joint, another's joint": ((JOINT, authority("PARENTAL_JOINT", "cora")), {}, "PARENTAL_AUTHORITY"),
        "joint, another's shared": ((JOINT, authority("SHARED_AUTHORITY", "cora")), {}, "SOURCES_DISAGREE"),
        "guardian, another guardian": (
            (authority("GUARDIANSHIP"), authority("GUARDIANSHIP", "cora")),
            {},
            "GUARDIANSHIP",
        ),
        "the other is dead": (
            (SOLE, authority("PARENTAL_SOLE", "cora"), person("cora", died="2020-01-01")),
            {},
            "PARENTAL_AUTHORITY",
        ),
        "the other is unknown": ((SOLE, authority("PARENTAL_SOLE", "nobody")), {}, "SOURCES_DISAGREE"),
        "the other's has ended": (
            (SOLE, authority("PARENTAL_SOLE", "cora", valid_until="2026-06-15")),
            {},
            "PARENTAL_AUTHORITY",
        ),
        "one's own of another kind": ((SOLE, authority("PARENTAL_JOINT")), {}, "PARENTAL_AUTHORITY"),
        "a substitute beside a parent": (
            (SUBSTITUTE, authority("PARENTAL_SOLE", "cora")),
            TREATMENT,
            "TREATMENT_SUBSTITUTE",
        ),
        "a measure contradicts nothing": ((SOLE, authority("BEWIND", "cora")), {}, "PARENTAL_AUTHORITY"),
        "one of the holders speaks through an office": (
            (SOLE, authority("GUARDIANSHIP", "office")),
            {},
            "SOURCES_DISAGREE",
        ),
    }
)
def test_statements_that_cannot_both_be_true(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask((CHILD, *facts), **question).reason == reason


@pytest.mark.parametrize("kind", ["PARENTAL_SOLE", "PARENTAL_JOINT", "SHARED_AUTHORITY", "GUARDIANSHIP"])
def test_it_ends_at_eighteen(kind: str) -> None:
    decision = ask((authority(kind), person("bram", 17)), service="return")
    assert decision.outcome == "PERMIT"
    assert decision.valid_until == day("2027-03-01")
