"""Before CURATELE, BEWIND and MENTORSCHAP (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.facts import Fact
from authority.moments import day
from tests.authority.asking import ask, authority, fact, person, table

OFFICE = (
    fact("organisation", "office", kind="OTHER"),
    fact("employment", "e", employee="anna", organisation="office"),
)


def measure(kind: str, begins: str | None, holder: str = "anna", **fields: Any) -> Fact:
    return authority(kind, holder, valid_from=begins, **fields)


BEWIND, CURATELE = measure("BEWIND", "2022-01-01"), measure("CURATELE", "2022-01-01")


@table(
    {
        "represented 17": ((BEWIND, person("bram", 17)), {}, "NOT_YET_VALID"),
        "represented 18": ((BEWIND, person("bram", 18)), {}, "BEWIND"),
        "administrator 17": ((BEWIND, person("anna", 17)), {}, "REPRESENTATIVE_EXCLUDED"),
        "administrator under bewind": (
            (BEWIND, authority("BEWIND", "cora", represented="anna")),
            {},
            "REPRESENTATIVE_EXCLUDED",
        ),
        "administrator with a mentor": (
            (BEWIND, authority("MENTORSCHAP", "cora", represented="anna")),
            {},
            "REPRESENTATIVE_EXCLUDED",
        ),
        "curator under bewind": (
            (CURATELE, authority("BEWIND", "cora", represented="anna")),
            {},
            "REPRESENTATIVE_EXCLUDED",
        ),
        "her bewind is over": (
            (BEWIND, authority("BEWIND", "cora", represented="anna", valid_until="2026-06-15")),
            {},
            "BEWIND",
        ),
        "an employee under bewind": (
            (*OFFICE, measure("BEWIND", "2022-01-01", "office"), authority("BEWIND", "cora", represented="anna")),
            {"organisation": "office"},
            "BEWIND",
        ),
        "an employee of 17": (
            (*OFFICE, measure("BEWIND", "2022-01-01", "office"), person("anna", 17)),
            {"organisation": "office"},
            "BEWIND",
        ),
    }
)
def test_both_sides(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **{"service": "policy", **question}).reason == reason


@table(
    {
        "bewind, later curatele": ((BEWIND, measure("CURATELE", "2023-01-01", "cora")), {}, "LAPSED_BY_MEASURE"),
        "bewind, curatele of the same day": (
            (BEWIND, measure("CURATELE", "2022-01-01", "cora")),
            {},
            "LAPSED_BY_MEASURE",
        ),
        "bewind, earlier curatele": ((BEWIND, measure("CURATELE", "2021-01-01", "cora")), {}, "BEWIND"),
        "bewind, later curatele that ended": (
            (BEWIND, measure("CURATELE", "2023-01-01", "cora", status="ENDED")),
            {},
            "LAPSED_BY_MEASURE",
        ),
        "bewind, curatele requested": (
            (BEWIND, measure("CURATELE", "2023-01-01", "cora", status="REQUESTED")),
            {},
            "BEWIND",
        ),
        "bewind, curatele of tomorrow": ((BEWIND, measure("CURATELE", "2026-06-16", "cora")), {}, "BEWIND"),
        "bewind, curatele retracted": (
            (BEWIND, measure("CURATELE", "2023-01-01", "cora", retracted=True)),
            {},
            "BEWIND",
        ),
        "bewind since ever, curatele since ever": (
            (measure("BEWIND", None), measure("CURATELE", None, "cora")),
            {},
            "LAPSED_BY_MEASURE",
        ),
        "curatele, later bewind": ((CURATELE, measure("BEWIND", "2023-01-01", "cora")), {}, "LAPSED_BY_MEASURE"),
        "curatele, bewind of the same day": ((CURATELE, measure("BEWIND", "2022-01-01", "cora")), {}, "CURATELE"),
        "curatele, later mentorschap": (
            (CURATELE, measure("MENTORSCHAP", "2023-01-01", "cora")),
            {},
            "LAPSED_BY_MEASURE",
        ),
        "curatele since ever, bewind since ever": (
            (measure("CURATELE", None), measure("BEWIND", None, "cora")),
            {},
            "CURATELE",
        ),
        "bewind, later mentorschap stands beside it": (
            (BEWIND, measure("MENTORSCHAP", "2023-01-01", "cora")),
            {},
            "BEWIND",
        ),
        "curatele, later curatele of a successor": (
            (CURATELE, measure("CURATELE", "2023-01-01", "cora")),
            {},
            "CURATELE",
        ),
        "one's own later curatele": ((BEWIND, measure("CURATELE", "2023-01-01")), {}, "CURATELE"),
    }
)
def test_replaced(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **{"service": "policy", **question}).reason == reason


@pytest.mark.parametrize(("kind", "service"), [("BEWIND", "policy"), ("CURATELE", "policy"), ("MENTORSCHAP", "wmo")])
def test_it_begins_at_eighteen(kind: str, service: str) -> None:
    decision = ask((measure(kind, "2022-01-01"), person("bram", 17)), service=service)
    assert (decision.reason, decision.valid_until) == ("NOT_YET_VALID", day("2027-03-01"))
