"""Case files: read from YAML or JSON Lines, decided as `machtigen decide` does, compared field by field."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from authority.moments import instant
from graph.errors import BadInput
from resolvers.cases import CASES_MAX, FACTS_MAX, read_cases
from tests.resolvers.small import FACTS, NOW, QUESTION

EXAMPLE = Path(__file__).parent.parent.parent / "examples/family.cases.yaml"
WRONG = "{outcome: YES, reason: NO, required_consents: ['bsn:1'], more: 1}"
NO_QUESTION = ("MISSING_FIELD", "question", 2)
QUESTION_LINE = json.dumps({"question": QUESTION})


async def test_the_example_is_as_it_expects() -> None:
    decided = (await read_cases(EXAMPLE.read_text(), now=NOW)).decided()
    assert len(decided) == 5
    assert not [each for each in decided if each.differences]
    assert {each.decision.outcome for each in decided} == {"PERMIT", "DENY", "CONSENT_REQUIRED", "INDETERMINATE"}


async def test_json_lines_say_the_same_as_yaml() -> None:
    cases = [{"name": "one", "question": QUESTION, "expect": {"reason": "PARENTAL_AUTHORITY"}}, {"question": QUESTION}]
    lines = "\n\n".join(map(json.dumps, [*FACTS, *cases]))
    whole = json.dumps({"facts": FACTS, "cases": cases}, indent=1)
    by_line, by_yaml = [(await read_cases(text, now=NOW)).decided() for text in (lines, whole)]
    assert [each.decision for each in by_line] == [each.decision for each in by_yaml]
    assert [each.case.name for each in by_line] == ["one", "mother for child, record"]
    assert [each.case.line for each in by_line] == [35, 37]


@pytest.mark.parametrize(
    ("expect", "differs"),
    [
        ({"outcome": "PERMIT", "reason": "PARENTAL_AUTHORITY", "grounds": ["a1"], "step_up": None}, []),
        ({"valid_until": "2030-03-01"}, []),
        ({"valid_until": "2030-02-28T23:00:00Z"}, []),
        ({"valid_until": None}, [("valid_until", None, "2030-03-01")]),
        ({"outcome": "DENY"}, [("outcome", "DENY", "PERMIT")]),
        ({"required_consents": ["COURT"]}, [("required_consents", ["COURT"], [])]),
        ({"grounds": ["a2"], "step_up": "HIGH"}, [("grounds", ["a2"], ["a1"]), ("step_up", "HIGH", None)]),
        ({}, []),
    ],
)
async def test_what_differs(expect: dict[str, Any], differs: list[Any]) -> None:
    text = json.dumps({"facts": FACTS, "cases": [{"question": QUESTION, "expect": expect}]})
    (answered,) = (await read_cases(text, now=NOW)).decided()
    assert list(answered.differences) == differs


async def test_when_it_is_asked() -> None:
    """The question's own `at`, else the file's `now`, else the present."""
    asked = f"cases: {json.dumps([{'question': QUESTION}, {'question': QUESTION | {'at': '2020-01-01T00:00:00Z'}}])}"
    for now, expected in (("", NOW), ("now: 2025-01-01T00:00:00Z\n", instant("2025-01-01T00:00:00Z"))):
        first, second = (await read_cases(now + asked, now=NOW)).cases
        assert (first.question.at, second.question.at) == (expected, instant("2020-01-01T00:00:00Z"))


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("a: }", [("MALFORMED", "", 1)]),
        ("- facts", [("MALFORMED", "", 1)]),
        ("fact: []", [("UNKNOWN_FIELD", "fact", 1)]),
        ("facts: {}", [("WRONG_VALUE", "facts", 1)]),
        ("now: today", [("WRONG_VALUE", "now", 1)]),
        ("cases:\n  - question\n  - {}", [("MALFORMED", "", 1), ("MISSING_FIELD", "question", 3)]),
        (
            "cases:\n  - {name: 1, expects: {}}",
            [("UNKNOWN_FIELD", "expects", 2), ("WRONG_VALUE", "name", 2), NO_QUESTION],
        ),
        (
            "facts:\n  - {fact: person, id: a}\n  - {fact: person, id: bsn:123456789, born: 2000-01-01}",
            [("MISSING_FIELD", "born", 2), ("RESERVED_ID", "id", 3)],
        ),
        (
            "facts:\n- {fact: service, id: h/r, provider: h, domain: TAX, minimum_assurance: LOW}",
            [("UNKNOWN_REFERENCE", "provider", 2)],
        ),
        (
            "facts:\n- {fact: person, id: a, born: 2000-01-01}\n- {fact: person, id: a, born: 2000-01-02}",
            [("CONFLICT", "id", 3)],
        ),
        (
            f'{QUESTION_LINE}\n{{"fact":"person"}}\nno json',
            [("MISSING_FIELD", "id", 2), ("MISSING_FIELD", "born", 2), ("MALFORMED", "", 3)],
        ),
        (
            f"cases:\n- question: {json.dumps(QUESTION)}\n  expect: {WRONG}",
            [
                ("WRONG_VALUE", "expect.outcome", 2),
                ("WRONG_VALUE", "expect.reason", 2),
                ("WRONG_VALUE", "expect.required_consents[0]", 2),
                ("UNKNOWN_FIELD", "expect.more", 2),
            ],
        ),
        ("\n".join([json.dumps(FACTS[0])] * (FACTS_MAX + 1)), [("WRONG_VALUE", "facts", FACTS_MAX + 1)]),
        ("\n".join([QUESTION_LINE] * (CASES_MAX + 1)), [("WRONG_VALUE", "cases", CASES_MAX + 1)]),
    ],
)
async def test_what_is_wrong_is_told_with_its_line(text: str, problems: list[tuple[str, str, int]]) -> None:
    with pytest.raises(BadInput) as refused:
        await read_cases(text, now=NOW)
    assert sorted((p.code, p.field, p.line) for p in refused.value.problems) == sorted(problems)
    assert "123456789" not in str(refused.value)
