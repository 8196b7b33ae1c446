"""The audit records that the doors leave: their shape, and that nothing leaves before them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from graph.pseudonyms import number_free
from server.audit.records import EVALUATION, rules
from tests.resolvers.small import NOW, QUESTION
from tests.server.asking import ROOT, ask, in_process
from tests.server.audit.trails import recorded, valid_number
from tests.tokens import header

ONE = "query($q: Question!) { decision(question: $q) { outcome reason asOf } }"
MANY = "query($q: [Question!]!) { decisions(questions: $q) { outcome } }"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = "00f067aa0ba902b7"
EVALUATE = {
    "subject": {"type": "person", "id": "mother", "properties": {"assurance": "SUBSTANTIAL"}},
    "action": {"name": "h1/record"},
    "resource": {"type": "person", "id": "child"},
}


@pytest.fixture
async def audited(ledger: EmbeddedGraph, tmp_path: Path) -> AsyncIterator[httpx.AsyncClient]:
    """A client of the application that records in `audit`."""
    async with in_process(ledger, audit=tmp_path / "audit") as made:
        yield made


def spans(records: list[dict[str, Any]]) -> list[str]:
    return [each["span_id"] for each in records]


async def test_a_decision_has_the_shape_of_the_standard(audited: httpx.AsyncClient, tmp_path: Path) -> None:
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", **header("PROVIDER", party="h1", purpose=None)}
    question = QUESTION | {"knownAt": "2026-11-20T00:00:00Z", "id": "mine"}
    body = {"query": ONE, "variables": {"q": question}}
    answer = (await audited.post("/graphql", json=body, headers=headers)).json()["data"]["decision"]
    (record,) = recorded(tmp_path / "audit")
    assert (record["trace_id"], record["parent_span_id"], len(record["span_id"])) == (TRACE, PARENT, 16)
    assert (record["event_name"], record["status"], record["timestamp"]) == (EVALUATION, "Unset", NOW // 1_000)
    assert record["attributes"] == {
        "adl.core.policies": {"authority": rules()},
        "adl.core.information": {"ledger": answer["asOf"]},
        "machtigen.operation": "decision",
        "machtigen.caller.role": "PROVIDER",
        "machtigen.caller.party": "h1",
    }
    assert record["body"]["adl.core.request"] == {
        **EVALUATE,
        "context": {"at": "2026-11-24T12:00:00Z", "known_at": "2026-11-20T00:00:00Z"},
    }
    assert record["body"]["adl.core.response"] == {
        "decision": True,
        "context": {
            "outcome": "PERMIT",
            "reason": "PARENTAL_AUTHORITY",
            "grounds": ["a1"],
            "valid_until": "2030-02-28T23:00:00Z",
        },
    }


async def test_the_page_shows_a_record_as_it_is(audited: httpx.AsyncClient, tmp_path: Path) -> None:
    page = (ROOT / "docs/audit.md").read_text(encoding="utf-8")
    shown = json.loads(page.partition("```json\n")[2].partition("```")[0])
    headers = {"traceparent": f"00-{TRACE}-{PARENT}-01", **header("PROVIDER", party="h1", purpose=None)}
    await audited.post("/graphql", json={"query": ONE, "variables": {"q": QUESTION}}, headers=headers)
    (record,) = recorded(tmp_path / "audit")
    assert list(shown) == list(record)
    assert shown["body"] == record["body"]
    assert list(record["attributes"]) == list(shown["attributes"])
    assert (shown["trace_id"], shown["parent_span_id"]) == (record["trace_id"], record["parent_span_id"])


async def test_a_denial_is_no_error_and_each_of_many_has_a_span_of_its_own(
    audited: httpx.AsyncClient, tmp_path: Path
) -> None:
    stranger = QUESTION | {"representative": "stranger"}
    await ask(audited, MANY, {"q": [QUESTION, stranger, QUESTION]})
    records = recorded(tmp_path / "audit")
    assert [each["status"] for each in records] == ["Unset"] * 3
    assert [each["body"]["adl.core.response"]["decision"] for each in records] == [True, False, True]
    assert len({each["trace_id"] for each in records}) == 1
    assert len(set(spans(records))) == 3
    assert not any("parent_span_id" in each for each in records)


@pytest.mark.parametrize(
    "traceparent",
    ["", "nonsense", f"00-{'0' * 32}-{PARENT}-01", f"00-{TRACE}-{'0' * 16}-01", f"ff-{TRACE}-{PARENT}-01"],
)
async def test_what_is_no_trace_begins_one(audited: httpx.AsyncClient, tmp_path: Path, traceparent: str) -> None:
    body = {"query": ONE, "variables": {"q": QUESTION}}
    await audited.post("/graphql", json=body, headers={"traceparent": traceparent})
    (record,) = recorded(tmp_path / "audit")
    assert record["trace_id"] not in (TRACE, "0" * 32)
    assert len(record["trace_id"]) == 32
    assert "parent_span_id" not in record


async def test_every_door_is_recorded(audited: httpx.AsyncClient, tmp_path: Path) -> None:
    lists = 'provider: "h1", service: "record", assurance: SUBSTANTIAL'
    await ask(audited, f'{{ representedBy(representative: "mother", {lists}) {{ nodes {{ person {{ id }} }} }} }}')
    await ask(audited, f'{{ representativesOf(represented: "child", {lists}) {{ nodes {{ person {{ id }} }} }} }}')
    explain = "query($q: Question!, $t: String) { explain(question: $q, asOf: $t) { decision { reason } } }"
    await ask(audited, explain, {"q": QUESTION})
    person = {"type": "person"}
    for path, body in (
        ("evaluation", EVALUATE),
        ("evaluations", EVALUATE | {"evaluations": [{}, {"resource": {"type": "person", "id": "client"}}]}),
        ("search/subject", EVALUATE | {"subject": person}),
        ("search/resource", EVALUATE | {"resource": person}),
        ("search/action", {key: EVALUATE[key] for key in ("subject", "resource")}),
    ):
        assert (await audited.post(f"/access/v1/{path}", json=body)).status_code == 200, path
    told = [
        (each["attributes"]["machtigen.operation"].rpartition("/")[2], each["event_name"].removeprefix("adl."))
        for each in recorded(tmp_path / "audit")
    ]
    assert told == [
        ("representedBy", "search_resource"),
        ("representativesOf", "search_subject"),
        ("explain", "access_evaluation"),
        ("evaluation", "access_evaluation"),
        ("evaluations", "access_evaluation"),
        ("evaluations", "access_evaluation"),
        ("subject", "search_subject"),
        ("resource", "search_resource"),
        ("action", "search_action"),
    ]


async def test_looking_around_in_the_graph_is_recorded_once_a_request(
    audited: httpx.AsyncClient, tmp_path: Path
) -> None:
    graph = """{ graph(of: [{type: person, id: "mother"}, {type: person, id: "nobody"}]) {
      id neighbourCounts { count } } }"""
    await ask(audited, graph)
    await ask(audited, '{ search(text: "chil") { nodes { id } } }')
    groups = '{relation: "HOLDS", incoming: false, type: authority, kind: "PARENTAL_JOINT"}'
    beside = f"neighbours(groups: [{groups}]) {{ nodes {{ id name }} }}"
    await ask(audited, f'{{ graph(of: [{{type: person, id: "mother"}}]) {{ {beside} }} }}')
    graph_look, search_look, beside_look = recorded(tmp_path / "audit")
    shown = {"person/mother", "authority/a1", "person/child"}
    assert set(beside_look["body"]["machtigen.look"]["shown"]) == shown
    assert graph_look["event_name"] == "machtigen.look"
    assert graph_look["body"] == {"machtigen.look": {"shown": ["person/mother", "person/nobody"]}}
    assert search_look["body"] == {"machtigen.look": {"shown": ["person/child"]}}


async def test_who_asks_is_recorded_and_why_an_explorer_looks(audited: httpx.AsyncClient, tmp_path: Path) -> None:
    number = valid_number()
    looks = {**header("EXPLORER", sub="dev-1", purpose=None), "machtigen-purpose": f"complaint 12 of {number}"}
    await audited.post("/graphql", json={"query": '{ person(id: "mother") { id } }'}, headers=looks)
    citizen = header("CITIZEN", sub="mother", acr="high")
    await audited.post("/graphql", json={"query": ONE, "variables": {"q": QUESTION}}, headers=citizen)
    look, decision = recorded(tmp_path / "audit")
    assert look["body"] == {"machtigen.look": {"shown": ["person/mother"]}}
    said = look["attributes"]
    assert (said["machtigen.caller.role"], said["machtigen.caller.subject"]) == ("EXPLORER", "dev-1")
    assert said["machtigen.purpose"] == "complaint 12 of …"
    assert (decision["attributes"]["machtigen.caller.role"], decision["attributes"]["machtigen.caller.subject"]) == (
        "CITIZEN",
        "mother",
    )


async def test_a_search_is_recorded_with_whom_it_found(audited: httpx.AsyncClient, tmp_path: Path) -> None:
    listed = """{ representedBy(representative: "mother", provider: "h1", service: "record", assurance: SUBSTANTIAL,
      first: 1) { nodes { person { id } } pageInfo { endCursor } } }"""
    await ask(audited, listed)
    (record,) = recorded(tmp_path / "audit")
    request, response = record["body"]["adl.core.request"], record["body"]["adl.core.response"]
    assert request["resource"] == {"type": "person"}
    assert request["page"] == {"after": [""], "limit": 1}
    assert [each["id"] for each in response["results"]] == ["child"]
    assert response["page"] == {"count": 1, "more": True}


async def test_what_no_one_here_can_be_is_recorded_without_its_words(
    audited: httpx.AsyncClient, tmp_path: Path
) -> None:
    said = EVALUATE | {"subject": {"type": "person", "id": "Jan de Vries"}, "action": {"name": "everything at all"}}
    assert (await audited.post("/access/v1/evaluation", json=said)).json()["decision"] is False
    (record,) = recorded(tmp_path / "audit")
    assert record["body"]["adl.core.response"]["context"]["reason"] == "NO_GROUND"
    assert record["body"]["adl.core.request"]["resource"]["id"] == "child"
    assert not any(word in json.dumps(record, ensure_ascii=False) for word in ("Vries", "everything"))


async def test_no_number_gets_in(audited: httpx.AsyncClient, tmp_path: Path) -> None:
    number = valid_number()
    await ask(audited, ONE, {"q": QUESTION | {"good": f"house of {number}"}})
    for query, variables in (
        (ONE, {"q": QUESTION | {"represented": number}}),
        ("mutation($f: [JSON!]!) { recordFacts(facts: $f) { recorded } }", {"f": [{"fact": "person", "id": number}]}),
    ):
        await audited.post("/graphql", json={"query": query, "variables": variables})
    told = [path.read_text(encoding="utf-8") for path in (tmp_path / "audit").iterdir()]
    assert any("house of …" in text for text in told)
    assert not any(number in text for text in told)


def test_only_nine_digits_by_themselves_are_a_number() -> None:
    number = valid_number()
    assert number_free(f"person/{number}") == "person/…"
    assert number_free(number[:-1] + str((int(number[-1]) + 1) % 10)) != "…"
    assert number_free(f"p{number}") == f"p{number}"
    assert number_free(number + "0") == number + "0"


def test_the_rules_are_named_by_their_tree_in_git(tmp_path: Path) -> None:
    index = {
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_OBJECT_DIRECTORY": str(tmp_path / "objects"),
        "PATH": "/usr/bin:/bin",
    }
    (tmp_path / "objects").mkdir()
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "authority").rglob("*.py"))
    git = ["git", "-c", "core.fileMode=false", "-C", str(ROOT)]
    subprocess.run([*git, "update-index", "--add", "--", *files], env=index, check=True)
    tree = subprocess.run(
        [*git, "write-tree", "--prefix=authority/"], env=index, check=True, capture_output=True, text=True
    )
    assert rules() == tree.stdout.strip()
