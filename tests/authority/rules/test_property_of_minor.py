"""Rule J1 (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.facts import Fact
from tests.authority.asking import ask, authority, consent, person, refusal, service, table

CHILD = person("bram", 13)
BOTH = (authority("PARENTAL_JOINT"), authority("PARENTAL_JOINT", "cora"))
DISPOSAL = {"act": "DISPOSAL"}


@pytest.mark.parametrize("short", ["policy", "return", "desk"])
@table(
    {
        "one alone": (BOTH, {}, "PARENTAL_AUTHORITY"),
        "one alone, none other known": ((authority("PARENTAL_JOINT"),), {}, "PARENTAL_AUTHORITY"),
        "the other objects": ((*BOTH, refusal("cora")), {}, "OBJECTION_BY_OTHER_HOLDER"),
        "the other objects to something else": ((*BOTH, refusal("cora", domain="SCHOOL")), {}, "PARENTAL_AUTHORITY"),
        "who objects is dead": ((*BOTH, refusal("cora"), person("cora", died="2020-01-01")), {}, "PARENTAL_AUTHORITY"),
        "a stranger objects": ((*BOTH, refusal("dirk")), {}, "PARENTAL_AUTHORITY"),
        "disposal": (BOTH, DISPOSAL, "OTHER_HOLDER_MUST_CONSENT"),
        "disposal, the other agrees": ((*BOTH, consent("cora")), DISPOSAL, "REPRESENTED_OR_COURT_MUST_CONSENT"),
        "disposal, the other agrees, with leave": (
            (*BOTH, consent("cora"), consent("COURT")),
            DISPOSAL,
            "PARENTAL_AUTHORITY",
        ),
        "disposal, with leave, the other silent": ((*BOTH, consent("COURT")), DISPOSAL, "OTHER_HOLDER_MUST_CONSENT"),
        "disposal, the other is dead": (
            (*BOTH, person("cora", died="2020-01-01")),
            DISPOSAL,
            "REPRESENTED_OR_COURT_MUST_CONSENT",
        ),
        "disposal, none other known": ((authority("PARENTAL_JOINT"),), DISPOSAL, "OTHER_HOLDER_UNKNOWN"),
        "not asked, in doubt": (
            (authority("PARENTAL_JOINT"), authority("PARENTAL_JOINT", "cora", under_investigation=True)),
            {},
            "PARENTAL_AUTHORITY",
        ),
        "guardians jointly": (
            (authority("GUARDIANSHIP", exercise="JOINT"), authority("GUARDIANSHIP", "cora"), refusal("cora")),
            {},
            "OBJECTION_BY_OTHER_HOLDER",
        ),
        "a guardian alone asks nobody": (
            (authority("GUARDIANSHIP"), authority("GUARDIANSHIP", "cora"), refusal("cora")),
            {},
            "GUARDIANSHIP",
        ),
    }
)
def test_property(facts: tuple[Fact, ...], question: dict[str, Any], reason: str, short: str) -> None:
    assert ask((CHILD, *facts), service=short, **question).reason == reason


def test_routine_does_not_help_a_disposal() -> None:
    routine = service("policy", "PROPERTY", routine=True)
    assert ask((CHILD, *BOTH, routine), service="policy", act="DISPOSAL").reason == "OTHER_HOLDER_MUST_CONSENT"
    assert ask((CHILD, *BOTH, routine), service="policy").reason == "PARENTAL_AUTHORITY"
