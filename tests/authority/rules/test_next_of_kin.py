"""Rule N (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

from authority.facts import Fact
from tests.authority.asking import ask, authority, person, table

DEAD = person("bram", 80, died="2026-01-01")


def mandate(holder: str = "anna", begins: str | None = "2026-02-01", **fields: Any) -> Fact:
    return authority("NEXT_OF_KIN_MANDATE", holder, valid_from=begins, **fields)


@table(
    {
        "the only one": ((DEAD, mandate()), {}, "NEXT_OF_KIN_MANDATE"),
        "the first": ((DEAD, mandate(), mandate("cora", "2026-02-02")), {}, "NEXT_OF_KIN_MANDATE"),
        "the second": ((DEAD, mandate(), mandate("cora", "2026-01-31")), {}, "SECOND_HOLDER"),
        "another's since ever": ((DEAD, mandate(), mandate("cora", None)), {}, "SECOND_HOLDER"),
        "same day, recorded later": (
            (
                DEAD,
                mandate(recorded_at="2026-02-03T09:00:00+01:00"),
                mandate("cora", recorded_at="2026-02-02T09:00:00+01:00"),
            ),
            {},
            "SECOND_HOLDER",
        ),
        "same day, same instant: the smaller id": (
            (DEAD, mandate(id="b"), mandate("cora", id="a")),
            {},
            "SECOND_HOLDER",
        ),
        "same day, same instant: hers is the smaller": (
            (DEAD, mandate(id="a"), mandate("cora", id="b")),
            {},
            "NEXT_OF_KIN_MANDATE",
        ),
        "the first has ended": (
            (DEAD, mandate(), mandate("cora", "2026-01-31", status="ENDED")),
            {},
            "NEXT_OF_KIN_MANDATE",
        ),
        "the first holder is dead": (
            (DEAD, mandate(), mandate("cora", "2026-01-31"), person("cora", died="2026-03-01")),
            {},
            "NEXT_OF_KIN_MANDATE",
        ),
        "the first holder is unknown": ((DEAD, mandate(), mandate("nobody", "2026-01-31")), {}, "SECOND_HOLDER"),
        "two of her own": ((DEAD, mandate(), mandate(id="older", begins="2026-01-15")), {}, "NEXT_OF_KIN_MANDATE"),
        "property": ((DEAD, mandate()), {"service": "policy"}, "NOT_IN_SCOPE"),
        "in life": ((mandate(),), {}, "NOT_YET_VALID"),
    }
)
def test_one_holder_at_a_time(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **{"service": "return", **question}).reason == reason


def test_only_the_first_of_two_of_her_own_counts() -> None:
    decision = ask((DEAD, mandate(id="later"), mandate(id="older", begins="2026-01-15")), service="return")
    assert decision.grounds == ("older",)
    assert decision.reasons == ("NEXT_OF_KIN_MANDATE", "SECOND_HOLDER")
