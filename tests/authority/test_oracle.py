"""Two readings of facts.md agree: `authority.decide`, and the one that was written from the page alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from authority.decide import decide
from authority.decision import Decision
from authority.moments import instant_text
from authority.question import Question
from graph.gathering import Pile, gather
from graph.intake import line_of
from tests.authority.dense import dense
from tests.oracle import NEVER, Found, answer, moment

CASES = Path(__file__).parents[1] / "cases"
WORLDS, A_TEST = 6_000, 500


def as_object(question: Question) -> dict[str, Any]:
    stated = {name: getattr(question, name) for name in question.__struct_fields__}
    instants = {name: instant_text(stated[name]) for name in ("at", "known_at") if stated[name] is not None}
    return {name: value for name, value in {**stated, **instants}.items() if value is not None}


def found_in(decision: Decision) -> Found:
    return Found(decision.outcome, decision.reason, tuple(sorted(decision.required_consents)), decision.step_up)


@pytest.mark.parametrize("file", ["decisions", "decisions_timed"])
def test_the_oracle_answers_every_case(file: str) -> None:
    for line in (CASES / f"{file}.jsonl").read_text().splitlines():
        case = json.loads(line)
        found, until = answer(case["facts"], case["question"])
        expected = case["expected"]
        assert (found.outcome, found.reason) == (expected["outcome"], expected["reason"]), case["id"]
        assert set(found.required) == set(expected.get("required_consents", ())), case["id"]
        assert found.step_up == expected.get("step_up", found.step_up), case["id"]
        if "valid_until" in expected:
            assert until == (moment(expected["valid_until"], NEVER) if expected["valid_until"] else None), case["id"]


@pytest.mark.parametrize("first", range(0, WORLDS, A_TEST))
def test_both_readings_agree_in_dense_worlds(first: int) -> None:
    for number in range(first, first + A_TEST):
        facts, question = dense(number)
        decision = decide(question, gather(question, Pile(facts)))
        found, until = answer([json.loads(line_of(fact)) for fact in facts], as_object(question))
        assert found_in(decision) == found, number
        assert (instant_text(decision.valid_until) if decision.valid_until is not None else None) == (
            until.strftime("%Y-%m-%dT%H:%M:%SZ") if until else None
        ), number
