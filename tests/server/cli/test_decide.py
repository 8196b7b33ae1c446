"""`machtigen decide`: the answers of facts.md chapter 7, in the order of the questions, or one line and no answer."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.resolvers.small import FACTS, QUESTION
from tests.server.cli.commands import here, machtigen, refused

AT = "2026-06-15T10:00:00Z"
ASKED: dict[str, Any] = {**QUESTION, "at": AT}
KEYS = ["id", "outcome", "reason", "required_consents", "step_up", "grounds", "valid_until", "reasons", "as_of"]


def written(path: Path, *lines: dict[str, Any] | str) -> str:
    path.write_text("".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in lines))
    return str(path)


@pytest.fixture
def facts(tmp_path: Path) -> str:
    return written(tmp_path / "facts.jsonl", *FACTS)


def test_one_answer_a_line_in_the_order_of_the_questions(tmp_path: Path, facts: str) -> None:
    asked = [
        {**ASKED, "id": "q1"},
        {**ASKED, "assurance": "LOW"},
        {**ASKED, "id": "q3", "representative": "nobody"},
        {**ASKED, "id": "q4", "service": "h1/record", "at": "2031-06-15T10:00:00+02:00"},
    ]
    told = machtigen("decide", "--facts", facts, "--questions", written(tmp_path / "q", *asked))
    assert (told.status, told.err) == (0, "")
    answers = [json.loads(line) for line in told.out.splitlines()]
    assert all(list(answer) == [*KEYS, "stale_registers"] for answer in answers)
    assert [(a["id"], a["outcome"], a["reason"]) for a in answers] == [
        ("q1", "PERMIT", "PARENTAL_AUTHORITY"),
        (None, "DENY", "STEP_UP_REQUIRED"),
        ("q3", "DENY", "NO_GROUND"),
        ("q4", "INDETERMINATE", "CHILD_CONSENT_UNKNOWN"),
    ]
    assert answers[0]["grounds"] == ["a1"]
    assert answers[0]["valid_until"] == "2030-02-28T23:00:00Z"
    assert answers[1]["step_up"] == "SUBSTANTIAL"
    assert set(answers[0]["reasons"][0]) == {"code", "nl", "en"}


def test_brief(tmp_path: Path, facts: str) -> None:
    told = here("decide", "--facts", facts, "--questions", written(tmp_path / "q", {**ASKED, "id": "q"}), "--brief")
    assert told.out == '{"id":"q","outcome":"PERMIT","reason":"PARENTAL_AUTHORITY"}\n'


def test_either_file_from_standard_input_and_packed(tmp_path: Path, facts: str) -> None:
    questions = written(tmp_path / "q", ASKED)
    plain = here("decide", "--facts", facts, "--questions", questions).out
    packed = gzip.compress(Path(facts).read_bytes())
    assert here("decide", "--facts", "-", "--questions", questions, stdin=packed).out == plain
    assert here("decide", "--facts", facts, "--questions", "-", stdin=Path(questions).read_bytes()).out == plain
    both = here("decide", "--facts", "-", "--questions", "-")
    assert both.status == 2
    assert "only one of --facts and --questions can be standard input" in both.err


def test_a_line_without_recorded_at_was_known_since_ever(tmp_path: Path, facts: str) -> None:
    asked = {**ASKED, "known_at": "1950-01-01T00:00:00Z"}
    told = here("decide", "--facts", facts, "--questions", written(tmp_path / "q", asked), "--brief")
    assert json.loads(told.out)["outcome"] == "PERMIT"


def test_of_a_fact_stated_again_the_version_known_then_counts(tmp_path: Path) -> None:
    ended = {**FACTS[13], "recorded_at": "2026-03-01T00:00:00Z", "status": "ENDED"}
    facts = written(tmp_path / "f", *FACTS, ended)
    asked = [ASKED, {**ASKED, "known_at": "2026-02-28T23:59:59Z"}]
    told = here("decide", "--facts", facts, "--questions", written(tmp_path / "q", *asked))
    assert [json.loads(line)["reason"] for line in told.out.splitlines()] == ["EXPIRED", "PARENTAL_AUTHORITY"]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({**ASKED, "colour": "red"}, "colour: found an unknown field, expected one of "),
        ({**ASKED, "assurance": "HIGHEST"}, 'assurance: found "HIGHEST", expected one of BASIC, LOW, '),
        ({**ASKED, "at": "2026-06-15T10:00:00"}, 'at: found "2026-06-15T10:00:00", expected '),
        ({k: v for k, v in ASKED.items() if k != "represented"}, "represented: found nothing, expected "),
        ("question", "found no JSON at character 1"),
    ],
)
def test_a_wrong_question_stops_it_before_any_answer(tmp_path: Path, facts: str, bad: Any, said: str) -> None:
    questions = written(tmp_path / "q", ASKED, "", bad)
    assert refused(here("decide", "--facts", facts, "--questions", questions)).startswith(f"{questions}:3: {said}")


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ({"fact": "person", "id": "p9"}, "born: found nothing, expected "),
        ({**FACTS[4], "born": "2019-03-01"}, "id: found other content than line 5 for person"),
        ({**FACTS[2], "id": "h9/record", "provider": "h9"}, 'provider: found "h9", which nobody knows, expected '),
    ],
)
def test_a_wrong_fact_stops_it_before_any_answer(tmp_path: Path, bad: Any, said: str) -> None:
    facts = written(tmp_path / "f", *FACTS, bad)
    told = machtigen("decide", "--facts", facts, "--questions", written(tmp_path / "q", ASKED))
    assert refused(told).startswith(f"{facts}:{len(FACTS) + 1}: {said}")


@pytest.mark.parametrize("missing", ["--facts", "--questions"])
def test_a_file_that_is_not_there(tmp_path: Path, facts: str, missing: str) -> None:
    files = {"--facts": facts, "--questions": written(tmp_path / "q", ASKED), missing: str(tmp_path / "no")}
    said = refused(here("decide", *(word for pair in files.items() for word in pair)))
    assert said == f"machtigen: {tmp_path / 'no'}: cannot be read: No such file or directory"


def test_the_example_of_the_readme(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command and what it prints, as they stand there."""
    root = Path(__file__).parent.parent.parent.parent
    _, _, shown = (root / "README.md").read_text(encoding="utf-8").partition("$ .venv/bin/machtigen ")
    command, *printed = shown.partition("```")[0].splitlines()
    monkeypatch.chdir(root)
    told = machtigen(*command.split())
    assert told.status == 0
    assert told.out.splitlines() == printed
