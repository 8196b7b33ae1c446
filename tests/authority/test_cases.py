"""The open cases (tests/cases): concrete decisions, and the table of domain.md chapter 9 read as facts.md has it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from authority.decide import decide
from authority.moments import SINCE_EVER, instant
from graph.gathering import Pile, gather
from graph.intake import fact_of, question_of

CASES = Path(__file__).parent.parent / "cases"


def lines(name: str) -> Iterator[dict[str, Any]]:
    with (CASES / name).open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def pile_of(facts: list[dict[str, Any]]) -> Pile:
    return Pile([fact_of(fact, recorded_at=SINCE_EVER)[0] for fact in facts])


def answer(pile: Pile, case: dict[str, Any]) -> dict[str, Any]:
    """What was decided, of the parts that the case expects."""
    question = question_of({**case["question"], "id": case["id"]}, now=0)
    decision = decide(question, gather(question, pile))
    given = {
        "outcome": decision.outcome,
        "reason": decision.reason,
        "required_consents": set(decision.required_consents),
        "step_up": decision.step_up,
        "valid_until": decision.valid_until,
    }
    return {part: given[part] for part in case["expected"]}


def expected(case: dict[str, Any]) -> dict[str, Any]:
    wanted = dict(case["expected"])
    if "required_consents" in wanted:
        wanted["required_consents"] = set(wanted["required_consents"])
    if wanted.get("valid_until") is not None:
        wanted["valid_until"] = instant(wanted["valid_until"])
    return wanted


@pytest.mark.parametrize(("name", "count"), [("decisions.jsonl", 624), ("decisions_timed.jsonl", 647)])
def test_decisions(name: str, count: int) -> None:
    """As the README of the cases says: all without `group` among each other's facts, each group by itself."""
    groups: dict[str | None, list[dict[str, Any]]] = {}
    for case in lines(name):
        groups.setdefault(case.get("group"), []).append(case)
    assert sum(map(len, groups.values())) == count
    wrong = []
    for cases in groups.values():
        pile = pile_of([fact for case in cases for fact in case["facts"]])
        for case in cases:
            given, wanted = answer(pile, case), expected(case)
            if given != wanted:
                wrong.append((case["id"], case.get("note_code"), wanted, given))
    assert wrong == []


@pytest.mark.parametrize("name", ["decisions.jsonl", "decisions_timed.jsonl"])
def test_each_case_by_itself(name: str) -> None:
    wrong = [case["id"] for case in lines(name) if answer(pile_of(case["facts"]), case) != expected(case)]
    assert wrong == []


def test_the_cases_hold_every_outcome_and_nearly_every_reason() -> None:
    reasons = Counter(
        case["expected"]["reason"] for name in ("decisions", "decisions_timed") for case in lines(f"{name}.jsonl")
    )
    assert len(reasons) >= 54
