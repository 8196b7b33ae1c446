"""AuthZEN 1.0 as the conformance scenarios ask it of an endpoint, and the same answers as GraphQL gives."""

from __future__ import annotations

import copy
from typing import Any

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from graph.intake import fact_of
from tests.resolvers.small import A_NUMBER, NOW, fill
from tests.server.asking import ask

EVALUATION, EVALUATIONS, SEARCH = "/access/v1/evaluation", "/access/v1/evaluations", "/access/v1/search"
MOTHER = {"type": "person", "id": "mother", "properties": {"assurance": "SUBSTANTIAL"}}
CHILD = {"type": "person", "id": "child"}
RECORD = {"name": "h1/record"}
ASKED: dict[str, Any] = {"subject": MOTHER, "action": RECORD, "resource": CHILD}
STRANGER = {**MOTHER, "id": "clerk"}


async def posted(client: httpx.AsyncClient, path: str, body: Any) -> Any:
    response = await client.post(path, json=body)
    assert response.status_code == 200, response.text
    return response.json()


async def test_a_permit_says_why_and_until_when(client: httpx.AsyncClient) -> None:
    found = await posted(client, EVALUATION, ASKED)
    assert found["decision"] is True
    context = found["context"]
    assert (context["outcome"], context["reason"]) == ("PERMIT", "PARENTAL_AUTHORITY")
    assert context["valid_until"] == "2030-02-28T23:00:00Z"
    assert set(context["reason_user"]) == {"nl", "en"}
    assert context["as_of"]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"subject": STRANGER}, "NO_GROUND"),
        ({"subject": {"type": "person", "id": "mother"}}, "STEP_UP_REQUIRED"),
        ({"resource": {"type": "person", "id": "nobody"}}, "NO_GROUND"),
        ({"resource": {"type": "document", "id": "child"}}, "NO_GROUND"),
        ({"subject": {"type": "robot", "id": "mother"}}, "NO_GROUND"),
        ({"subject": {"type": "person", "id": "rick@example.org"}}, "NO_GROUND"),
        ({"action": {"name": "read"}}, "NO_GROUND"),
        ({"action": {"name": "h1/unknown"}}, "SERVICE_NOT_OFFERED"),
        ({"context": {"at": "2019-01-01T00:00:00Z"}}, "PROVIDER_NOT_LIVE"),
        ({"context": {"at": "2021-01-01T00:00:00Z"}}, "PARENTAL_AUTHORITY"),
        ({"context": {"at": "2040-01-01T00:00:00Z"}}, "REPRESENTED_IS_ADULT"),
    ],
)
async def test_a_deny_is_an_answer_of_status_200(client: httpx.AsyncClient, changed: Any, reason: str) -> None:
    found = await posted(client, EVALUATION, {**ASKED, **changed})
    assert found["context"]["reason"] == reason
    assert found["decision"] is (reason == "PARENTAL_AUTHORITY")


async def test_an_employee_acts_through_the_organisation_in_its_properties(client: httpx.AsyncClient) -> None:
    clerk = {"type": "person", "id": "clerk", "properties": {"assurance": "SUBSTANTIAL", "organisation": "office"}}
    asked = {"subject": clerk, "action": {"name": "t1/return"}, "resource": {"type": "person", "id": "client"}}
    assert (await posted(client, EVALUATION, asked))["decision"] is True
    del clerk["properties"]
    assert (await posted(client, EVALUATION, asked))["decision"] is False


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({}, "subject"),
        ({**ASKED, "subject": "mother"}, "subject"),
        ({**ASKED, "subject": {"type": "person"}}, "subject"),
        ({**ASKED, "subject": {"type": "person", "id": 7}}, "subject.id"),
        ({**ASKED, "subject": {"type": "person", "id": ""}}, "subject.id"),
        ({**ASKED, "subject": {**MOTHER, "properties": []}}, "subject.properties"),
        ({**ASKED, "action": {}}, "action"),
        ({**ASKED, "resource": None}, "resource"),
        ({**ASKED, "context": "now"}, "context"),
        ({**ASKED, "context": {"at": "tomorrow"}}, "context.at"),
        ({**ASKED, "context": {"as_of": 3}}, "context.as_of"),
        ({**ASKED, "context": {"as_of": "elsewhere.1"}}, "token"),
        ({**ASKED, "subject": {**MOTHER, "properties": {"assurance": "SOME"}}}, "subject.properties.assurance"),
        ({**ASKED, "action": {**RECORD, "properties": {"act": "FLY"}}}, "action.properties.act"),
        ({**ASKED, "subject": {**MOTHER, "id": "bsn:123456789"}}, "subject.id"),
        ({**ASKED, "resource": {**MOTHER, "id": A_NUMBER}}, "resource.id"),
        ([ASKED], "object"),
        ("", "object"),
        (3, "object"),
    ],
)
async def test_what_is_malformed_is_refused_and_the_place_is_named(
    client: httpx.AsyncClient, body: Any, place: str
) -> None:
    response = await client.post(EVALUATION, json=body)
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["code"] == "BAD_REQUEST"
    assert place in error["message"]
    assert "123456789" not in response.text


