"""Who may ask what, asked of a real application with real people: each role's own, and what a stranger gets."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from graph.embedded import EmbeddedGraph
from resolvers.nodes import node_id
from server import beat
from tests.resolvers.small import QUESTION
from tests.tokens import NO_TOKEN, header

DECISION = "query($q: Question!) { decision(question: $q) { outcome reason grounds { id kind } } }"
ENTITIES = "query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Node { id } } }"
LIST = """query($p: ID!, $at: ID!) {
  representedBy(representative: $p, provider: $at, service: "record", assurance: SUBSTANTIAL) {
    nodes { person { id } } }
}"""
WHO = """query($p: ID!, $at: ID!) {
  representativesOf(represented: $p, provider: $at, service: "record", assurance: SUBSTANTIAL) {
    nodes { person { id } } }
}"""
NODE = "query($id: ID!) { node(id: $id) { id } }"


class Asker:
    """Somebody with a token."""

    def __init__(self, client: httpx.AsyncClient, role: str, **said: Any) -> None:
        self._client, self._headers = client, header(role, **said)

    async def said(self, query: str, **variables: Any) -> dict[str, Any]:
        body = {"query": query, "variables": variables}
        response = await self._client.post("/graphql", json=body, headers=self._headers, auth=NO_TOKEN)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    async def data(self, query: str, **variables: Any) -> Any:
        answer = await self.said(query, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def forbidden(self, query: str, **variables: Any) -> list[Any]:
        """The path of the one error."""
        answer = await self.said(query, **variables)
        (error,) = answer["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN", answer
        path: list[Any] = error["path"]
        return path

    async def authzen(self, path: str, body: dict[str, Any]) -> httpx.Response:
        return await self._client.post(f"/access/v1/{path}", json=body, headers=self._headers, auth=NO_TOKEN)


def question(representative: str, represented: str, provider: str = "h1", service: str = "record") -> dict[str, Any]:
    return {
        **QUESTION,
        "representative": representative,
        "represented": represented,
        "provider": provider,
        "service": service,
    }


@pytest.fixture
def citizen(client: httpx.AsyncClient) -> Asker:
    return Asker(client, "CITIZEN", sub="mother", acr="substantial")


@pytest.fixture
def hospital(client: httpx.AsyncClient) -> Asker:
    return Asker(client, "PROVIDER", party="h1")


# a citizen


async def test_a_citizen_asks_about_themselves_on_either_side(citizen: Asker) -> None:
    for represented in ("child", "father", "mother"):
        decision = (await citizen.data(DECISION, q=question("mother", represented)))["decision"]
        assert decision["outcome"] == "PERMIT"
    assert (await citizen.data(DECISION, q=question("father", "mother")))["decision"]["reason"] == "NO_GROUND"
    assert [
        each["person"]["id"] for each in (await citizen.data(LIST, p="mother", at="h1"))["representedBy"]["nodes"]
    ] == [
        "child",
        "father",
    ]
    assert (await citizen.data(WHO, p="mother", at="h1"))["representativesOf"]["nodes"] == []


@pytest.mark.parametrize("represented", ["child", "client", "nobody-here"])
async def test_a_citizen_asking_about_strangers(citizen: Asker, represented: str) -> None:
    assert await citizen.forbidden(DECISION, q=question("father", represented)) == ["decision"]
    assert await citizen.forbidden(WHO, p=represented, at="h1") == ["representativesOf"]
    assert await citizen.forbidden(LIST, p=represented, at="h1") == ["representedBy"]
    one_of_many = [question("mother", "child"), question("father", represented)]
    many = "query($q: [Question!]!) { decisions(questions: $q) { outcome } }"
    assert await citizen.forbidden(many, q=one_of_many) == ["decisions"]


async def test_a_citizens_level_is_that_of_their_login(citizen: Asker) -> None:
    assert await citizen.forbidden(DECISION, q=question("mother", "child") | {"assurance": "HIGH"}) == ["decision"]
    assert await citizen.data(DECISION, q=question("mother", "child") | {"assurance": "LOW"})


async def test_a_node_id_is_the_same_person(citizen: Asker) -> None:
    mother, father = node_id("Person", "mother"), node_id("Person", "father")
    assert (await citizen.data(DECISION, q=question(mother, "child")))["decision"]["outcome"] == "PERMIT"
    assert await citizen.forbidden(DECISION, q=question(father, "child")) == ["decision"]
    assert await citizen.forbidden(DECISION, q=question(node_id("Provider", "mother"), "child")) == ["decision"]


async def test_a_citizen_sees_only_themselves(citizen: Asker) -> None:
    person = "query($id: ID!) { person(id: $id) { id born } }"
    assert (await citizen.data(person, id="mother"))["person"] == {"id": "mother", "born": "1985-03-01"}
    for stranger in ("child", "client", "nobody-here"):
        assert await citizen.forbidden(person, id=stranger) == ["person"]
        assert await citizen.forbidden("query($id: ID!) { node(id: $id) { id } }", id=node_id("Person", stranger)) == [
            "node"
        ]
    # whom they may act for, by name, but not when that person was born
    listed = LIST.replace("person { id }", "person { name %s }")
    assert (await citizen.data(listed % "", p="mother", at="h1"))["representedBy"]["nodes"][0] == {
        "person": {"name": "Noor"}
    }
    answer = await citizen.said(listed % "born", p="mother", at="h1")
    assert answer["data"]["representedBy"]["nodes"][0] == {"person": {"name": "Noor", "born": None}}
    assert answer["errors"][0]["path"] == ["representedBy", "nodes", 0, "person", "born"]


async def test_a_citizens_authorities_and_another_persons_look_like_unknown_ones(citizen: Asker) -> None:
    one = "query($id: ID!) { authority(id: $id) { id kind represented { id } } history(authority: $id) { holds } }"
    assert (await citizen.data(one, id="m1"))["authority"]["kind"] == "VOLUNTARY_MANDATE"
    assert len((await citizen.data(one, id="m1"))["history"]) == 1
    strangers, unknown = await citizen.said(one, id="b1"), await citizen.said(one, id="nothing")
    assert strangers == unknown == {"data": {"authority": None, "history": []}}
    by_node = "query($id: ID!) { node(id: $id) { id } }"
    assert (await citizen.data(by_node, id=node_id("Authority", "m1")))["node"] == {"id": "m1"}
    for name in ("b1", "nothing"):
        assert await citizen.said(by_node, id=node_id("Authority", name)) == {"data": {"node": None}}


async def test_entities_are_guarded_one_by_one(citizen: Asker) -> None:
    asked = [
        {"__typename": "Person", "id": "mother"},
        {"__typename": "Person", "id": "father"},
        {"__typename": "Authority", "id": "m1"},
        {"__typename": "Authority", "id": "b1"},
        {"__typename": "Provider", "id": "h1"},
        {"__typename": "Represented", "id": "x"},
        {"__typename": "Person"},
    ]
    answer = await citizen.said(ENTITIES, r=asked)
    found = [None if each is None else each["id"] for each in answer["data"]["_entities"]]
    assert found == ["mother", None, "m1", None, "h1", None, None]
    assert [error["path"] for error in answer["errors"]] == [["_entities", place] for place in (1, 5, 6)]
    assert {error["extensions"]["code"] for error in answer["errors"]} == {"FORBIDDEN"}


async def test_what_is_forbidden_spoils_nothing_else(citizen: Asker) -> None:
    both = 'mine: person(id: "mother") { id } theirs: person(id: "father") { id }'
    answer = await citizen.said(f"{{ {both} }}")
    assert answer["data"] == {"mine": {"id": "mother"}, "theirs": None}
    # `connectors` may not be null, nor may what holds it
    assert (await citizen.said(f"{{ {both} registers {{ connectors {{ name }} }} }}"))["data"] is None


# a provider


async def test_a_provider_asks_about_its_own_services(hospital: Asker) -> None:
    decision = (await hospital.data(DECISION, q=question("mother", "child")))["decision"]
    assert (decision["outcome"], decision["reason"]) == ("PERMIT", "PARENTAL_AUTHORITY")
    assert decision["grounds"] == [{"id": "a1", "kind": "PARENTAL_JOINT"}]
    assert len((await hospital.data(LIST, p="mother", at="h1"))["representedBy"]["nodes"]) == 2


async def test_a_provider_lists_nothing_elsewhere(hospital: Asker) -> None:
    assert await hospital.forbidden(DECISION, q=question("mother", "child", "t1", "return")) == ["decision"]
    assert await hospital.forbidden(LIST, p="mother", at="t1") == ["representedBy"]
    assert await hospital.forbidden(WHO, p="child", at="t1") == ["representativesOf"]
    for query, field in (
        ('{ person(id: "mother") { id } }', "person"),
        ('{ authority(id: "m1") { id } }', "authority"),
        ('{ history(authority: "m1") { asOf } }', "history"),
        ("{ myMandates(side: GIVEN) { nodes { id } } }", "myMandates"),
        ('{ search(text: "m") { complete } }', "search"),
    ):
        answer = await hospital.said(query)
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN", query
        assert not (answer.get("data") or {}).get(field)


async def test_another_providers_service_under_ones_own_name(hospital: Asker) -> None:
    decision = (await hospital.data(DECISION, q=question("mother", "child", "h1", "t1/return")))["decision"]
    assert (decision["outcome"], decision["reason"]) == ("DENY", "SERVICE_NOT_OFFERED")


async def test_a_provider_does_not_see_what_a_mandate_covers_elsewhere(hospital: Asker) -> None:
    query = "query($q: Question!) { decision(question: $q) { grounds { id validFrom represented { id } %s } } }"
    asked = question("mother", "father")
    assert (await hospital.data(query % "", q=asked))["decision"]["grounds"][0]["id"] == "m1"
    for field in ("services", "providers", "domains", "goods", "ground", "recordedAt", "candidates { id }"):
        assert (await hospital.forbidden(query % field, q=asked))[:3] == ["decision", "grounds", 0]
    for field in ("born", "died"):
        path = await hospital.forbidden(query % f"representative {{ ... on Person {{ {field} }} }}", q=asked)
        assert path[-1] == field


async def test_a_mandate_for_another_provider_is_none_of_its_business(client: httpx.AsyncClient) -> None:
    tax, explorer = Asker(client, "PROVIDER", party="t1"), Asker(client, "EXPLORER", purpose="melding 1")
    asked = question("mother", "father", "t1", "return")
    seen = (await tax.data(DECISION, q=asked))["decision"]
    assert seen == {"outcome": "DENY", "reason": "NOT_IN_SCOPE", "grounds": []}
    assert (await explorer.data(DECISION, q=asked))["decision"]["grounds"][0]["id"] == "m1"


# confusion


@pytest.mark.parametrize(
    ("role", "said"),
    [
        ("PROVIDER", {"party": "t1", "sub": "mother"}),  # of another provider, whoever logged in
        ("CITIZEN", {"sub": "father", "party": "h1"}),  # a citizen who says to be a provider
        ("COUNTER", {"party": "h1", "sub": "mother"}),
        ("REGISTER", {"party": "h1", "sub": "mother"}),
        ("OPERATOR", {"party": "h1", "sub": "mother"}),
        ("AUDITOR", {"party": "h1", "sub": "mother"}),
        ("EXPLORER", {"party": "h1", "sub": "mother", "purpose": None}),
    ],
)
async def test_a_party_or_a_subject_helps_no_other_role(
    client: httpx.AsyncClient, role: str, said: dict[str, Any]
) -> None:
    asker = Asker(client, role, **said)
    assert await asker.forbidden(DECISION, q=question("mother", "child")) == ["decision"]
    body = evaluation("mother", "child")
    assert (await asker.authzen("evaluation", body)).status_code == 403


async def test_a_purpose_can_be_stated_for_each_request(client: httpx.AsyncClient) -> None:
    headers = header("EXPLORER", purpose=None) | {"machtigen-purpose": "ticket 4711"}
    body = {"query": DECISION, "variables": {"q": question("mother", "child")}}
    for said, forbidden in ((headers, False), (header("EXPLORER", purpose=None), True)):
        answer = (await client.post("/graphql", json=body, headers=said, auth=NO_TOKEN)).json()
        assert ("errors" in answer) == forbidden


async def test_an_auditor_replays_and_does_not_ask(client: httpx.AsyncClient, ledger: EmbeddedGraph) -> None:
    auditor, head = Asker(client, "AUDITOR"), str(await ledger.head())
    replay = "query($q: Question!, $t: String) { decision(question: $q, asOf: $t) { outcome } }"
    assert (await auditor.data(replay, q=question("mother", "child"), t=head))["decision"]["outcome"] == "PERMIT"
    assert await auditor.forbidden(replay, q=question("mother", "child"), t=None) == ["decision"]
    assert await auditor.forbidden('{ person(id: "mother") { name } }') == ["person"]


async def test_a_register_keeper_records_its_own(client: httpx.AsyncClient) -> None:
    keeper = Asker(client, "REGISTER", party="CCBR")
    record = "mutation($f: [JSON!]!) { recordFacts(facts: $f) { recorded userErrors { code } } }"
    mine = {"fact": "authority", "id": "c9", "kind": "CURATELE", "representative": "clerk", "represented": "client"}
    assert (await keeper.data(record, f=[mine]))["recordFacts"] == {"recorded": 1, "userErrors": []}
    theirs = mine | {"id": "p9", "kind": "PARENTAL_SOLE"}
    for fact in (theirs, theirs | {"register": "CCBR"}, mine | {"id": "a1", "register": "CCBR"}):
        assert await keeper.forbidden(record, f=[fact]) == ["recordFacts"]
    assert await keeper.forbidden(DECISION, q=question("mother", "child")) == ["decision"]
    assert (await keeper.data("{ registers { id stale } }"))["registers"]


# AuthZEN


def evaluation(
    subject: str, resource: str, action: str = "h1/record", assurance: str = "SUBSTANTIAL"
) -> dict[str, Any]:
    return {
        "subject": {"type": "person", "id": subject, "properties": {"assurance": assurance}},
        "resource": {"type": "person", "id": resource},
        "action": {"name": action},
    }


async def test_authzen_has_the_same_rules(citizen: Asker, hospital: Asker) -> None:
    for asker, body, status in (
        (citizen, evaluation("mother", "child"), 200),
        (citizen, evaluation("father", "mother"), 200),
        (citizen, evaluation("father", "child"), 403),
        (citizen, evaluation("father", "nobody-here"), 403),
        (citizen, evaluation("mother", "child", assurance="HIGH"), 403),
        (hospital, evaluation("mother", "child"), 200),
        (hospital, evaluation("mother", "child", "t1/return"), 403),
        (hospital, evaluation("mother", "child", "record"), 403),
    ):
        response = await asker.authzen("evaluation", body)
        assert response.status_code == status, body
        if status == 403:
            assert response.json()["error"]["code"] == "FORBIDDEN"
            assert "decision" not in response.json()


async def test_authzen_answers_the_rest_of_a_batch(hospital: Asker) -> None:
    body = {"evaluations": [evaluation("mother", "child"), evaluation("mother", "child", "t1/return")]}
    first, second = (await hospital.authzen("evaluations", body)).json()["evaluations"]
    assert first["decision"] is True
    assert second == {"decision": False, "context": {"error": second["context"]["error"]}}
    assert second["context"]["error"]["status"] == 403


async def test_authzen_searches(citizen: Asker, hospital: Asker) -> None:
    anybody, mother, child = {"type": "person"}, {"type": "person", "id": "mother"}, {"type": "person", "id": "child"}
    mine, theirs = {"name": "h1/record"}, {"name": "t1/return"}
    for asker, kind, body, status in (
        (citizen, "resource", {"subject": mother, "resource": anybody, "action": mine}, 200),
        (citizen, "resource", {"subject": child, "resource": anybody, "action": mine}, 403),
        (citizen, "subject", {"subject": anybody, "resource": mother, "action": mine}, 200),
        (citizen, "subject", {"subject": anybody, "resource": child, "action": mine}, 403),
        (citizen, "action", {"subject": mother, "resource": child}, 200),
        (hospital, "resource", {"subject": mother, "resource": anybody, "action": mine}, 200),
        (hospital, "resource", {"subject": mother, "resource": anybody, "action": theirs}, 403),
        (hospital, "subject", {"subject": anybody, "resource": child, "action": theirs}, 403),
        (hospital, "action", {"subject": mother, "resource": child}, 403),
        (hospital, "action", {"subject": mother, "resource": child, "context": {"provider": "t1"}}, 403),
        (hospital, "action", {"subject": mother, "resource": child, "context": {"provider": "h1"}}, 200),
    ):
        assert (await asker.authzen(f"search/{kind}", body)).status_code == status, (kind, body)


async def test_what_is_refused_says_nothing_of_what_there_is(citizen: Asker) -> None:
    known, unknown = [await citizen.said(DECISION, q=question("father", who)) for who in ("child", "nobody-here")]
    assert json.dumps(known) == json.dumps(unknown)
    answers = [await citizen.authzen("evaluation", evaluation("father", who)) for who in ("child", "nobody-here")]
    assert answers[0].content == answers[1].content


async def test_a_stranger_is_answered_and_read_like_nobody(
    client: httpx.AsyncClient, ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same bytes, and the same reads of the ledger; what is left of time, `make bench ARGS=strangers` measures."""
    reads: list[str] = []
    for name in ("neighbourhood", "neighbourhoods", "find", "head", "represented_by", "holders_over"):
        method = getattr(ledger, name)

        async def counted(*given: Any, name: str = name, method: Any = method, **more: Any) -> Any:
            reads.append(name)
            return await method(*given, **more)

        monkeypatch.setattr(ledger, name, counted)
    temp = Asker(client, "CITIZEN", sub="temp", acr="high")
    seen = set()
    for stranger in ("nobody-here", "child", "client", "father"):
        reads.clear()
        answers = [
            json.dumps(await temp.said(DECISION, q=question("temp", stranger))),
            (await temp.authzen("evaluation", evaluation("temp", stranger))).text,
        ]
        seen.add((*answers, tuple(reads)))
    assert len(seen) == 1


async def test_answers_to_a_citizen_leave_on_a_beat(
    citizen: Asker, hospital: Asker, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(beat, "asyncio", SimpleNamespace(sleep=sleep))
    for asker, times in ((citizen, 2), (hospital, 0)):
        slept.clear()
        await asker.data(DECISION, q=question("mother", "child"))
        await asker.authzen("evaluation", evaluation("mother", "child"))
        assert len(slept) == times
        assert all(0 < each <= beat.BEAT_S for each in slept)
