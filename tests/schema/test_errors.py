from __future__ import annotations

import logging
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from authority.neighbourhood import Neighbourhood
from authority.question import Question
from graph.embedded import EmbeddedGraph
from graph.errors import LedgerUnavailable
from resolvers.nodes import node_id
from schema.errors import RETRYABLE, Code, camel, without_numbers
from tests.resolvers.small import A_NUMBER, QUESTION
from tests.schema.asking import ask, data, error

DECISION = "query($question: Question!) { decision(question: $question) { outcome } }"
DECISIONS = "query($questions: [Question!]!) { decisions(questions: $questions) { outcome } }"
NUMBER = "1" * 9


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"assurance": "NONE"}, "question.assurance"),
        ({"assurance": None}, "question.assurance"),
        ({"at": "2026-01-01"}, "question.at"),
        ({"at": "2026-01-01T00:00:00"}, "question.at"),
        ({"at": 5}, "question.at"),
        ({"knownAt": "now"}, "question.knownAt"),
        ({"known_at": "2026-01-01T00:00:00Z"}, "question.known_at"),
        ({"representative": "two words"}, "question.representative"),
        ({"represented": ""}, "question.represented"),
        ({"service": "x" * 129}, "question.service"),
        ({"act": "SELL"}, "question.act"),
        ({"claim": "NO_AUTHORITY"}, "question.claim"),
        ({"colour": "red"}, "question.colour"),
        ({"provider": "~nonsense"}, "question.provider"),
    ],
)
async def test_a_malformed_question_names_its_field(ledger: EmbeddedGraph, changed: dict[str, Any], field: str) -> None:
    wrong = await error(ledger, DECISION, {"question": QUESTION | changed})
    assert wrong["extensions"] == {"code": "BAD_INPUT", "field": field, "retryable": False}
    assert wrong["message"].startswith(f"{field}: ")
    assert "'mother'" not in wrong["message"], "it repeats the rest of the question"


async def test_among_many_questions_it_names_which(ledger: EmbeddedGraph) -> None:
    for changed, field in (({"at": "x"}, "questions[1].at"), ({"assurance": "x"}, "questions[1].assurance")):
        wrong = await error(ledger, DECISIONS, {"questions": [QUESTION, QUESTION | changed]})
        assert wrong["extensions"]["field"] == field


