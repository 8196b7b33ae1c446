"""The provider's block (facts.md 5.1.7)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.facts import Fact
from authority.moments import day
from tests.authority.asking import ask, authority, block, fact, person, table

GROUND = authority("VOLUNTARY_MANDATE")
OFFICE = (
    fact("organisation", "office", kind="OTHER"),
    fact("employment", "e", employee="anna", organisation="office"),
    authority("VOLUNTARY_MANDATE", "office"),
)
ASKS_FOR_OFFICE = {"organisation": "office"}


@table(
    {
        "everybody": ((GROUND, block()), {}, "BLOCKED"),
        "her": ((GROUND, block(representative="anna")), {}, "BLOCKED"),
        "somebody else": ((GROUND, block(representative="cora")), {}, "VOLUNTARY_MANDATE"),
        "at another provider": ((GROUND, block(provider="elsewhere")), {}, "VOLUNTARY_MANDATE"),
        "for another person": ((GROUND, block(represented="cora")), {}, "VOLUNTARY_MANDATE"),
        "over": ((GROUND, block(valid_until="2026-06-15")), {}, "VOLUNTARY_MANDATE"),
        "begins tomorrow": ((GROUND, block(valid_from="2026-06-16")), {}, "VOLUNTARY_MANDATE"),
        "retracted": ((GROUND, block(retracted=True)), {}, "VOLUNTARY_MANDATE"),
        "also with a ground that ended": (
            (authority("VOLUNTARY_MANDATE", status="ENDED"), block()),
            {},
            "BLOCKED",
        ),
        "a stranger does not learn of it": ((block(),), {}, "NO_GROUND"),
        "a ground taken back is none": (
            (authority("VOLUNTARY_MANDATE", retracted=True), block()),
            {},
            "NO_GROUND",
        ),
        "the person is never blocked": ((block(representative="bram"),), {"representative": "bram"}, "SELF"),
        "the office": ((*OFFICE, block(representative="office")), ASKS_FOR_OFFICE, "BLOCKED"),
        "the employee at the office": ((*OFFICE, block(representative="anna")), ASKS_FOR_OFFICE, "BLOCKED"),
        "the office, asking personally": ((*OFFICE, GROUND, block(representative="office")), {}, "VOLUNTARY_MANDATE"),
        "somebody unknown cannot be blocked": ((GROUND, person("bram", retracted=True), block()), {}, "NO_GROUND"),
    }
)
def test_block(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@pytest.mark.parametrize("reason", ["GOOD_CARE", "RULING", "SAFETY"])
def test_whatever_its_reason(reason: str) -> None:
    assert ask((GROUND, block(reason=reason))).reason == "BLOCKED"


def test_it_ends() -> None:
    assert ask((GROUND, block(valid_until="2026-07-01"))).valid_until == day("2026-07-01")
