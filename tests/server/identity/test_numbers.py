"""Numbers of people at the edge: where one is taken, where it is refused, and that rotated keys find who is known."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from graph.pseudonyms import Pseudonyms
from resolvers import telling
from tests.numbers import VALID
from tests.resolvers.small import FACTS, QUESTION, fill
from tests.server.asking import in_process
from tests.server.identity.test_roles import NODE, evaluation
from tests.tokens import header

OLD, NEW = Pseudonyms({1: b"o" * 32}), Pseudonyms({1: b"o" * 32, 2: b"n" * 32})
MOTHER, CHILD, STRANGER = (f"bsn:{number}" for number in VALID)
INVENTED = "bsn:900000001"
DECISION = "query($q: Question!) { decision(question: $q) { outcome reason } }"


@pytest.fixture
async def numbered(ledger: EmbeddedGraph) -> AsyncIterator[httpx.AsyncClient]:
    """The mother is known under the old key, her child under the new one."""
    mother, child = OLD.id_of(VALID[0]), NEW.id_of(VALID[1])
    renamed = [
        {
            name: {"mother": mother, "child": child}.get(value, value) if isinstance(value, str) else value
            for name, value in fact.items()
        }
        for fact in FACTS
        if fact["id"] in ("mother", "child", "a1")
    ]
    await fill(ledger, [{**fact, "id": "a9" if fact["id"] == "a1" else fact["id"]} for fact in renamed])
    async with in_process(ledger, pseudonyms=NEW) as client:
        yield client


async def said(client: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    response = await client.post("/graphql", json={"query": query, "variables": variables})
    assert not any(number in response.text for number in VALID), response.text
    return response.json()


def question(representative: str, represented: str) -> dict[str, Any]:
    return QUESTION | {"representative": representative, "represented": represented}


async def test_people_are_found_whichever_key_they_are_known_by(numbered: httpx.AsyncClient) -> None:
    answer = await said(numbered, DECISION, q=question(MOTHER, CHILD))
    assert answer["data"]["decision"] == {"outcome": "PERMIT", "reason": "PARENTAL_AUTHORITY"}
    answer = await said(numbered, DECISION, q=question(OLD.id_of(VALID[0]), CHILD))
    assert answer["data"]["decision"]["outcome"] == "PERMIT"
    person = await said(numbered, "query($id: ID!) { person(id: $id) { id } }", id=MOTHER)
    assert person["data"]["person"] == {"id": OLD.id_of(VALID[0])}


async def test_an_unknown_one_is_somebody_without_ground(numbered: httpx.AsyncClient) -> None:
    by_number = await said(numbered, DECISION, q=question(MOTHER, STRANGER))
    by_id = await said(numbered, DECISION, q=question(MOTHER, "nobody-here"))
    assert by_number == by_id == {"data": {"decision": {"outcome": "DENY", "reason": "NO_GROUND"}}}


async def test_every_place_of_a_person(numbered: httpx.AsyncClient) -> None:
    many = "query($q: [Question!]!) { decisions(questions: $q) { outcome } }"
    answer = await said(numbered, many, q=[question(MOTHER, CHILD), question(MOTHER, STRANGER)])
    assert [each["outcome"] for each in answer["data"]["decisions"]] == ["PERMIT", "DENY"]
    listed = """query($p: ID!) { representedBy(representative: $p, provider: "h1", service: "record", assurance: HIGH) {
      nodes { person { id } } } }"""
    nodes = (await said(numbered, listed, p=MOTHER))["data"]["representedBy"]["nodes"]
    assert nodes == [{"person": {"id": NEW.id_of(VALID[1])}}]
    inside = """query($r: ID!, $d: ID!) { decision(question: {representative: $r, represented: $d, provider: "h1",
      service: "record", assurance: HIGH}) { outcome } }"""
    assert (await said(numbered, inside, r=MOTHER, d=CHILD))["data"]["decision"]["outcome"] == "PERMIT"


async def test_a_citizen_by_number_is_the_person_of_the_token(numbered: httpx.AsyncClient) -> None:
    body = {"query": DECISION, "variables": {"q": question(MOTHER, CHILD)}}
    for subject, forbidden in ((OLD.id_of(VALID[0]), False), ("somebody-else", True)):
        answer = (await numbered.post("/graphql", json=body, headers=header("CITIZEN", sub=subject))).json()
        assert ("errors" in answer) == forbidden


@pytest.mark.parametrize(
    ("query", "variables", "place"),
    [
        (DECISION, {"q": question(MOTHER, CHILD) | {"provider": STRANGER}}, "question.provider"),
        (DECISION, {"q": question(MOTHER, CHILD) | {"service": STRANGER}}, "question.service"),
        (DECISION, {"q": question(MOTHER, CHILD) | {"id": STRANGER}}, "question.id"),
        (DECISION, {"q": question(MOTHER, CHILD) | {"good": STRANGER}}, "question.good"),
        (DECISION, {"q": question(MOTHER, INVENTED)}, "q.represented"),
        (DECISION, {"q": question(MOTHER, "bsn:12345678")}, "q.represented"),
        (DECISION, {"q": question(MOTHER, "bsn:")}, "q.represented"),
        ("query($id: ID!) { authority(id: $id) { id } }", {"id": STRANGER}, "id"),
        ("query($id: ID!) { provider(id: $id) { id } }", {"id": STRANGER}, "id"),
        (NODE, {"id": STRANGER}, "id"),
        (
            "mutation($f: [JSON!]!) { recordFacts(facts: $f) { recorded } }",
            {"f": [{"fact": "person", "id": STRANGER, "born": "1980-01-01"}]},
            "facts[0].id",
        ),
        (
            "mutation($f: [JSON!]!) { recordFacts(facts: $f) { recorded } }",
            {"f": [{"fact": "person", "id": "x", "born": "1980-01-01", "name": STRANGER}]},
            "facts[0].name",
        ),
        (
            "query($q: Question!, $a: [JSON!]) { whatIf(question: $q, add: $a) { outcome } }",
            {"q": question("a", "b"), "a": [{"fact": "person", "id": STRANGER}]},
            "add[0].id",
        ),
    ],
)
async def test_where_it_is_refused(
    numbered: httpx.AsyncClient, ledger: EmbeddedGraph, query: str, variables: dict[str, Any], place: str
) -> None:
    head = await ledger.head()
    answer = await said(numbered, query, **variables)
    (error,) = answer["errors"]
    assert (error["extensions"]["code"], error["extensions"]["field"]) == ("BAD_INPUT", place)
    assert await ledger.head() == head


async def test_never_in_a_document_or_a_url(numbered: httpx.AsyncClient) -> None:
    in_text = await said(numbered, f'{{ person(id: "{MOTHER}") {{ id }} }}')
    assert in_text["errors"][0]["extensions"]["code"] == "BSN_NOT_CONFIGURED"
    parameters = {"query": "query($id: ID!) { person(id: $id) { id } }", "variables": f'{{"id": "{MOTHER}"}}'}
    response = await numbered.get("/graphql", params=parameters)
    assert response.status_code == 400
    assert VALID[0] not in response.text


async def test_without_keys_none_is_taken(client: httpx.AsyncClient) -> None:
    answer = await said(client, DECISION, q=question(MOTHER, CHILD))
    assert answer["errors"][0]["extensions"]["code"] == "BSN_NOT_CONFIGURED"


# AuthZEN


async def test_authzen_takes_them_for_people(numbered: httpx.AsyncClient) -> None:
    answer = (await numbered.post("/access/v1/evaluation", json=evaluation(MOTHER, CHILD))).json()
    assert answer["decision"] is True
    batch = {
        "resource": {"type": "person", "id": CHILD},
        "evaluations": [
            evaluation(MOTHER, CHILD),
            {"subject": evaluation(MOTHER, CHILD)["subject"], "action": {"name": "h1/record"}},
        ],
    }
    answers = (await numbered.post("/access/v1/evaluations", json=batch)).json()["evaluations"]
    assert [each["decision"] for each in answers] == [True, True]
    search = evaluation(MOTHER, CHILD) | {"subject": {"type": "person", "properties": {"assurance": "HIGH"}}}
    found = (await numbered.post("/access/v1/search/subject", json=search)).json()
    assert [each["id"] for each in found["results"]] == [OLD.id_of(VALID[0])]


@pytest.mark.parametrize(
    "body",
    [
        evaluation(MOTHER, INVENTED),
        evaluation(MOTHER, "bsn:1"),
        evaluation(MOTHER, CHILD, action=STRANGER),
        evaluation(MOTHER, CHILD) | {"context": {"at": STRANGER}},
        evaluation(MOTHER, CHILD) | {"subject": {"type": "organisation", "id": MOTHER}},
    ],
)
async def test_authzen_refuses_the_rest_and_repeats_none(numbered: httpx.AsyncClient, body: dict[str, Any]) -> None:
    response = await numbered.post("/access/v1/evaluation", json=body)
    assert not response.json().get("decision")
    assert not any(number in response.text for number in (*VALID, "900000001"))


async def test_the_audit_is_told_ids(numbered: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    token = telling.telling.set(told.append)
    try:
        await said(numbered, DECISION, q=question(MOTHER, STRANGER))
    finally:
        telling.telling.reset(token)
    assert not any(number in repr(told) for number in VALID)