@pytest.mark.parametrize("variables", [None, {}, {"question": None}, {"question": []}, {"question": "x"}])
async def test_no_question_at_all(ledger: EmbeddedGraph, variables: dict[str, Any] | None) -> None:
    wrong = await error(ledger, DECISION, variables)
    assert wrong["extensions"] == {"code": "BAD_INPUT", "field": "question", "retryable": False}


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{", "GRAPHQL_PARSE_FAILED"),
        ("{ nothing }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { registers { id } } query B { registers { id } }", "OPERATION_RESOLUTION_FAILED"),
        ("fragment F on Query { registers { id } }", "GRAPHQL_VALIDATION_FAILED"),
    ],
)
async def test_documents_that_cannot_be_executed(ledger: EmbeddedGraph, query: str, code: str) -> None:
    wrong = await error(ledger, query)
    assert wrong["extensions"]["code"] == code


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        (DECISION, {"question": QUESTION | {"representative": f"bsn:{NUMBER}"}}),
        (DECISION, {"question": QUESTION | {"represented": f"bsn:{NUMBER}"}}),
        (DECISION, {"question": QUESTION | {"organisation": f"bsn:{NUMBER}"}}),
        ("query($id: ID!) { person(id: $id) { id } }", {"id": f"bsn:{NUMBER}"}),
        (f'{{ person(id: "bsn:{NUMBER}") {{ id }} }}', None),
        (f'{{ person(id: "bsn:{NUMBER}" {{', None),
    ],
)
async def test_a_number_gets_one_clear_error(
    ledger: EmbeddedGraph, query: str, variables: dict[str, Any] | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wrong = await error(ledger, query, variables)
    assert wrong["extensions"]["code"] == "BSN_NOT_CONFIGURED"
    assert NUMBER not in str(wrong)
    assert NUMBER not in caplog.text


@pytest.mark.parametrize("place", ["representative", "represented"])
async def test_a_number_without_its_prefix_is_no_id_of_a_person(ledger: EmbeddedGraph, place: str) -> None:
    wrong = await error(ledger, DECISION, {"question": QUESTION | {place: A_NUMBER}})
    assert (wrong["extensions"]["code"], wrong["extensions"]["field"]) == ("BSN_NOT_CONFIGURED", f"question.{place}")
    assert A_NUMBER not in str(wrong)
    for name in (A_NUMBER, node_id("Person", A_NUMBER)):
        wrong = await error(ledger, "query($id: ID!) { person(id: $id) { id } }", {"id": name})
        assert wrong["extensions"]["code"] == "BSN_NOT_CONFIGURED"
    another = str(int(A_NUMBER) + 1)
    assert (await data(ledger, DECISION, {"question": QUESTION | {place: another}}))["decision"]["outcome"] == "DENY"


@pytest.mark.parametrize("dev", [False, True])
@pytest.mark.parametrize(
    "question",
    [
        QUESTION | {"representative": f"bsn:{NUMBER}", "assurance": "x"},
        QUESTION | {"colour": f"bsn:{NUMBER}"},
        QUESTION | {f"x{NUMBER}": 1},
        QUESTION | {NUMBER: 1},
        {"representative": f"bsn:{NUMBER}"},
        {"representative": NUMBER},
        [f"bsn:{NUMBER}"],
        f"bsn:{NUMBER}",
        QUESTION | {"at": NUMBER},
        QUESTION | {"assurance": NUMBER},
    ],
)
async def test_a_number_is_repeated_nowhere(
    ledger: EmbeddedGraph, question: object, dev: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    body = await ask(ledger, DECISION, {"question": question}, dev=dev)
    assert body["errors"]
    assert NUMBER not in str(body)
    assert NUMBER not in caplog.text


@given(st.text(), st.text())
def test_no_text_around_a_prefixed_number_lets_it_through(before: str, after: str) -> None:
    assert f"bsn:{NUMBER}" not in without_numbers(f"{before}bsn:{NUMBER}{after}")


async def test_an_internal_error_is_masked_and_found_in_the_log(
    ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(question: Question, as_of: int | None = None) -> Neighbourhood:
        raise RuntimeError("a secret of the house")

    monkeypatch.setattr(ledger, "neighbourhood", broken)
    wrong = await error(ledger, DECISION, {"question": QUESTION})
    error_id = wrong["extensions"]["errorId"]
    assert wrong["extensions"] == {"code": "INTERNAL_ERROR", "retryable": True, "errorId": error_id}
    assert wrong["message"] == f"internal error {error_id}"
    assert error_id in caplog.text
    assert "a secret of the house" in caplog.text
    shown = await error(ledger, DECISION, {"question": QUESTION}, dev=True)
    assert "a secret of the house" in shown["message"]


async def test_a_ledger_that_cannot_be_reached(ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(question: Question, as_of: int | None = None) -> Neighbourhood:
        raise LedgerUnavailable("the graph does not answer")

    monkeypatch.setattr(ledger, "neighbourhood", gone)
    wrong = await error(ledger, DECISION, {"question": QUESTION})
    assert wrong["extensions"] == {"code": "LEDGER_UNAVAILABLE", "retryable": True}
    assert wrong["message"] == "the graph does not answer"


def test_names_in_camel_case() -> None:
    assert (camel("known_at"), camel("questions[2].known_at"), camel("at")) == ("knownAt", "questions[2].knownAt", "at")


def test_codes_are_their_own_names() -> None:
    assert all(code.name == code.value for code in Code)
    assert set(Code) >= RETRYABLE
