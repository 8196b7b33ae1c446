"""The playground and `whatIf` as a client sees them."""

from __future__ import annotations

import json

from graph.embedded import EmbeddedGraph
from resolvers.cases import BYTES_MAX
from tests.resolvers.small import FACTS, QUESTION
from tests.schema.asking import data, error

PLAYGROUND = """query($cases: String!) { playground(cases: $cases) {
  cases { name line outcome reason reasons { text(language: EN) } requiredConsents stepUp validUntil grounds asExpected
    staleRegisters differences { field expected found } }
  problems { code message field line } } }"""
WHAT_IF = """query($question: Question!, $add: [JSON!], $remove: [ID!]) {
  whatIf(question: $question, add: $add, remove: $remove) { hypothetical outcome reason added { type id } removed { id }
    reasons { code } readings { grounds { counts authority { id kind representative { __typename } } } }
    changes { what outcome } otherAuthorities { id } registers { id } } }"""


async def test_a_case_file_is_answered_and_forgotten(ledger: EmbeddedGraph) -> None:
    before = await ledger.head()
    cases = [{"name": "wrong", "question": QUESTION, "expect": {"outcome": "DENY", "valid_until": None}}]
    text = json.dumps({"facts": FACTS, "cases": [*cases, {"question": QUESTION}]})
    played = (await data(ledger, PLAYGROUND, {"cases": text}))["playground"]
    first, second = played["cases"]
    assert (first["outcome"], first["asExpected"], second["asExpected"]) == ("PERMIT", False, None)
    assert first["differences"] == [
        {"field": "outcome", "expected": "DENY", "found": "PERMIT"},
        {"field": "validUntil", "expected": None, "found": "2030-03-01"},
    ]
    assert played["problems"] == []
    assert await ledger.head() == before


async def test_what_is_wrong_with_a_file_is_data(ledger: EmbeddedGraph) -> None:
    played = (await data(ledger, PLAYGROUND, {"cases": "facts:\n  - {fact: person, id: 'bsn:123456789'}"}))[
        "playground"
    ]
    assert played["cases"] == []
    assert [(each["code"], each["field"], each["line"]) for each in played["problems"]] == [
        ("RESERVED_ID", "id", 2),
        ("MISSING_FIELD", "born", 2),
    ]
    assert "123456789" not in json.dumps(played)
    refused = await error(ledger, PLAYGROUND, {"cases": "#" * (BYTES_MAX + 1)})
    assert refused["extensions"] == {"code": "BAD_INPUT", "retryable": False, "field": "cases"}


async def test_a_hypothetical_answer_is_marked(ledger: EmbeddedGraph) -> None:
    stranger = QUESTION | {"representative": "clerk"}
    authority = {
        "fact": "authority",
        "id": "x",
        "kind": "PARENTAL_JOINT",
        "representative": "clerk",
        "represented": "child",
    }
    supposed = (await data(ledger, WHAT_IF, {"question": stranger, "add": [authority], "remove": ["a2"]}))["whatIf"]
    assert supposed["hypothetical"] is True
    assert (supposed["outcome"], supposed["reason"]) == ("PERMIT", "PARENTAL_AUTHORITY")
    assert supposed["added"] == [{"type": "authority", "id": "x"}]
    assert supposed["removed"] == [{"id": "a2"}]
    assert supposed["readings"][0]["grounds"][0]["authority"]["id"] == "x"
    decided = await data(ledger, "query($q: Question!) { decision(question: $q) { outcome } }", {"q": stranger})
    assert decided["decision"]["outcome"] == "DENY"
    refused = await error(ledger, WHAT_IF, {"question": stranger, "add": [authority | {"kind": "X"}]})
    assert refused["extensions"]["field"] == "add[0].kind"
