"""No ground at all (facts.md 5.6)."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from authority.facts import Fact
from tests.authority.asking import ask, authority, block, fact, person, register, silent, table

CHILD = person("bram", 5)
CANDIDATE = authority("UNDETERMINED", None, candidates=["anna", "cora"])


@table(
    {
        "nothing": ((), {}, "NO_GROUND"),
        "candidate": ((CHILD, CANDIDATE), {}, "AUTHORITY_UNDETERMINED"),
        "candidate, in any domain": ((CHILD, CANDIDATE), {"service": "class"}, "AUTHORITY_UNDETERMINED"),
        "candidate, with a claim": ((CHILD, CANDIDATE), {"claim": "PARENTAL_SOLE"}, "AUTHORITY_UNDETERMINED"),
        "candidate, adult": ((CANDIDATE,), {}, "NO_GROUND"),
        "candidate, dead child is not looked at": (
            (person("bram", 5, died="2026-01-01"), CANDIDATE),
            {},
            "AUTHORITY_UNDETERMINED",
        ),
        "candidate, blocked": ((CHILD, CANDIDATE, block()), {}, "BLOCKED"),
        "no candidate": ((CHILD, authority("UNDETERMINED", None, candidates=["cora"])), {}, "NO_GROUND"),
        "candidate no longer": (
            (CHILD, authority("UNDETERMINED", None, candidates=["anna"], valid_until="2026-06-15")),
            {},
            "NO_GROUND",
        ),
        "candidate, asking for an office": (
            (
                CHILD,
                CANDIDATE,
                fact("organisation", "office", kind="OTHER"),
                fact("employment", "e", employee="anna", organisation="office"),
            ),
            {"organisation": "office"},
            "NO_GROUND",
        ),
    }
)
def test_candidates(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@table(
    {
        "close relative, record": ((), {"claim": "CLOSE_RELATIVE"}, "PROVIDER_MUST_DECIDE"),
        "close relative, treatment": ((), {"claim": "CLOSE_RELATIVE", "service": "treatment"}, "PROVIDER_MUST_DECIDE"),
        "close relative, money": ((), {"claim": "CLOSE_RELATIVE", "service": "policy"}, "NO_GROUND"),
        "guardian": ((), {"claim": "GUARDIANSHIP"}, "CLAIM_NOT_IN_REGISTER"),
        "parent and another": ((), {"claim": "SHARED_AUTHORITY"}, "CLAIM_NOT_IN_REGISTER"),
        "parent": ((), {"claim": "PARENTAL_SOLE"}, "NO_GROUND"),
        "mentor": ((), {"claim": "MENTORSCHAP"}, "CLAIM_NOT_IN_REGISTER"),
        "mentor, property": ((), {"claim": "MENTORSCHAP", "service": "policy"}, "NO_GROUND"),
        "mentor, municipality": ((), {"claim": "MENTORSCHAP", "service": "desk"}, "NO_GROUND"),
        "mentor, care assessment": ((), {"claim": "MENTORSCHAP", "service": "wmo"}, "CLAIM_NOT_IN_REGISTER"),
        "administrator, care": ((), {"claim": "BEWIND"}, "NO_GROUND"),
        "administrator, property": ((), {"claim": "BEWIND", "service": "policy"}, "CLAIM_NOT_IN_REGISTER"),
        "administrator, benefits": ((), {"claim": "BEWIND", "service": "benefits"}, "CLAIM_NOT_IN_REGISTER"),
        "curator": ((), {"claim": "CURATELE"}, "NO_GROUND"),
        "mandate": ((), {"claim": "VOLUNTARY_MANDATE"}, "NO_GROUND"),
        "executor": ((), {"claim": "EXECUTOR", "service": "policy"}, "CLAIM_NOT_IN_REGISTER"),
        "curator, its register is silent": ((silent("CCBR"),), {"claim": "CURATELE"}, "REGISTER_STALE"),
        "parent, its register is silent": ((silent("BRP"),), {"claim": "PARENTAL_JOINT"}, "REGISTER_STALE"),
        "guardian, its register is silent": (
            (silent("GEZAGSREGISTER"),),
            {"claim": "GUARDIANSHIP"},
            "CLAIM_NOT_IN_REGISTER",
        ),
        "administrator, silence comes before absence": (
            (silent("CCBR"),),
            {"claim": "BEWIND", "service": "policy"},
            "REGISTER_STALE",
        ),
        "another register is silent": ((silent("COURT"),), {"claim": "CURATELE"}, "NO_GROUND"),
        "a register that says it is not complete": (
            (register("CCBR", complete=False),),
            {"claim": "CURATELE"},
            "CLAIM_NOT_IN_REGISTER",
        ),
        "a register that says it is": ((register("COURT", complete=True),), {"claim": "MENTORSCHAP"}, "NO_GROUND"),
        "a second register, incomplete": (
            (register("OTHER", serves=["CURATELE"]),),
            {"claim": "CURATELE"},
            "CLAIM_NOT_IN_REGISTER",
        ),
        "a second register, complete": (
            (register("OTHER", serves=["CURATELE"], complete=True),),
            {"claim": "CURATELE"},
            "NO_GROUND",
        ),
        "its register no longer serves it": (
            (register("COURT", serves=["consent"]),),
            {"claim": "MENTORSCHAP"},
            "NO_GROUND",
        ),
        "a claim changes nothing for who has a ground": (
            (authority("VOLUNTARY_MANDATE", status="ENDED"),),
            {"claim": "MENTORSCHAP"},
            "EXPIRED",
        ),
    }
)
def test_claims(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason


@pytest.mark.parametrize("claim", [None, "CLOSE_RELATIVE", "GUARDIANSHIP", "BEWIND", "PARENTAL_SOLE"])
def test_a_stranger_hears_the_same_of_everybody(claim: str | None) -> None:
    strangers = [
        (),
        (person("bram", retracted=True),),
        (person("bram", 5),),
        (person("bram", 80, died="2026-01-01"),),
        (person("bram", under_investigation=True),),
        (person("bram", born="0000-00-00"),),
        (authority("CURATELE", "cora"), block()),
        (CHILD, authority("NO_AUTHORITY", None)),
    ]
    answers = [ask(facts, claim=claim) for facts in strangers]
    assert len({msgspec.structs.replace(answer, as_of="") for answer in answers}) == 1
