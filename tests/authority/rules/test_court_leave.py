"""Rule C (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.facts import Fact
from tests.authority.asking import ask, authority, consent, person, refusal, table

CHILD = person("bram", 5)
SOLE, GUARDIAN = authority("PARENTAL_SOLE"), authority("GUARDIANSHIP")
CURATELE, BEWIND = authority("CURATELE"), authority("BEWIND")
DISPOSAL = {"act": "DISPOSAL"}


@pytest.mark.parametrize("service", ["policy", "return", "benefits"])
@table(
    {
        "parent, ordinary": ((SOLE, CHILD), {}, "PARENTAL_AUTHORITY"),
        "parent, disposal": ((SOLE, CHILD), DISPOSAL, "REPRESENTED_OR_COURT_MUST_CONSENT"),
        "parent, disposal with leave": ((SOLE, CHILD, consent("COURT")), DISPOSAL, "PARENTAL_AUTHORITY"),
        "guardian, disposal": ((GUARDIAN, CHILD), DISPOSAL, "REPRESENTED_OR_COURT_MUST_CONSENT"),
        "guardian, disposal with leave": ((GUARDIAN, CHILD, consent("COURT")), DISPOSAL, "GUARDIANSHIP"),
        "curator, ordinary": ((CURATELE,), {}, "CURATELE"),
        "curator, disposal": ((CURATELE,), DISPOSAL, "REPRESENTED_OR_COURT_MUST_CONSENT"),
        "curator, the person's own consent is not leave": (
            (CURATELE, consent("bram")),
            DISPOSAL,
            "REPRESENTED_OR_COURT_MUST_CONSENT",
        ),
        "administrator, ordinary": ((BEWIND,), {}, "BEWIND"),
        "administrator, disposal": ((BEWIND,), DISPOSAL, "REPRESENTED_OR_COURT_MUST_CONSENT"),
        "administrator, the person agrees": ((BEWIND, consent("bram")), DISPOSAL, "BEWIND"),
        "administrator, the court gives leave": ((BEWIND, consent("COURT")), DISPOSAL, "BEWIND"),
        "administrator, the person refuses, the court gives leave": (
            (BEWIND, consent("COURT"), refusal("bram")),
            DISPOSAL,
            "BEWIND",
        ),
        "leave withdrawn": (
            (BEWIND, consent("COURT"), refusal("COURT")),
            DISPOSAL,
            "REPRESENTED_OR_COURT_MUST_CONSENT",
        ),
        "leave for another act": (
            (BEWIND, consent("COURT", act="ORDINARY")),
            DISPOSAL,
            "REPRESENTED_OR_COURT_MUST_CONSENT",
        ),
        "leave for this act": ((BEWIND, consent("COURT", act="DISPOSAL")), DISPOSAL, "BEWIND"),
        "leave in doubt": ((BEWIND, consent("COURT", under_investigation=True)), DISPOSAL, "UNDER_INVESTIGATION"),
        "a passport is no disposal": ((CURATELE,), {"act": "PASSPORT"}, "CURATELE"),
    }
)
def test_leave(facts: tuple[Fact, ...], question: dict[str, Any], reason: str, service: str) -> None:
    assert ask(facts, service=service, **question).reason == reason


@pytest.mark.parametrize(
    ("ground", "required"),
    [((SOLE, CHILD), ("COURT",)), ((CURATELE,), ("COURT",)), ((BEWIND,), ("COURT", "bram"))],
    ids=["parent", "curator", "administrator"],
)
def test_who_can_give_it(ground: tuple[Fact, ...], required: tuple[str, ...]) -> None:
    assert ask(ground, service="policy", act="DISPOSAL").required_consents == required
