"""Rule A (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.facts import Fact
from tests.authority.asking import ability, ask, authority, fact, table

CURATELE, MENTORSCHAP = authority("CURATELE"), authority("MENTORSCHAP")
DRINK = authority("CURATELE", ground="DRINK_OR_DRUGS")


@pytest.mark.parametrize("service", ["record", "treatment"])
@table(
    {
        "curator, able": ((CURATELE, ability(True)), {}, "REPRESENTED_DECIDES_ALONE"),
        "curator, not able": ((CURATELE, ability(False)), {}, "CURATELE"),
        "curator, not recorded": ((CURATELE,), {}, "ABILITY_UNKNOWN"),
        "mentor, able": ((MENTORSCHAP, ability(True)), {}, "REPRESENTED_DECIDES_ALONE"),
        "mentor, not able": ((MENTORSCHAP, ability(False)), {}, "MENTORSCHAP"),
        "mentor, not recorded": ((MENTORSCHAP,), {}, "ABILITY_UNKNOWN"),
        "curatele for drink, not able": ((DRINK, ability(False)), {}, "PROVIDER_MUST_DECIDE"),
        "curatele for drink, not recorded": ((DRINK,), {}, "PROVIDER_MUST_DECIDE"),
        "curatele for drink, able": ((DRINK, ability(True)), {}, "REPRESENTED_DECIDES_ALONE"),
        "mentorschap for drink is like any": (
            (authority("MENTORSCHAP", ground="DRINK_OR_DRUGS"), ability(False)),
            {},
            "MENTORSCHAP",
        ),
        "contradictory": ((MENTORSCHAP, ability(True), ability(False)), {}, "ABILITY_UNKNOWN"),
        "two that agree": ((MENTORSCHAP, ability(False), ability(False, id="again")), {}, "MENTORSCHAP"),
        "found by another provider": ((MENTORSCHAP, ability(False, provider="elsewhere")), {}, "ABILITY_UNKNOWN"),
        "found here": ((MENTORSCHAP, ability(False, provider="h")), {}, "MENTORSCHAP"),
        "of somebody else": ((MENTORSCHAP, ability(False, "cora")), {}, "ABILITY_UNKNOWN"),
        "no longer": ((MENTORSCHAP, ability(False, valid_until="2026-06-15")), {}, "ABILITY_UNKNOWN"),
        "not yet": ((MENTORSCHAP, ability(False, valid_from="2026-06-16")), {}, "ABILITY_UNKNOWN"),
        "retracted": ((MENTORSCHAP, ability(False, retracted=True)), {}, "ABILITY_UNKNOWN"),
        "in doubt": ((MENTORSCHAP, ability(False, under_investigation=True)), {}, "UNDER_INVESTIGATION"),
        "one of two in doubt": (
            (MENTORSCHAP, ability(False), ability(False, id="again", under_investigation=True)),
            {},
            "UNDER_INVESTIGATION",
        ),
    }
)
def test_ability(facts: tuple[Fact, ...], question: dict[str, Any], reason: str, service: str) -> None:
    assert ask(facts, service=service, **question).reason == reason


@pytest.mark.parametrize(("service", "reason"), [("record", "ABILITY_UNKNOWN"), ("treatment", "MENTORSCHAP")])
def test_an_ability_for_one_domain_says_nothing_of_the_other(service: str, reason: str) -> None:
    unable = fact("ability", "b", person="bram", able=False, domain="CARE_DECISION")
    assert ask((MENTORSCHAP, unable), service=service).reason == reason
