"""TREATMENT_SUBSTITUTE (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

from authority.facts import Fact
from tests.authority.asking import ability, ask, authority, person, table

SUBSTITUTE = authority("TREATMENT_SUBSTITUTE", services=["h/treatment", "h/record", "h/class"])


@table(
    {
        "11": ((person("bram", 11),), {}, "TREATMENT_SUBSTITUTE"),
        "11, able is not looked at": (
            (person("bram", 11), ability(True, under_investigation=True)),
            {},
            "TREATMENT_SUBSTITUTE",
        ),
        "12": ((person("bram", 12),), {}, "REPRESENTED_DECIDES_ALONE"),
        "12, not able": ((person("bram", 12), ability(False)), {}, "TREATMENT_SUBSTITUTE"),
        "12, able": ((person("bram", 12), ability(True)), {}, "REPRESENTED_DECIDES_ALONE"),
        "17, not able": ((person("bram", 17), ability(False)), {}, "TREATMENT_SUBSTITUTE"),
        "record": ((person("bram", 5),), {"service": "record"}, "PROVIDER_MUST_DECIDE"),
        "school": ((person("bram", 5),), {"service": "class"}, "NOT_IN_SCOPE"),
        "another treatment": ((person("bram", 5),), {"service": "routine"}, "NOT_IN_SCOPE"),
    }
)
def test_substitute(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask((SUBSTITUTE, *facts), **{"service": "treatment", **question}).reason == reason