async def test_transport(client: httpx.AsyncClient) -> None:
    for content in (b"", b"{", b"\xff", b"[" * 100_000):
        response = await client.post(EVALUATION, content=content, headers={"content-type": "application/json"})
        assert response.status_code == 400
    assert (await client.post(EVALUATION, content=b"{}", headers={"content-type": "text/plain"})).status_code == 400
    assert (await client.post(EVALUATION, content=b"{}")).status_code == 400
    large = await client.post(EVALUATION, json={**ASKED, "context": {"x": "y" * 3_000_000}})
    assert large.status_code == 400
    for method in ("GET", "PUT", "DELETE"):
        refused = await client.request(method, EVALUATION)
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    again = await client.post(
        EVALUATION, json=ASKED, headers={"content-type": "application/json; charset=utf-8", "x-request-id": "bfe9-1"}
    )
    assert again.headers["x-request-id"] == "bfe9-1"
    assert again.headers["content-type"].startswith("application/json")
    assert again.json() == (await client.post(EVALUATION, json={**ASKED, "unknown": [1]})).json()
    refused = await client.post(EVALUATION, json={}, headers={"x-request-id": "bfe9-2"})
    assert refused.headers["x-request-id"] == "bfe9-2"


async def test_metadata(client: httpx.AsyncClient) -> None:
    found = (await client.get("/.well-known/authzen-configuration")).json()
    assert found["policy_decision_point"] == "http://127.0.0.1:8000"
    assert found["access_evaluation_endpoint"] == "http://127.0.0.1:8000/access/v1/evaluation"
    for name, url in found.items():
        if name.endswith("_endpoint"):
            assert (await client.post(url, json={})).status_code == 400, name


# many


async def test_a_batch_takes_whole_entities_from_its_defaults_and_keeps_the_order(client: httpx.AsyncClient) -> None:
    body = {
        **ASKED,
        "evaluations": [
            {},
            {"subject": {"type": "person", "id": "mother"}},
            {"subject": STRANGER},
            {"resource": CHILD},
        ],
    }
    found = (await posted(client, EVALUATIONS, body))["evaluations"]
    assert [each["decision"] for each in found] == [True, False, False, True]
    assert found[1]["context"]["reason"] == "STEP_UP_REQUIRED", "properties are not merged"


async def test_a_bad_item_is_denied_and_spoils_no_other(client: httpx.AsyncClient) -> None:
    body = {"evaluations": [ASKED, {"subject": MOTHER}, {**ASKED, "context": {"at": "x"}}, ASKED]}
    found = (await posted(client, EVALUATIONS, body))["evaluations"]
    assert [each["decision"] for each in found] == [True, False, False, True]
    assert found[1]["context"]["error"]["status"] == 400
    assert "context.at" in found[2]["context"]["error"]["message"]


