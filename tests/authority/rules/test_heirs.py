"""Rule H (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

from authority.facts import Fact
from tests.authority.asking import ask, authority, consent, person, refusal, table

DEAD = person("bram", 80, died="2026-01-01")
HEIR, OTHER = authority("HEIR"), authority("HEIR", "cora")


@table(
    {
        "no other known": ((DEAD, HEIR), {}, "PROVIDER_MUST_DECIDE"),
        "another, silent": ((DEAD, HEIR, OTHER), {}, "OTHER_HEIRS_MUST_CONSENT"),
        "another, agrees": ((DEAD, HEIR, OTHER, consent("cora")), {}, "HEIR"),
        "another, refuses": ((DEAD, HEIR, OTHER, consent("cora"), refusal("cora")), {}, "OTHER_HEIRS_MUST_CONSENT"),
        "the other has ended": ((DEAD, HEIR, authority("HEIR", "cora", status="ENDED")), {}, "PROVIDER_MUST_DECIDE"),
        "an executor": ((DEAD, HEIR, OTHER, consent("cora"), authority("EXECUTOR", "dirk")), {}, "NOT_IN_SCOPE"),
        "an executor whose task ended": (
            (DEAD, HEIR, OTHER, consent("cora"), authority("EXECUTOR", "dirk", valid_until="2026-06-01")),
            {},
            "HEIR",
        ),
        "executor and heir in one": ((DEAD, HEIR, OTHER, authority("EXECUTOR")), {}, "EXECUTOR"),
        "the other heir in doubt": (
            (DEAD, HEIR, authority("HEIR", "cora", under_investigation=True), consent("cora")),
            {},
            "UNDER_INVESTIGATION",
        ),
        "who the other heir is, in doubt": (
            (DEAD, HEIR, OTHER, person("cora", under_investigation=True), consent("cora")),
            {},
            "UNDER_INVESTIGATION",
        ),
        "municipality": ((DEAD, HEIR, OTHER), {"service": "desk"}, "PROVIDER_MUST_DECIDE"),
        "tax": ((DEAD, HEIR, OTHER), {"service": "return"}, "NOT_IN_SCOPE"),
        "in life": ((HEIR, OTHER), {}, "NOT_YET_VALID"),
    }
)
def test_heirs(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **{"service": "policy", **question}).reason == reason


def test_who_must_agree() -> None:
    facts = (DEAD, HEIR, OTHER, authority("HEIR", "dirk"), consent("dirk"))
    assert ask(facts, service="policy").required_consents == ("cora",)
