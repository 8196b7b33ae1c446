"""Rule M (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

from authority.facts import Fact
from authority.moments import day
from tests.authority.asking import ability, ask, authority, fact, person, refusal, service, table

MANDATE = authority("VOLUNTARY_MANDATE")
"""Given on 2020-01-01, by bram, who was 35 then."""


def measure(kind: str, **fields: Any) -> Fact:
    return authority(kind, "cora", **fields)


@table(
    {
        "see the record": ((MANDATE,), {}, "VOLUNTARY_MANDATE"),
        "do business in care": ((MANDATE,), {"service": "treatment"}, "VOLUNTARY_MANDATE"),
        "property": ((MANDATE,), {"service": "policy"}, "VOLUNTARY_MANDATE"),
        "tax": ((MANDATE,), {"service": "return"}, "VOLUNTARY_MANDATE"),
        "municipality": ((MANDATE,), {"service": "desk"}, "VOLUNTARY_MANDATE"),
        "school": ((MANDATE,), {"service": "class"}, "VOLUNTARY_MANDATE"),
        "an act of disposal needs no court": (
            (MANDATE,),
            {"service": "policy", "act": "DISPOSAL"},
            "VOLUNTARY_MANDATE",
        ),
        "of another service": ((authority("VOLUNTARY_MANDATE", services=["h/desk"]),), {}, "NOT_IN_SCOPE"),
        "service not mandatable": (
            (MANDATE, service("record", "CARE_RECORD", mandatable=False)),
            {},
            "NOT_IN_SCOPE",
        ),
    }
)
def test_scope(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@table(
    {
        "grantor 17": ((MANDATE, person("bram", 17)), {}, "GRANTOR_NOT_ABLE"),
        "grantor 18, given at 17": (
            (authority("VOLUNTARY_MANDATE", valid_from="2026-02-28"), person("bram", 18)),
            {},
            "GRANTOR_NOT_ABLE",
        ),
        "given on the 18th birthday": (
            (authority("VOLUNTARY_MANDATE", valid_from="2026-03-01"), person("bram", 18)),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "helper 15, care": ((MANDATE, person("anna", 15)), {}, "REPRESENTATIVE_TOO_YOUNG"),
        "helper 16, care": ((MANDATE, person("anna", 16)), {}, "VOLUNTARY_MANDATE"),
        "helper 17, property": ((MANDATE, person("anna", 17)), {"service": "policy"}, "REPRESENTATIVE_TOO_YOUNG"),
        "helper 18, property": ((MANDATE, person("anna", 18)), {"service": "policy"}, "VOLUNTARY_MANDATE"),
        "grantor is looked at before the helper": (
            (MANDATE, person("anna", 15), person("bram", 17)),
            {},
            "GRANTOR_NOT_ABLE",
        ),
        "an employee's age does not matter": (
            (
                authority("VOLUNTARY_MANDATE", "office"),
                person("anna", 15),
                fact("organisation", "office", kind="OTHER"),
                fact("employment", "e", employee="anna", organisation="office"),
            ),
            {"organisation": "office"},
            "VOLUNTARY_MANDATE",
        ),
        "ability is not looked at": ((MANDATE, ability(True)), {}, "VOLUNTARY_MANDATE"),
    }
)
def test_ages(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@table(
    {
        "curatele since, in care": ((MANDATE, measure("CURATELE", valid_from="2022-01-01")), {}, "LAPSED_BY_MEASURE"),
        "curatele from the very day of the question": (
            (MANDATE, measure("CURATELE", valid_from="2026-06-15")),
            {},
            "LAPSED_BY_MEASURE",
        ),
        "curatele from tomorrow": ((MANDATE, measure("CURATELE", valid_from="2026-06-16")), {}, "VOLUNTARY_MANDATE"),
        "curatele that came and went does not revive it": (
            (MANDATE, measure("CURATELE", valid_from="2022-01-01", valid_until="2023-01-01")),
            {},
            "LAPSED_BY_MEASURE",
        ),
        "curatele ended, whatever its status": (
            (MANDATE, measure("CURATELE", valid_from="2022-01-01", status="ENDED")),
            {},
            "LAPSED_BY_MEASURE",
        ),
        "curatele only requested": (
            (MANDATE, measure("CURATELE", valid_from="2022-01-01", status="REQUESTED")),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "curatele retracted": (
            (MANDATE, measure("CURATELE", valid_from="2022-01-01", retracted=True)),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "under curatele when given": ((MANDATE, measure("CURATELE", valid_from="2019-01-01")), {}, "GRANTOR_NOT_ABLE"),
        "curatele since ever": ((MANDATE, measure("CURATELE", valid_from=None)), {}, "GRANTOR_NOT_ABLE"),
        "curatele begun on the very day": (
            (MANDATE, measure("CURATELE", valid_from="2020-01-01")),
            {},
            "GRANTOR_NOT_ABLE",
        ),
        "curatele ended on the day that it was given": (
            (MANDATE, measure("CURATELE", valid_from="2019-01-01", valid_until="2020-01-01")),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "two curateles: the one that ran then": (
            (
                MANDATE,
                measure("CURATELE", id="late", valid_from="2022-01-01"),
                measure("CURATELE", id="early", valid_from="2019-01-01"),
            ),
            {},
            "GRANTOR_NOT_ABLE",
        ),
    }
)
def test_curatele(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@table(
    {
        "bewind since, care goes on": ((MANDATE, measure("BEWIND", valid_from="2022-01-01")), {}, "VOLUNTARY_MANDATE"),
        "bewind since, school goes on": (
            (MANDATE, measure("BEWIND", valid_from="2022-01-01")),
            {"service": "class"},
            "VOLUNTARY_MANDATE",
        ),
        "bewind since, property": (
            (MANDATE, measure("BEWIND", valid_from="2022-01-01")),
            {"service": "policy"},
            "LAPSED_BY_MEASURE",
        ),
        "bewind since, tax": (
            (MANDATE, measure("BEWIND", valid_from="2022-01-01", valid_until="2023-01-01")),
            {"service": "return"},
            "LAPSED_BY_MEASURE",
        ),
        "bewind since, municipality": (
            (MANDATE, measure("BEWIND", valid_from="2022-01-01", goods=["house"])),
            {"service": "desk"},
            "LAPSED_BY_MEASURE",
        ),
        "under bewind when given, care too": (
            (MANDATE, measure("BEWIND", valid_from="2019-01-01", valid_until="2021-01-01")),
            {},
            "GRANTOR_NOT_ABLE",
        ),
        "curatele is looked at before bewind": (
            (MANDATE, measure("CURATELE", valid_from="2022-01-01"), measure("BEWIND", valid_from="2019-01-01")),
            {"service": "policy"},
            "LAPSED_BY_MEASURE",
        ),
        "mentor, care": ((MANDATE, measure("MENTORSCHAP")), {}, "LAPSED_BY_MEASURE"),
        "mentor, property": ((MANDATE, measure("MENTORSCHAP")), {"service": "policy"}, "VOLUNTARY_MANDATE"),
        "under mentorschap it rests, and revives": (
            (MANDATE, measure("MENTORSCHAP", valid_until="2026-06-15")),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "mentorschap when given does not matter": (
            (MANDATE, measure("MENTORSCHAP", valid_from="2019-01-01", status="ENDED")),
            {},
            "VOLUNTARY_MANDATE",
        ),
    }
)
def test_bewind_and_mentorschap(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


def test_refusals_do_not_touch_a_mandate_exercised_alone() -> None:
    assert ask((MANDATE, refusal("cora"))).reason == "VOLUNTARY_MANDATE"


def test_it_ends_where_a_coming_curatele_begins() -> None:
    decision = ask((MANDATE, measure("CURATELE", valid_from="2026-07-01")))
    assert (decision.reason, decision.valid_until) == ("VOLUNTARY_MANDATE", day("2026-07-01"))