@pytest.mark.parametrize(
    ("semantic", "subjects", "decisions"),
    [
        ("execute_all", "MSMS", [True, False, True, False]),
        ("deny_on_first_deny", "MSMS", [True, False]),
        ("deny_on_first_deny", "MM", [True, True]),
        ("permit_on_first_permit", "SSMS", [False, False, True]),
        ("permit_on_first_permit", "SS", [False, False]),
    ],
)
async def test_semantics(client: httpx.AsyncClient, semantic: str, subjects: str, decisions: list[bool]) -> None:
    items = [{"subject": MOTHER if letter == "M" else STRANGER} for letter in subjects]
    body = {**ASKED, "evaluations": items, "options": {"evaluations_semantic": semantic, "other": 1}}
    found = (await posted(client, EVALUATIONS, body))["evaluations"]
    assert [each["decision"] for each in found] == decisions


async def test_no_evaluations_is_one_question(client: httpx.AsyncClient) -> None:
    one = await posted(client, EVALUATION, ASKED)
    assert await posted(client, EVALUATIONS, ASKED) == one
    assert await posted(client, EVALUATIONS, {**ASKED, "evaluations": []}) == one


@pytest.mark.parametrize(
    "body",
    [
        {"evaluations": "all"},
        {"evaluations": [3]},
        {**ASKED, "evaluations": [{}], "options": {"evaluations_semantic": "some"}},
        {**ASKED, "evaluations": [{}] * 1_001},
        {},
    ],
)
async def test_a_malformed_batch(client: httpx.AsyncClient, body: Any) -> None:
    assert (await client.post(EVALUATIONS, json=body)).status_code == 400


# searches


async def everything(client: httpx.AsyncClient, kind: str, body: dict[str, Any], limit: int) -> list[Any]:
    """All pages."""
    found, token = [], ""
    while True:
        page = {"limit": limit} | ({"token": token} if token else {})
        answer = await posted(client, f"{SEARCH}/{kind}", {**body, "page": page})
        assert answer["page"]["count"] == len(answer["results"]) <= limit
        found += answer["results"]
        token = answer["page"]["next_token"]
        if not token:
            return found


@pytest.mark.parametrize("limit", [1, 2, 50])
async def test_searches(client: httpx.AsyncClient, limit: int) -> None:
    assured = {"type": "person", "properties": {"assurance": "SUBSTANTIAL"}}
    subjects = {"subject": assured, "action": RECORD, "resource": CHILD}
    assert await everything(client, "subject", subjects, limit) == [
        {"type": "person", "id": "father"},
        {"type": "person", "id": "mother"},
    ]
    clients = {**subjects, "action": {"name": "t1/return"}, "resource": {"type": "person", "id": "client"}}
    assert await everything(client, "subject", clients, limit) == [
        {"type": "person", "id": each, "properties": {"organisation": "office"}} for each in ("clerk", "temp")
    ]
    resources = {"subject": MOTHER, "action": RECORD, "resource": {"type": "person", "id": "ignored"}}
    assert await everything(client, "resource", resources, limit) == [
        {"type": "person", "id": "child"},
        {"type": "person", "id": "father"},
    ]
    actions = {"subject": MOTHER, "resource": CHILD}
    assert await everything(client, "action", actions, limit) == [{"name": "h1/record"}, {"name": "t1/return"}]
    assert await everything(client, "action", {**actions, "context": {"provider": "t1"}}, limit) == [
        {"name": "t1/return"}
    ]


async def test_a_search_among_unknown_things_finds_nothing(client: httpx.AsyncClient) -> None:
    known = {"subject": MOTHER, "action": RECORD, "resource": CHILD}
    for kind, changed in (
        ("subject", {"resource": {"type": "person", "id": "nobody"}}),
        ("subject", {"subject": {"type": "robot"}}),
        ("resource", {"resource": {"type": "document"}}),
        ("resource", {"subject": {"type": "person", "id": "nobody"}}),
        ("resource", {"action": {"name": "read"}}),
        ("action", {"resource": {"type": "person", "id": "nobody"}}),
        ("action", {"context": {"provider": "nobody"}}),
    ):
        answer = await posted(client, f"{SEARCH}/{kind}", {**known, **changed})
        assert answer["results"] == []


