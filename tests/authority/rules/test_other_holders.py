"""Rule J and joint exercise (facts.md 5.3)."""

from __future__ import annotations

from typing import Any

import pytest

from authority.facts import Fact
from tests.authority.asking import ability, ask, authority, consent, person, refusal, service, table

CHILD = person("bram", 5)
MINE, HERS = authority("PARENTAL_JOINT"), authority("PARENTAL_JOINT", "cora")
ROUTINE = service("class", "SCHOOL", routine=True)


@table(
    {
        "the other is silent": ((MINE, HERS), {}, "OTHER_HOLDER_MUST_CONSENT"),
        "the other agrees": ((MINE, HERS, consent("cora")), {}, "PARENTAL_AUTHORITY"),
        "the other refuses": ((MINE, HERS, refusal("cora")), {}, "OBJECTION_BY_OTHER_HOLDER"),
        "a refusal wins over a consent": (
            (MINE, HERS, consent("cora"), refusal("cora")),
            {},
            "OBJECTION_BY_OTHER_HOLDER",
        ),
        "a refusal that is over": (
            (MINE, HERS, consent("cora"), refusal("cora", valid_until="2026-06-15")),
            {},
            "PARENTAL_AUTHORITY",
        ),
        "consent for another provider": (
            (MINE, HERS, consent("cora", provider="elsewhere")),
            {},
            "OTHER_HOLDER_MUST_CONSENT",
        ),
        "consent for this provider": ((MINE, HERS, consent("cora", provider="h")), {}, "PARENTAL_AUTHORITY"),
        "consent for another domain": ((MINE, HERS, consent("cora", domain="TAX")), {}, "OTHER_HOLDER_MUST_CONSENT"),
        "consent for this domain": ((MINE, HERS, consent("cora", domain="SCHOOL")), {}, "PARENTAL_AUTHORITY"),
        "consent for another child": (
            (MINE, HERS, consent("cora", represented="dirk")),
            {},
            "OTHER_HOLDER_MUST_CONSENT",
        ),
        "consent retracted": ((MINE, HERS, consent("cora", retracted=True)), {}, "OTHER_HOLDER_MUST_CONSENT"),
        "consent begins tomorrow": (
            (MINE, HERS, consent("cora", valid_from="2026-06-16")),
            {},
            "OTHER_HOLDER_MUST_CONSENT",
        ),
        "none known": ((MINE,), {}, "OTHER_HOLDER_UNKNOWN"),
        "the other's has ended": (
            (MINE, authority("PARENTAL_JOINT", "cora", status="ENDED")),
            {},
            "OTHER_HOLDER_UNKNOWN",
        ),
        "not named": (
            (authority("SHARED_AUTHORITY"), authority("SHARED_AUTHORITY", None)),
            {},
            "OTHER_HOLDER_UNKNOWN",
        ),
        "one agrees, one is not named": (
            (
                authority("SHARED_AUTHORITY"),
                authority("SHARED_AUTHORITY", None),
                authority("SHARED_AUTHORITY", "cora"),
                consent("cora"),
            ),
            {},
            "OTHER_HOLDER_UNKNOWN",
        ),
        "the other is dead": ((MINE, HERS, person("cora", died="2020-01-01")), {}, "PARENTAL_AUTHORITY"),
        "the other is 17": ((MINE, HERS, person("cora", 17)), {}, "PARENTAL_AUTHORITY"),
        "the other is under curatele": (
            (MINE, HERS, authority("CURATELE", "dirk", represented="cora")),
            {},
            "PARENTAL_AUTHORITY",
        ),
        "the other is under bewind": (
            (MINE, HERS, authority("BEWIND", "dirk", represented="cora")),
            {},
            "OTHER_HOLDER_MUST_CONSENT",
        ),
        "one dead, one silent": (
            (MINE, HERS, authority("PARENTAL_JOINT", "dirk"), person("cora", died="2020-01-01")),
            {},
            "OTHER_HOLDER_MUST_CONSENT",
        ),
        "the other is not known to us": (
            (MINE, authority("PARENTAL_JOINT", "nobody")),
            {},
            "OTHER_HOLDER_MUST_CONSENT",
        ),
        "routine": ((MINE, HERS, ROUTINE), {}, "PARENTAL_AUTHORITY"),
        "routine, refused": ((MINE, HERS, ROUTINE, refusal("cora")), {}, "OBJECTION_BY_OTHER_HOLDER"),
        "routine, none known": ((MINE, ROUTINE), {}, "PARENTAL_AUTHORITY"),
        "asked, her authority in doubt": (
            (MINE, authority("PARENTAL_JOINT", "cora", under_investigation=True), consent("cora")),
            {},
            "UNDER_INVESTIGATION",
        ),
        "asked, who she is in doubt": (
            (MINE, HERS, person("cora", under_investigation=True)),
            {},
            "UNDER_INVESTIGATION",
        ),
        "routine, not asked, her authority in doubt": (
            (MINE, authority("PARENTAL_JOINT", "cora", under_investigation=True), ROUTINE),
            {},
            "PARENTAL_AUTHORITY",
        ),
        "her consent in doubt": ((MINE, HERS, consent("cora", under_investigation=True)), {}, "UNDER_INVESTIGATION"),
        "one consent in doubt beside a good one": (
            (MINE, HERS, consent("cora"), consent("cora", id="other", under_investigation=True)),
            {},
            "UNDER_INVESTIGATION",
        ),
    }
)
def test_other_holders(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask((CHILD, *facts), **{"service": "class", **question}).reason == reason


def test_who_must_consent() -> None:
    facts = (
        CHILD,
        MINE,
        HERS,
        authority("PARENTAL_JOINT", "dirk"),
        authority("PARENTAL_JOINT", "eva"),
        consent("dirk"),
    )
    assert ask(facts, service="class").required_consents == ("cora", "eva")


def jointly(kind: str, *others: Fact, **fields: Any) -> tuple[Fact, ...]:
    return authority(kind, exercise="JOINT", **fields), *others


NOT_ABLE = ability(False)


@pytest.mark.parametrize(
    ("kind", "service"),
    [("VOLUNTARY_MANDATE", "record"), ("CURATELE", "policy"), ("BEWIND", "policy"), ("MENTORSCHAP", "record")],
)
def test_joint_exercise(kind: str, service: str) -> None:
    def reason(*others: Fact) -> str:
        return ask(jointly(kind, NOT_ABLE, *others), service=service).reason

    assert reason() == "OTHER_HOLDER_UNKNOWN"
    assert reason(authority(kind, "cora")) == "OTHER_HOLDER_MUST_CONSENT"
    assert reason(authority(kind, "cora"), consent("cora")) == kind
    assert reason(authority(kind, "cora"), refusal("cora")) == "OBJECTION_BY_OTHER_HOLDER"
    assert reason(authority(kind, "cora"), person("cora", 17), consent("cora")) == kind
    assert reason(authority(kind, "cora"), person("cora", 17)) == "OTHER_HOLDER_MUST_CONSENT"
    assert reason(authority(kind, "cora"), person("cora", died="2020-01-01")) == "OTHER_HOLDER_UNKNOWN"
    assert reason(authority(kind, "cora", valid_until="2026-06-15")) == "OTHER_HOLDER_UNKNOWN"


@table(
    {
        "the other's mandate for another service": (
            jointly("VOLUNTARY_MANDATE", authority("VOLUNTARY_MANDATE", "cora", services=["h/desk"])),
            {},
            "OTHER_HOLDER_UNKNOWN",
        ),
        "routine": (
            jointly("VOLUNTARY_MANDATE", service("record", "CARE_RECORD", routine=True)),
            {},
            "VOLUNTARY_MANDATE",
        ),
        "leave of the court comes first": (
            jointly("BEWIND", authority("BEWIND", "cora")),
            {"service": "policy", "act": "DISPOSAL"},
            "REPRESENTED_OR_COURT_MUST_CONSENT",
        ),
        "the other's is not joint": (
            (authority("BEWIND"), authority("BEWIND", "cora", exercise="JOINT")),
            {"service": "policy"},
            "BEWIND",
        ),
        "executors": (
            jointly("EXECUTOR", authority("EXECUTOR", "cora"), person("bram", 80, died="2026-01-01")),
            {"service": "policy"},
            "OTHER_HOLDER_MUST_CONSENT",
        ),
        "exercise means nothing to a sole parent": (
            jointly("PARENTAL_SOLE", CHILD),
            {"service": "class"},
            "PARENTAL_AUTHORITY",
        ),
        "heirs have their own rule": (
            jointly("HEIR", authority("HEIR", "cora"), person("bram", 80, died="2026-01-01")),
            {"service": "policy"},
            "OTHER_HEIRS_MUST_CONSENT",
        ),
        "the other in doubt": (
            jointly("BEWIND", authority("BEWIND", "cora", under_investigation=True), consent("cora")),
            {"service": "policy"},
            "UNDER_INVESTIGATION",
        ),
    }
)
def test_joint_exercise_besides(facts: tuple[Fact, ...], question: dict[str, Any], reason: str) -> None:
    assert ask(facts, **question).reason == reason
