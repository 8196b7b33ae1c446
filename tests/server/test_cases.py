"""The open cases over HTTP, on every kind of graph: as expected, and equal to `decide` but for `as_of`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from authority.decide import decide
from authority.moments import SINCE_EVER, instant
from graph.gathering import Pile, gather
from graph.intake import answer_of, fact_of, question_of
from graph.ledger import Ledger
from tests.contracts.homes import Home
from tests.neo4j_server import Neo4jHome
from tests.resolvers.small import fill
from tests.server.asking import SECONDS_MAX, ask, in_process, served
from tests.tokens import BY_WHAT_IS_ASKED

CASES = Path(__file__).parent.parent / "cases"
Case = dict[str, Any]

DECISION = """query($questions: [Question!]!) { decisions(questions: $questions) {
  id outcome reason requiredConsents stepUp grounds { id } validUntil
  reasons { code nl: text(language: NL) en: text(language: EN) } asOf staleRegisters } }"""
ONE = DECISION.replace("[Question!]!", "Question!").replace("questions", "question").replace("decisions", "decision")


def groups(name: str) -> dict[str | None, list[Case]]:
    """The cases by group; those of none share one graph."""
    found: dict[str | None, list[Case]] = {}
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        found.setdefault(case.get("group"), []).append(case)
    return found


def asked(case: Case) -> dict[str, Any]:
    """The case's question as the input type has it."""
    question = {"knownAt" if name == "known_at" else name: value for name, value in case["question"].items()}
    return question | {"id": case["id"]}


def answered(decision: dict[str, Any]) -> dict[str, Any]:
    """A decision as the command line prints it, without `as_of`."""
    return {
        "id": decision["id"],
        "outcome": decision["outcome"],
        "reason": decision["reason"],
        "required_consents": decision["requiredConsents"],
        "step_up": decision["stepUp"],
        "grounds": [ground["id"] for ground in decision["grounds"]],
        "valid_until": decision["validUntil"],
        "reasons": decision["reasons"],
        "stale_registers": decision["staleRegisters"],
    }


def decided(cases: list[Case]) -> Iterator[dict[str, Any]]:
    """What the law says of the same facts, with no graph between."""
    pile = Pile([fact_of(fact, recorded_at=SINCE_EVER)[0] for case in cases for fact in case["facts"]])
    for case in cases:
        question = question_of(case["question"] | {"id": case["id"]}, now=0)
        answer = answer_of(decide(question, gather(question, pile)))
        del answer["as_of"]
        yield answer


def hold_to(expected: dict[str, Any], answer: dict[str, Any], case: Case) -> None:
    """As the README of the cases says what is compared."""
    for name, value in expected.items():
        given = answer[name]
        if name == "required_consents":
            assert set(given) == set(value), case["id"]
        elif name == "valid_until" and value is not None:
            assert instant(given) == instant(value), case["id"]
        else:
            assert given == value, case["id"]


def credentials(home: Home) -> dict[str, str]:
    """What another process needs to open the same graph."""
    if not isinstance(home, Neo4jHome):
        return {}
    return {"NEO4J_USERNAME": home._server.username, "NEO4J_PASSWORD": home._server.password}


async def check(client: httpx.AsyncClient, cases: list[Case], ledger: Ledger) -> None:
    """Ask all of them at once and each by itself."""
    together = await ask(client, DECISION, {"questions": [asked(case) for case in cases]})
    head = str(await ledger.head())
    for case, decision, law in zip(cases, together["decisions"], decided(cases), strict=True):
        assert decision["asOf"] == head
        assert answered(decision) == law
        hold_to(case["expected"], answered(decision), case)
        alone = await ask(client, ONE, {"question": asked(case)})
        assert alone["decision"] == decision


@pytest.mark.parametrize(("name", "count"), [("decisions.jsonl", 572), ("decisions_timed.jsonl", 615)])
async def test_cases_without_group_from_a_running_server(home: Home, name: str, count: int) -> None:
    cases = groups(name)[None]
    assert len(cases) == count
    ledger = await home.empty()
    await fill(ledger, (fact for case in cases for fact in case["facts"]))
    with served(home.address, **credentials(home)) as (url, _):
        async with httpx.AsyncClient(base_url=url, timeout=SECONDS_MAX, auth=BY_WHAT_IS_ASKED) as client:
            await check(client, cases, ledger)


@pytest.mark.parametrize(("name", "count"), [("decisions.jsonl", 17), ("decisions_timed.jsonl", 32)])
async def test_each_group_in_an_emptied_graph(home: Home, name: str, count: int) -> None:
    grouped = {group: cases for group, cases in groups(name).items() if group is not None}
    assert len(grouped) == count
    for cases in grouped.values():
        ledger = await home.empty()
        await fill(ledger, (fact for case in cases for fact in case["facts"]))
        async with in_process(ledger) as client:
            await check(client, cases, ledger)