async def test_a_token_serves_the_very_same_search_only(client: httpx.AsyncClient) -> None:
    resources = {"subject": MOTHER, "action": RECORD, "resource": {"type": "person"}}
    first = await posted(client, f"{SEARCH}/resource", {**resources, "page": {"limit": 1}})
    token = first["page"]["next_token"]
    other = {**resources, "subject": {**MOTHER, "id": "father"}, "page": {"token": token}}
    for body in (other, {**resources, "page": {"token": "x"}}, {**resources, "page": {"limit": 0}}):
        assert (await client.post(f"{SEARCH}/resource", json=body)).status_code == 400
    assert (await client.post(f"{SEARCH}/action", json={**ASKED, "page": {"token": token}})).status_code == 400


# against GraphQL

QUERY = """query($q: Question!) { decision(question: $q) {
  outcome reason requiredConsents stepUp validUntil asOf reasons { code } } }"""


async def test_the_same_answers_as_graphql(client: httpx.AsyncClient, ledger: EmbeddedGraph) -> None:
    joint = {
        "fact": "service",
        "id": "h1/treatment",
        "provider": "h1",
        "domain": "CARE_DECISION",
        "minimum_assurance": "LOW",
    }
    await fill(ledger, [joint])
    people = ("mother", "father", "child", "client", "clerk", "nobody")
    seen = set()
    for representative in people:
        for represented in people:
            for service in ("h1/record", "h1/treatment", "t1/return", "t1/none"):
                for more in ({}, {"organisation": "office"}, {"claim": "GUARDIANSHIP"}):
                    question = {
                        "representative": representative,
                        "represented": represented,
                        "provider": service.partition("/")[0],
                        "service": service,
                        "assurance": "SUBSTANTIAL",
                        **more,
                    }
                    expected = (await ask(client, QUERY, {"q": question}))["decision"]
                    found = await posted(client, EVALUATION, as_evaluation(question))
                    context = found["context"]
                    seen.add(context["outcome"])
                    assert found["decision"] is (expected["outcome"] == "PERMIT")
                    assert context["reasons"] == [each["code"] for each in expected.pop("reasons")]
                    assert {
                        "outcome": context["outcome"],
                        "reason": context["reason"],
                        "requiredConsents": context["required_consents"],
                        "stepUp": context["step_up"],
                        "validUntil": context["valid_until"],
                        "asOf": context["as_of"],
                    } == expected
    assert seen == {"PERMIT", "DENY", "CONSENT_REQUIRED", "INDETERMINATE"}


def as_evaluation(question: dict[str, Any]) -> dict[str, Any]:
    asked = copy.deepcopy(ASKED)
    asked["subject"]["id"] = question["representative"]
    asked["subject"]["properties"] |= {name: question[name] for name in ("organisation",) if name in question}
    asked["resource"]["id"] = question["represented"]
    asked["action"] = {"name": question["service"], "properties": {k: question[k] for k in ("claim",) if k in question}}
    return asked


async def test_a_token_that_is_not_reached_is_no_yes(client: httpx.AsyncClient, ledger: EmbeddedGraph) -> None:
    head = await ledger.head()
    ahead = f"{head.ledger}.{head.position + 5}"
    found = await posted(client, EVALUATION, {**ASKED, "context": {"at_least": ahead}})
    assert (found["decision"], found["context"]["reason"]) == (False, "LEDGER_BEHIND")
    search = {**ASKED, "context": {"at_least": ahead}}
    assert (await client.post(f"{SEARCH}/subject", json=search)).status_code == 503


async def test_a_withdrawn_ground_is_honoured_at_once(client: httpx.AsyncClient, ledger: EmbeddedGraph) -> None:
    end = {
        "fact": "authority",
        "id": "a1",
        "kind": "PARENTAL_JOINT",
        "representative": "mother",
        "represented": "child",
    }
    fact, _ = fact_of({**end, "status": "WITHDRAWN"}, recorded_at=NOW)
    await ledger.append([fact])
    assert (await posted(client, EVALUATION, ASKED))["context"]["reason"] == "WITHDRAWN"
