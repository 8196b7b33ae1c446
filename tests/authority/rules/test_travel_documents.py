"""Rule T (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.facts import Fact
from tests.authority.asking import ask, authority, consent, person, service, table

SOLE = authority("PARENTAL_SOLE")
BOTH = (authority("PARENTAL_JOINT"), authority("PARENTAL_JOINT", "cora"))
ROUTINE = service("desk", "GOVERNMENT", routine=True)
CHILD, TEEN = person("bram", 11), person("bram", 12)


@table(
    {
        "sole, passport": ((SOLE, TEEN), {"act": "PASSPORT"}, "PARENTAL_AUTHORITY"),
        "sole, moving": ((SOLE, TEEN), {"act": "RELOCATION"}, "PARENTAL_AUTHORITY"),
        "sole, identity card, 11": ((SOLE, CHILD), {"act": "IDENTITY_CARD"}, "PARENTAL_AUTHORITY"),
        "sole, identity card, 12": ((SOLE, TEEN), {"act": "IDENTITY_CARD"}, "REPRESENTED_DECIDES_ALONE"),
        "sole, disposal": ((SOLE, CHILD), {"act": "DISPOSAL"}, "REPRESENTED_OR_COURT_MUST_CONSENT"),
        "joint, ordinary": ((*BOTH, CHILD), {}, "PARENTAL_AUTHORITY"),
        "joint, passport": ((*BOTH, CHILD), {"act": "PASSPORT"}, "OTHER_HOLDER_MUST_CONSENT"),
        "joint, moving": ((*BOTH, CHILD), {"act": "RELOCATION"}, "OTHER_HOLDER_MUST_CONSENT"),
        "joint, moving, agreed in general": (
            (*BOTH, CHILD, consent("cora")),
            {"act": "RELOCATION"},
            "PARENTAL_AUTHORITY",
        ),
        "joint, identity card, 11": ((*BOTH, CHILD), {"act": "IDENTITY_CARD"}, "OTHER_HOLDER_MUST_CONSENT"),
        "joint, identity card, 12": (
            (*BOTH, TEEN, consent("cora", act="IDENTITY_CARD")),
            {"act": "IDENTITY_CARD"},
            "REPRESENTED_DECIDES_ALONE",
        ),
        "joint, a general consent is none for a passport": (
            (*BOTH, CHILD, consent("cora")),
            {"act": "PASSPORT"},
            "OTHER_HOLDER_MUST_CONSENT",
        ),
        "joint, a consent to a passport": (
            (*BOTH, CHILD, consent("cora", act="PASSPORT")),
            {"act": "PASSPORT"},
            "PARENTAL_AUTHORITY",
        ),
        "joint, a consent to an identity card is none for a passport": (
            (*BOTH, CHILD, consent("cora", act="IDENTITY_CARD")),
            {"act": "PASSPORT"},
            "OTHER_HOLDER_MUST_CONSENT",
        ),
        "joint, a general refusal does not touch a passport": (
            (*BOTH, CHILD, consent("cora", act="PASSPORT"), consent("cora", id="no", given=False)),
            {"act": "PASSPORT"},
            "PARENTAL_AUTHORITY",
        ),
        "joint, a passport consent used": (
            (*BOTH, CHILD, consent("cora", act="PASSPORT", valid_until="2026-06-15")),
            {"act": "PASSPORT"},
            "OTHER_HOLDER_MUST_CONSENT",
        ),
    }
)
def test_travel_documents(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **{"service": "desk", **question}).reason == reason


@pytest.mark.parametrize("act", ["PASSPORT", "RELOCATION", "IDENTITY_CARD"])
def test_routine_does_not_help(act: str) -> None:
    assert ask((*BOTH, CHILD, ROUTINE), service="desk", act=act).reason == "OTHER_HOLDER_MUST_CONSENT"


def test_a_passport_consent_ends_the_answer() -> None:
    facts = (*BOTH, CHILD, consent("cora", act="PASSPORT", valid_from="2026-05-01", valid_until="2026-08-01"))
    decision = ask(facts, service="desk", act="PASSPORT")
    assert decision.outcome == "PERMIT"
    assert ask(facts, service="desk", act="PASSPORT", at="2026-07-31T22:00:00Z").outcome == "CONSENT_REQUIRED"
