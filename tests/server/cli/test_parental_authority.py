"""`machtigen parental-authority`, as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from graph.errors import BadInput
from server.cli.parental_authority import command

CASES = Path(__file__).parents[2] / "cases/parental_authority.jsonl"
FIRST = json.loads(CASES.read_bytes().splitlines()[0])


def run(*args: str, text: str | bytes = "") -> Result:
    return CliRunner().invoke(command, args, input=text)


def case(**changes: Any) -> str:
    plain = {"id": "a", "evaluation_date": "2026-04-23", "facts": {"persons": []}, "query": {"bsn": "000000012"}}
    return json.dumps({**plain, **changes})


def test_one_line_for_each_case_with_the_keys_of_the_contract() -> None:
    done = run(str(CASES))
    assert done.exit_code == 0
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [json.loads(line)["id"] for line in CASES.read_bytes().splitlines()]
    allowed = {"type", "minor", "parents", "third_parties", "under_investigation"}
    for answer in answers:
        assert list(answer) == ["id", "relations"]
        for relation in answer["relations"]:
            assert {"type", "minor", "under_investigation"} <= relation.keys() <= allowed
            assert ("parents" in relation) == (
                relation["type"] in {"EenhoofdigOuderlijkGezag", "GezamenlijkOuderlijkGezag", "GezamenlijkGezag"}
            )


def test_standard_input_and_blank_lines() -> None:
    done = run("-", text=f"{case()}\n\n{case(id='b')}")
    assert [json.loads(line) for line in done.stdout.splitlines()] == [
        {"id": "a", "relations": []},
        {"id": "b", "relations": []},
    ]


def test_route_adds_the_questions_and_answers() -> None:
    answer = json.loads(run("--route", "-", text=json.dumps(FIRST)).stdout)
    assert [route["minor"] for route in answer["routes"]][1:] == [each["minor"] for each in answer["relations"]]
    for route in answer["routes"]:
        assert route["questions"]
        for each in route["questions"]:
            assert set(each) == {"number", "question", "source", "answer"}
            assert all(each["question"][language].endswith("?") for language in ("nl", "en"))


def test_check_agrees_in_full_on_current() -> None:
    done = run("--check", str(CASES))
    assert done.exit_code == 0
    rows = {line.split()[0]: line.split()[1:] for line in done.stdout.splitlines()[1:]}
    assert rows["current"] == ["372", "372", "100.0%", "0", "372"]
    assert rows["aspirational"][3] == "0"


@pytest.mark.parametrize(("tier", "status"), [("current", 1), ("aspirational", 0)])
def test_check_says_which_case_disagrees(tier: str, status: int) -> None:
    wrong = {**FIRST, "tier": tier, "expected": [*FIRST["expected"], FIRST["expected"][0]]}
    done = run("--check", "-", text=json.dumps(wrong))
    assert done.exit_code == status
    assert f"standard input:1: {FIRST['id']} ({tier}) disagrees" in done.stderr


@pytest.mark.parametrize("tier", ["current", "aspirational"])
def test_check_fails_on_a_false_grant_in_any_tier(tier: str) -> None:
    done = run("--check", "-", text=json.dumps({**FIRST, "tier": tier, "expected": []}))
    assert done.exit_code == 1
    assert "gives 000000012 authority over" in done.stderr


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("nonsense", "expected one JSON object a line (MALFORMED)"),
        ("[]", "found array, expected object (WRONG_VALUE)"),
        (b'{"id":"\xff"}', "expected one JSON object a line (MALFORMED)"),
        ("{", "expected one JSON object a line (MALFORMED)"),
        ('{"id":"a"}', "evaluation_date: expected a value (MISSING_FIELD)"),
        (case(query={}), "query.bsn: expected a value (MISSING_FIELD)"),
        (case(query={"bsn": "12"}), "query.bsn: expected nine digits (WRONG_VALUE)"),
        (case(evaluation_date="2026-02-30"), "evaluation_date: expected a date YYYY-MM-DD that exists (WRONG_VALUE)"),
        (
            case(facts={"persons": [{}, {"birth_date": "2015"}]}),
            "facts.persons[1].birth_date: expected a date YYYY-MM-DD, unknown parts 00 (WRONG_VALUE)",
        ),
        (
            case(facts={"persons": [{"parents": {"2": {"sex": "X"}}}]}),
            "facts.persons[0].parents.2.sex: found 'X', expected a code of the register (WRONG_VALUE)",
        ),
        (
            case(facts={"persons": [{"authority_record": {"curatele_register": "yes"}}]}),
            "facts.persons[0].authority_record.curatele_register: found str, expected bool (WRONG_VALUE)",
        ),
    ],
)
def test_bad_input_gets_one_line_with_file_line_and_field(line: str | bytes, says: str, tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    file.write_bytes(case().encode() + b"\n" + (line if isinstance(line, bytes) else line.encode()) + b"\n")
    done = run(str(file))
    assert isinstance(done.exception, BadInput)
    message = str(done.exception)
    assert message.startswith(f"{file}:2: ")
    assert message.endswith(says)
    assert "\n" not in message
    # what came before is printed all the same
    assert json.loads(done.stdout) == {"id": "a", "relations": []}


def test_check_needs_what_to_compare_with() -> None:
    done = run("--check", "-", text=case())
    assert str(done.exception) == "standard input:1: expected: expected a value (MISSING_FIELD)"
