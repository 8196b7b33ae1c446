"""Table 5.3 and its dashes (facts.md 5.3), and kinds that we do not know (5.5)."""

from __future__ import annotations

from typing import Any, get_args

import msgspec
import pytest

from authority.codes import Domain, Kind
from authority.decide import decide
from authority.facts import Authority, Fact
from authority.rules.about import ABOUT
from authority.rules.table import TABLE, covers, rule_for
from tests.authority.asking import ask, asked_of, authority, person, service, table

DOMAINS: tuple[Domain, ...] = get_args(Domain)
COVERED = {  # each cell of the table that is not a dash, by domain
    "VOLUNTARY_MANDATE": "xxxxxx",
    "PARENTAL_SOLE": "xxxxxx",
    "GUARDIANSHIP": "xxxxxx",
    "PARENTAL_JOINT": "xxxxxx",
    "SHARED_AUTHORITY": "xxxxxx",
    "TREATMENT_SUBSTITUTE": "xx----",
    "CURATELE": "xxxxx-",
    "BEWIND": "--xx--",
    "MENTORSCHAP": "xx----",
    "NEXT_OF_KIN_MANDATE": "---x--",
    "EXECUTOR": "--x-x-",
    "HEIR": "--x-x-",
    "RECORD_AFTER_DEATH": "x-----",
}


@pytest.mark.parametrize("kind", get_args(Kind))
def test_what_a_kind_covers(kind: str) -> None:
    marks = "".join("x" if covers(kind, _service(domain)) else "-" for domain in DOMAINS)
    assert marks == COVERED[kind]


def _service(domain: str, **fields: Any) -> Any:
    return service("any", domain, **fields)


@pytest.mark.parametrize(
    ("kind", "matter", "goods", "covered"),
    [
        ("BEWIND", "FINANCIAL", None, True),
        ("BEWIND", "FINANCIAL", ("house",), False),
        ("BEWIND", "CARE_ASSESSMENT", None, False),
        ("MENTORSCHAP", "CARE_ASSESSMENT", None, True),
        ("MENTORSCHAP", "FINANCIAL", None, False),
        ("CURATELE", "GENERAL", None, True),
    ],
)
def test_the_matter_of_a_municipal_service(
    kind: str, matter: str, goods: tuple[str, ...] | None, covered: bool
) -> None:
    assert covers(kind, _service("GOVERNMENT", matter=matter), goods) is covered


def test_matter_is_read_in_government_only() -> None:
    assert covers("BEWIND", _service("PROPERTY", matter="CARE_ASSESSMENT"))


DEAD = person("bram", 80, died="2026-01-01")


@table(
    {
        "executor, property": ((DEAD, authority("EXECUTOR")), {"service": "policy"}, "EXECUTOR"),
        "executor, municipality": ((DEAD, authority("EXECUTOR")), {"service": "desk"}, "PROVIDER_MUST_DECIDE"),
        "executor, tax": ((DEAD, authority("EXECUTOR")), {"service": "return"}, "NOT_IN_SCOPE"),
        "record after death": ((DEAD, authority("RECORD_AFTER_DEATH")), {}, "RECORD_AFTER_DEATH"),
        "record after death, another service": (
            (DEAD, authority("RECORD_AFTER_DEATH", services=["h/treatment"])),
            {},
            "NOT_IN_SCOPE",
        ),
        "mentor, care assessment": ((authority("MENTORSCHAP"),), {"service": "wmo"}, "MENTORSCHAP"),
        "mentor, municipality": ((authority("MENTORSCHAP"),), {"service": "desk"}, "NOT_IN_SCOPE"),
        "administrator, benefits": ((authority("BEWIND"),), {"service": "benefits"}, "BEWIND"),
        "administrator, municipality": ((authority("BEWIND"),), {"service": "desk"}, "NOT_IN_SCOPE"),
        "administrator, care": ((authority("BEWIND"),), {}, "NOT_IN_SCOPE"),
        "curator, school": ((authority("CURATELE"),), {"service": "class"}, "NOT_IN_SCOPE"),
        "parent, school": ((authority("PARENTAL_SOLE"), person("bram", 5)), {"service": "class"}, "PARENTAL_AUTHORITY"),
        "guardian, school": ((authority("GUARDIANSHIP"), person("bram", 5)), {"service": "class"}, "GUARDIANSHIP"),
    }
)
def test_plain_cells(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@pytest.mark.parametrize("short", ["record", "treatment", "policy", "return", "desk", "class"])
def test_a_kind_that_we_do_not_know_is_never_permitted(short: str) -> None:
    question, around = asked_of([authority("CURATELE")], service=short)
    (ground,) = around.authorities["bram"]
    unknown = {"bram": [msgspec.structs.replace(ground, kind="LIVING_WILL")]}
    decision = decide(question, msgspec.structs.replace(around, authorities=unknown))
    assert (decision.outcome, decision.reason) == ("INDETERMINATE", "AUTHORITY_UNDETERMINED")


@pytest.mark.parametrize("exercise", ["SOLE", "JOINT"])
def test_every_rule_is_described(exercise: str) -> None:
    for kind, row in TABLE.items():
        ground = authority(kind, exercise=exercise)
        assert isinstance(ground, Authority)
        for domain in row:
            assert rule_for(ground, domain) in ABOUT
