"""The OpenID Foundation's scenarios for an AuthZEN 1.0 decision point, one case for each of its modules.

Names are those of `net.openid.conformance.authzen` (conformance-suite, August 2026) without `authzen-pdp-`. Its people
and records are not ours: alice is the mother, bob the father without a strong login, record-1 the child and record-2
the father, read and write are services. What its own policy decides by made-up properties is left out, and named.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from tests import tokens
from tests.resolvers.small import fill
from tests.server.asking import in_process

EVALUATION, EVALUATIONS, SEARCH = "/access/v1/evaluation", "/access/v1/evaluations", "/access/v1/search"
ALICE: dict[str, Any] = {"type": "person", "id": "mother", "properties": {"assurance": "SUBSTANTIAL"}}
BOB = {"type": "person", "id": "father", "properties": {"assurance": "BASIC"}}
RECORD_1, RECORD_2 = {"type": "person", "id": "child"}, {"type": "person", "id": "father"}
READ, WRITE = {"name": "h1/record"}, {"name": "h1/correct"}
CONTEXT = {"time": "2025-06-27T18:03-07:00", "ip": "192.168.1.1"}
MORE = {"foo": "bar", "futureField": {"nested": True}}
UNKNOWN = {"customAttr": "ignored", "anotherUnknown": [1, {"k": "v"}]}

ONE: dict[str, Any] = {"subject": ALICE, "action": READ, "resource": RECORD_1}
SUBJECTS: dict[str, Any] = {**ONE, "subject": {"type": "person", "properties": ALICE["properties"]}}
RESOURCES: dict[str, Any] = {**ONE, "resource": {"type": "person"}}
ACTIONS: dict[str, Any] = {"subject": ALICE, "resource": RECORD_1}
BATCH: dict[str, Any] = {"subject": BOB, "resource": RECORD_1, "evaluations": [{"action": READ}, {"action": WRITE}]}
DECIDED_BY_ITS_OWN_PROPERTIES = {
    "evaluation-fixture-request-deny-based-on-action-properties",
    "evaluation-fixture-request-deny-based-on-properties",
    "evaluation-fixture-request-permit-based-on-action-properties",
    "evaluation-fixture-request-permit-based-on-subject-properties",
    "evaluations-batch-with-properties-validated",
    "evaluations-batch-with-subject-properties-validated",
}
AGAINST_THE_SPECIFICATION = {"evaluations-batch-with-default-value-merging"}
"""It merges within an entity; the specification and the certification scenario (3.3) replace it whole."""


@pytest.fixture
async def client(ledger: EmbeddedGraph) -> AsyncIterator[httpx.AsyncClient]:
    """Our people, with one service more that asks little of the login, and one that asks much."""
    service = {"fact": "service", "provider": "h1", "domain": "CARE_RECORD"}
    await fill(
        ledger,
        [
            {**service, "id": "h1/look", "minimum_assurance": "BASIC"},
            {**service, "id": "h1/correct", "minimum_assurance": "SUBSTANTIAL"},
        ],
    )
    async with in_process(ledger) as made:
        yield made


Check = Callable[[httpx.Response], None]


def decides(expected: bool) -> Check:
    def check(response: httpx.Response) -> None:
        assert response.status_code == 200
        assert response.json()["decision"] is expected
        assert "evaluations" not in response.json()

    return check


def decide(*expected: bool) -> Check:
    def check(response: httpx.Response) -> None:
        assert response.status_code == 200
        assert [each["decision"] for each in response.json()["evaluations"]] == list(expected)
        assert "decision" not in response.json()

    return check


def finds(*names: str) -> Check:
    def check(response: httpx.Response) -> None:
        assert response.status_code == 200
        found = {each.get("id", each.get("name")) for each in response.json()["results"]}
        assert found >= set(names)
        assert bool(found) == bool(names)

    return check


def refused(*statuses: int) -> Check:
    def check(response: httpx.Response) -> None:
        assert response.status_code in (statuses or (400,))
        assert "decision" not in response.text or response.json().get("decision") is None

    return check


def without(body: dict[str, Any], key: str, inside: str = "") -> dict[str, Any]:
    """The body without this key, or without one inside of it."""
    if not inside:
        return {name: value for name, value in body.items() if name != key}
    return {**body, key: {name: value for name, value in body[key].items() if name != inside}}


LOOK = {"name": "h1/look"}
CASES: dict[str, tuple[str, Any, Check]] = {
    # one decision
    "evaluation-fixture-request-permit-decision": (EVALUATION, ONE, decides(True)),
    "evaluation-fixture-request-deny-decision": (EVALUATION, {**ONE, "subject": BOB, "action": WRITE}, decides(False)),
    "evaluation-request-with-optional-context": (EVALUATION, {**ONE, "context": CONTEXT}, decides(True)),
    "evaluation-request-with-additional-properties": (
        EVALUATION,
        {
            "subject": {**ALICE, "properties": {**ALICE["properties"], "department": "Sales", "role": "manager"}},
            "action": {**READ, "properties": {"method": "GET"}},
            "resource": {**RECORD_1, "properties": {"status": "active", "owner": "bob"}},
        },
        decides(True),
    ),
    "evaluation-unknown-top-level-fields-ignored": (EVALUATION, {**ONE, **MORE}, decides(True)),
    "evaluation-unknown-subject-fields-ignored": (EVALUATION, {**ONE, "subject": {**ALICE, **UNKNOWN}}, decides(True)),
    "evaluation-unknown-action-fields-ignored": (EVALUATION, {**ONE, "action": {**READ, **UNKNOWN}}, decides(True)),
    "evaluation-unknown-resource-fields-ignored": (
        EVALUATION,
        {**ONE, "resource": {**RECORD_1, **UNKNOWN}},
        decides(True),
    ),
    "evaluation-action-missing-name": (EVALUATION, {**ONE, "action": {}}, refused()),
    "evaluation-action-name-is-number": (EVALUATION, {**ONE, "action": {"name": 123}}, refused()),
    "evaluation-subject-is-string": (EVALUATION, {**ONE, "subject": "alice"}, refused()),
    # many
    "evaluations-batch-request-with-evaluations-array": (
        EVALUATIONS,
        {"subject": ALICE, "action": READ, "evaluations": [{"resource": RECORD_1}, {"resource": RECORD_2}]},
        decide(True, True),
    ),
    "evaluations-batch-with-context-inheritance": (
        EVALUATIONS,
        {
            "subject": ALICE,
            "action": READ,
            "context": CONTEXT,
            "evaluations": [{"resource": RECORD_1}, {"resource": RECORD_2, "context": {**CONTEXT, "source": "x"}}],
        },
        decide(True, True),
    ),
    "evaluations-batch-with-fixture-decisions-validated": (
        EVALUATIONS,
        {**BATCH, "evaluations": [{"action": LOOK}, {"action": WRITE}]},
        decide(True, False),
    ),
    "evaluations-batch-with-fully-specified-evaluations": (
        EVALUATIONS,
        {"evaluations": [ONE, {"subject": BOB, "action": WRITE, "resource": RECORD_1}]},
        decide(True, False),
    ),
    "evaluations-default-semantic-is-execute-all": (
        EVALUATIONS,
        {**BATCH, "evaluations": [{"action": WRITE}, {"action": LOOK}]},
        decide(False, True),
    ),
    "evaluations-execute-all-explicit": (
        EVALUATIONS,
        {
            **BATCH,
            "evaluations": [{"action": WRITE}, {"action": LOOK}],
            "options": {"evaluations_semantic": "execute_all"},
        },
        decide(False, True),
    ),
    "evaluations-deny-on-first-deny": (
        EVALUATIONS,
        {
            **BATCH,
            "evaluations": [{"action": LOOK}, {"action": WRITE}, {"action": LOOK}],
            "options": {"evaluations_semantic": "deny_on_first_deny"},
        },
        decide(True, False),
    ),
    "evaluations-permit-on-first-permit": (
        EVALUATIONS,
        {
            **BATCH,
            "evaluations": [{"action": WRITE}, {"action": LOOK}, {"action": WRITE}],
            "options": {"evaluations_semantic": "permit_on_first_permit"},
        },
        decide(False, True),
    ),
    "evaluations-unknown-semantic-value": (
        EVALUATIONS,
        {**BATCH, "options": {"evaluations_semantic": "bogus_value"}},
        refused(),
    ),
    "evaluations-empty-evaluations-array-backward-compat": (EVALUATIONS, {**ONE, "evaluations": []}, decides(True)),
    "evaluations-missing-evaluations-array-backward-compat": (EVALUATIONS, ONE, decides(True)),
    "evaluations-evaluation-level-errors": (
        EVALUATIONS,
        {"subject": ALICE, "action": READ, "evaluations": [{"resource": RECORD_1}, {}]},
        decide(True, False),
    ),
    "evaluations-missing-subject-returns-decision-false": (
        EVALUATIONS,
        {"action": READ, "evaluations": [{"resource": RECORD_1}]},
        decide(False),
    ),
    "evaluations-per-eval-overrides-default": (
        EVALUATIONS,
        {"subject": BOB, "action": WRITE, "resource": RECORD_1, "evaluations": [{"action": LOOK}, {}]},
        decide(True, False),
    ),
    "evaluations-unknown-top-level-fields-ignored": (
        EVALUATIONS,
        {**BATCH, "evaluations": [{"action": LOOK}, {"action": WRITE}], **MORE},
        decide(True, False),
    ),
    # who may
    "subject-search-valid-subject-search-request-with-non-empty-results": (
        f"{SEARCH}/subject",
        SUBJECTS,
        finds("mother", "father"),
    ),
    "subject-search-subject-search-with-subject-id-omitted": (f"{SEARCH}/subject", SUBJECTS, finds("mother", "father")),
    "subject-search-extra-subject-id-ignored": (
        f"{SEARCH}/subject",
        {**SUBJECTS, "subject": {**SUBJECTS["subject"], "id": "mother"}},
        finds("mother", "father"),
    ),
    "subject-search-subject-search-with-context": (
        f"{SEARCH}/subject",
        {**SUBJECTS, "context": CONTEXT},
        finds("mother", "father"),
    ),
    "subject-search-subject-search-with-resource-properties": (
        f"{SEARCH}/subject",
        {**SUBJECTS, "resource": {**RECORD_1, "properties": {"status": "archived"}}},
        finds("mother", "father"),
    ),
    "subject-search-unknown-entity-type": (
        f"{SEARCH}/subject",
        {**SUBJECTS, "subject": {"type": "spaceship"}},
        finds(),
    ),
    "subject-search-unknown-page-fields-ignored": (
        f"{SEARCH}/subject",
        {**SUBJECTS, "page": {"limit": 10, **UNKNOWN}},
        finds("mother", "father"),
    ),
    "subject-search-unknown-top-level-fields-ignored": (
        f"{SEARCH}/subject",
        {**SUBJECTS, **MORE},
        finds("mother", "father"),
    ),
    "subject-search-action-is-string": (f"{SEARCH}/subject", {**SUBJECTS, "action": "read"}, refused()),
    "subject-search-action-missing-name": (f"{SEARCH}/subject", {**SUBJECTS, "action": {}}, refused()),
    # for whom
    "resource-search-valid-resource-search-request-with-non-empty-results": (
        f"{SEARCH}/resource",
        RESOURCES,
        finds("child", "father"),
    ),
    "resource-search-resource-search-with-resource-id-omitted": (
        f"{SEARCH}/resource",
        RESOURCES,
        finds("child", "father"),
    ),
    "resource-search-extra-resource-id-ignored": (
        f"{SEARCH}/resource",
        {**RESOURCES, "resource": RECORD_1},
        finds("child", "father"),
    ),
    "resource-search-resource-search-with-subject-properties": (
        f"{SEARCH}/resource",
        {**RESOURCES, "subject": {**ALICE, "properties": {**ALICE["properties"], "role": "admin"}}},
        finds("child", "father"),
    ),
    "resource-search-unknown-top-level-fields-ignored": (
        f"{SEARCH}/resource",
        {**RESOURCES, **MORE},
        finds("child", "father"),
    ),
    "resource-search-action-missing-name": (f"{SEARCH}/resource", {**RESOURCES, "action": {}}, refused()),
    # what
    "action-search-valid-action-search-request-with-non-empty-results": (
        f"{SEARCH}/action",
        ACTIONS,
        finds("h1/record", "h1/correct"),
    ),
    "action-search-action-search-with-context": (
        f"{SEARCH}/action",
        {**ACTIONS, "context": CONTEXT},
        finds("h1/record", "h1/correct"),
    ),
    "action-search-action-search-with-properties": (
        f"{SEARCH}/action",
        {**ACTIONS, "resource": {**RECORD_1, "properties": {"status": "archived"}}},
        finds("h1/record"),
    ),
    "action-search-extra-action-ignored": (
        f"{SEARCH}/action",
        {**ACTIONS, "action": READ},
        finds("h1/record", "h1/correct"),
    ),
    "action-search-unknown-entity-identifier": (
        f"{SEARCH}/action",
        {**ACTIONS, "subject": {"type": "person", "id": "nonexistent-user"}},
        finds(),
    ),
    "action-search-unknown-top-level-fields-ignored": (f"{SEARCH}/action", {**ACTIONS, **MORE}, finds("h1/record")),
    "action-search-subject-is-string": (f"{SEARCH}/action", {**ACTIONS, "subject": "alice"}, refused()),
}
LACKING = {
    "evaluation": (EVALUATION, ONE, ("subject", "action", "resource")),
    "subject-search": (f"{SEARCH}/subject", SUBJECTS, ("action", "resource")),
    "resource-search": (f"{SEARCH}/resource", RESOURCES, ("subject", "action", "resource")),
    "action-search": (f"{SEARCH}/action", ACTIONS, ("subject", "resource")),
}
CASES |= {
    f"{kind}-missing-{key}": (path, without(body, key), refused())
    for kind, (path, body, keys) in LACKING.items()
    for key in keys
}
INSIDE = {
    "evaluation": ("subject-missing-id", "subject-missing-type", "resource-missing-id", "resource-missing-type"),
    "subject-search": ("subject-missing-type", "resource-missing-id", "resource-missing-type"),
    "resource-search": ("subject-missing-id", "resource-missing-type"),
    "action-search": ("subject-missing-id", "subject-missing-type", "resource-missing-id", "resource-missing-type"),
}
CASES |= {
    f"{kind}-{lack}": (LACKING[kind][0], without(LACKING[kind][1], *lack.split("-missing-")), refused())
    for kind, lacks in INSIDE.items()
    for lack in lacks
}


@pytest.mark.parametrize("name", CASES)
async def test_scenario(client: httpx.AsyncClient, name: str) -> None:
    path, body, check = CASES[name]
    check(await client.post(path, json=body))


ENDPOINTS = {
    "evaluation": (EVALUATION, ONE),
    "evaluations": (EVALUATIONS, {**ONE, "evaluations": [{}, {"resource": RECORD_2}]}),
    "subject-search": (f"{SEARCH}/subject", SUBJECTS),
    "resource-search": (f"{SEARCH}/resource", RESOURCES),
    "action-search": (f"{SEARCH}/action", ACTIONS),
}
TRANSPORT = (
    "accept-content-type-with-charset",
    "idempotency",
    "reject-empty-body",
    "reject-get-method",
    "reject-malformed-json",
    "reject-non-json-content-type",
    "reject-put-method",
    "reject-top-level-array",
    "x-request-id-echoed",
)


@pytest.mark.parametrize("kind", ENDPOINTS)
@pytest.mark.parametrize("case", TRANSPORT)
async def test_transport(client: httpx.AsyncClient, kind: str, case: str) -> None:
    path, body = ENDPOINTS[kind]
    json_type = {"content-type": "application/json"}
    match case:
        case "accept-content-type-with-charset":
            headers = {"content-type": "application/json; charset=utf-8"}
            assert (await client.post(path, json=body, headers=headers)).status_code == 200
        case "idempotency":
            answers = [(await client.post(path, json=body)).json() for _ in range(3)]
            assert answers[0] == answers[1] == answers[2]
        case "reject-empty-body":
            refused()(await client.post(path, content=b"", headers=json_type))
        case "reject-malformed-json":
            refused()(await client.post(path, content=b'{"subject": ', headers=json_type))
        case "reject-top-level-array":
            refused()(await client.post(path, json=[body]))
        case "reject-non-json-content-type":
            refused(400, 415)(await client.post(path, content=b"{}", headers={"content-type": "text/plain"}))
        case "reject-get-method" | "reject-put-method":
            method = case.split("-")[1].upper()
            assert (await client.request(method, path, json=body)).status_code == 405
        case "x-request-id-echoed":
            response = await client.post(path, json=body, headers={"x-request-id": "bfe9eb29-ab87"})
            assert (response.status_code, response.headers["x-request-id"]) == (200, "bfe9eb29-ab87")
        case _:
            raise AssertionError(case)


CREDENTIALS: dict[str, dict[str, str]] = {
    "evaluation-missing-credentials-returns-401": {},
    "evaluation-invalid-credentials-returns-401": {"authorization": f"{tokens.header('EXPLORER')['authorization']}x"},
}


@pytest.mark.parametrize("name", CREDENTIALS)
async def test_credentials(client: httpx.AsyncClient, name: str) -> None:
    response = await client.post(EVALUATION, json=ONE, headers=CREDENTIALS[name], auth=httpx.Auth())
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    assert "decision" not in response.json()


async def test_page_limit(client: httpx.AsyncClient) -> None:
    found: list[str] = []
    page: dict[str, Any] = {"limit": 1}
    while True:
        answer = (await client.post(f"{SEARCH}/subject", json={**SUBJECTS, "page": page})).json()
        assert next(iter(answer)) == "page"
        found += [each["id"] for each in answer["results"]]
        if not answer["page"]["next_token"]:
            break
        page = {"limit": 1, "token": answer["page"]["next_token"]}
    assert sorted(found) == ["father", "mother"]


def test_every_module_has_its_case() -> None:
    ours = {*CASES, *CREDENTIALS, *(f"{kind}-{case}" for kind in ENDPOINTS for case in TRANSPORT)}
    ours.add("subject-search-request-with-page-limit")
    left = DECIDED_BY_ITS_OWN_PROPERTIES | AGAINST_THE_SPECIFICATION
    assert not ours & left
    counts = {kind: sum(name.startswith(f"{kind}-") for name in ours | left) for kind in ENDPOINTS}
    assert counts == {
        "evaluation": 33,
        "evaluations": 27,
        "subject-search": 25,
        "resource-search": 20,
        "action-search": 22,
    }
