"""Every query over a real graph: shapes, arguments, languages, positions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from authority.codes import FactType
from authority.facts import Fact
from graph.embedded import EmbeddedGraph
from graph.ledger import NOW, Token, View
from resolvers.nodes import node_id
from tests.resolvers.small import QUESTION, fill
from tests.schema.asking import ask, data, error

# as DESIGN.md chapter 6 has it, which clients and load tests rely on
DECISION = """query Decision($question: Question!) {
  decision(question: $question) { outcome reason validUntil asOf grounds { id kind register { id } } }
}"""
DECISIONS = "query Decisions($questions: [Question!]!) { decisions(questions: $questions) { outcome reason } }"


async def test_decision(ledger: EmbeddedGraph) -> None:
    answer = await data(ledger, DECISION, {"question": QUESTION})
    assert answer["decision"] == {
        "outcome": "PERMIT",
        "reason": "PARENTAL_AUTHORITY",
        "validUntil": "2030-02-28T23:00:00Z",
        "asOf": str(await ledger.head()),
        "grounds": [{"id": "a1", "kind": "PARENTAL_JOINT", "register": {"id": "BRP"}}],
    }


async def test_every_field_of_a_decision(ledger: EmbeddedGraph) -> None:
    fields = "id outcome reasons { code text source } requiredConsents stepUp grounds { id } validUntil staleRegisters"
    query = f"query($question: Question!) {{ decision(question: $question) {{ {fields} }} }}"
    answer = await data(ledger, query, {"question": QUESTION | {"id": "x", "assurance": "LOW"}}, language="en")
    assert answer["decision"] == {
        "id": "x",
        "outcome": "DENY",
        "reasons": [
            {
                "code": "STEP_UP_REQUIRED",
                "text": "Log in at a higher level of assurance.",
                "source": "eIDAS art. 8",
            }
        ],
        "requiredConsents": [],
        "stepUp": "SUBSTANTIAL",
        "grounds": [{"id": "a1"}],
        "validUntil": "2030-02-28T23:00:00Z",
        "staleRegisters": [],
    }


async def test_consent_required_names_who(ledger: EmbeddedGraph) -> None:
    service = {"fact": "service", "id": "h1/surgery", "provider": "h1", "domain": "CARE_DECISION"}
    await fill(ledger, [service | {"minimum_assurance": "LOW"}])
    query = "query($q: Question!) { decision(question: $q) { outcome reason requiredConsents } }"
    answer = await data(ledger, query, {"q": QUESTION | {"service": "h1/surgery"}})
    assert answer["decision"] == {
        "outcome": "CONSENT_REQUIRED",
        "reason": "OTHER_HOLDER_MUST_CONSENT",
        "requiredConsents": ["father"],
    }


async def test_texts_by_header_and_by_argument(ledger: EmbeddedGraph) -> None:
    query = """query($q: Question!) { decision(question: $q) {
      reasons { text nl: text(language: NL) en: text(language: EN) } } }"""
    dutch, english = "U hebt het ouderlijk gezag over dit kind.", "You hold parental authority over this child."
    for header, text in (("", dutch), ("en", english), ("nl,en;q=0.5", dutch)):
        answer = await data(ledger, query, {"q": QUESTION}, language=header)
        assert answer["decision"]["reasons"] == [{"text": text, "nl": dutch, "en": english}]


async def test_decisions_keep_their_order_and_are_a_thousand_at_most(ledger: EmbeddedGraph) -> None:
    questions = [QUESTION if n % 2 else QUESTION | {"represented": "nobody"} for n in range(1_000)]
    answer = await data(ledger, DECISIONS, {"questions": questions})
    assert [each["outcome"] for each in answer["decisions"]] == ["DENY", "PERMIT"] * 500
    wrong = await error(ledger, DECISIONS, {"questions": [*questions, QUESTION]})
    assert wrong["extensions"] == {
        "code": "BATCH_LIMIT",
        "field": "questions",
        "found": 1_001,
        "limit": 1_000,
        "retryable": False,
    }
    assert (await data(ledger, DECISIONS, {"questions": []}))["decisions"] == []


async def test_node_ids_are_taken_wherever_ids_are(ledger: EmbeddedGraph) -> None:
    types = {"representative": "Person", "represented": "Person", "provider": "Provider"}
    question = QUESTION | {field: node_id(name, QUESTION[field]) for field, name in types.items()}
    question["service"] = node_id("Service", "h1/record")
    assert (await data(ledger, DECISION, {"question": question}))["decision"]["outcome"] == "PERMIT"
    question["provider"] = node_id("Person", "h1")
    wrong = await error(ledger, DECISION, {"question": question})
    assert wrong["extensions"]["field"] == "question.provider"


POSITIONED = """query($q: Question!, $f: Freshness, $l: String, $o: String) {
  decision(question: $q, freshness: $f, atLeast: $l, asOf: $o) { outcome reason asOf } }"""


async def test_freshness(ledger: EmbeddedGraph) -> None:
    head = await ledger.head()
    reached, ahead = str(head), str(Token(head.ledger, head.position + 5))
    for asked in ({}, {"f": "ANY"}, {"f": "LATEST"}, {"f": "AT_LEAST", "l": reached}, {"o": reached}):
        answer = await data(ledger, POSITIONED, {"q": QUESTION, **asked})
        assert answer["decision"] == {"outcome": "PERMIT", "reason": "PARENTAL_AUTHORITY", "asOf": reached}
    for asked in ({"f": "AT_LEAST", "l": ahead}, {"l": ahead}, {"f": "LATEST", "l": ahead}, {"o": ahead}):
        answer = await data(ledger, POSITIONED, {"q": QUESTION, **asked})
        assert answer["decision"] == {"outcome": "INDETERMINATE", "reason": "LEDGER_BEHIND", "asOf": reached}
    foreign = await error(ledger, POSITIONED, {"q": QUESTION, "l": "elsewhere.1"})
    assert foreign["extensions"]["code"] == "BAD_TOKEN"
    missing = await error(ledger, POSITIONED, {"q": QUESTION, "f": "AT_LEAST"})
    assert missing["extensions"] == {"code": "BAD_INPUT", "field": "atLeast", "retryable": False}


LIST = """query($first: Int, $after: String) {
  representedBy(representative: "mother", provider: "h1", service: "record", assurance: HIGH,
                first: $first, after: $after) {
    nodes { person { id nodeId born } decision { outcome reason asOf } }
    edges { cursor node { person { id } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  } }"""


async def test_represented_by_pages_through(ledger: EmbeddedGraph) -> None:
    whole = (await data(ledger, LIST))["representedBy"]
    assert [node["person"]["id"] for node in whole["nodes"]] == ["child", "father"]
    assert whole["nodes"][0] == {
        "person": {"id": "child", "nodeId": node_id("Person", "child"), "born": "2018-03-01"},
        "decision": {"outcome": "PERMIT", "reason": "PARENTAL_AUTHORITY", "asOf": str(await ledger.head())},
    }
    assert not whole["pageInfo"]["hasNextPage"]
    first = (await data(ledger, LIST, {"first": 1}))["representedBy"]
    assert first["pageInfo"]["hasNextPage"]
    assert first["edges"][0]["cursor"] == first["pageInfo"]["endCursor"]
    second = (await data(ledger, LIST, {"first": 1, "after": first["pageInfo"]["endCursor"]}))["representedBy"]
    assert [node["person"]["id"] for node in second["nodes"]] == ["father"]
    assert (second["pageInfo"]["hasNextPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)


@pytest.mark.parametrize(
    ("variables", "field"), [({"first": 0}, "first"), ({"after": "x"}, "after"), ({"first": -1}, "first")]
)
async def test_pages_that_cannot_be(ledger: EmbeddedGraph, variables: dict[str, Any], field: str) -> None:
    wrong = await error(ledger, LIST, variables)
    assert wrong["extensions"] == {"code": "BAD_INPUT", "field": field, "retryable": False}


async def test_a_list_on_a_ledger_that_is_behind_is_an_error_and_not_an_empty_list(ledger: EmbeddedGraph) -> None:
    head = await ledger.head()
    query = """query($l: String) { representedBy(representative: "mother", provider: "h1", service: "record",
      assurance: HIGH, atLeast: $l) { nodes { person { id } } } }"""
    wrong = await error(ledger, query, {"l": str(Token(head.ledger, head.position + 1))})
    assert wrong["extensions"] == {"code": "LEDGER_BEHIND", "retryable": True}


async def test_representatives_of_names_the_organisation_of_an_employee(ledger: EmbeddedGraph) -> None:
    query = """query($organisation: ID) {
      representativesOf(represented: "client", provider: "t1", service: "return", assurance: HIGH,
                        organisation: $organisation) {
        nodes { person { id } organisation { id name kind } decision { reason grounds { id representative {
          __typename ... on Organisation { id } } } } } pageInfo { hasNextPage } } }"""
    nodes = (await data(ledger, query))["representativesOf"]["nodes"]
    assert [node["person"]["id"] for node in nodes] == ["clerk", "temp"]
    assert nodes[0]["organisation"] == {"id": "office", "name": "Office", "kind": "ADMINISTRATION_OFFICE"}
    assert nodes[0]["decision"]["grounds"] == [
        {"id": "b1", "representative": {"__typename": "Organisation", "id": "office"}}
    ]
    assert (await data(ledger, query, {"organisation": "office"}))["representativesOf"]["nodes"] == nodes
    assert (await data(ledger, query, {"organisation": "another"}))["representativesOf"]["nodes"] == []


async def test_a_stranger_and_somebody_unknown_get_the_same_lists_and_answers(ledger: EmbeddedGraph) -> None:
    query = """query($r: ID!, $d: ID!) {
      representedBy(representative: $r, provider: "h1", service: "record", assurance: HIGH) { nodes { person { id } } }
      representativesOf(represented: $d, provider: "h1", service: "record", assurance: HIGH) {
        nodes { person { id } } pageInfo { hasNextPage } }
      decision(question: {representative: $r, represented: $d, provider: "h1", service: "record", assurance: HIGH}) {
        outcome reason reasons { code } requiredConsents stepUp validUntil grounds { id } } }"""
    known = await data(ledger, query, {"r": "temp", "d": "clerk"})
    assert known == await data(ledger, query, {"r": "temp", "d": "nobody"})
    assert known["decision"]["reason"] == "NO_GROUND"


async def test_explain(ledger: EmbeddedGraph) -> None:
    query = """query($q: Question!) { explain(question: $q) {
      decision { outcome reason asOf }
      readings { representativeBorn outcome checks { name state section law text looks { what of found detail } }
        grounds { authority { id } counts outcome status validFrom steps { name state reason text(language: EN) }
                  leanedOn { type id } } leanedOn { type id } }
      otherAuthorities { id kind why inForce text }
      registers { id stale matters heardFrom staleFrom }
      changes { what outcome reason at who level text } } }"""
    told = (await data(ledger, query, {"q": QUESTION | {"assurance": "BASIC"}}, language="en"))["explain"]
    assert (told["decision"]["outcome"], told["decision"]["reason"]) == ("DENY", "STEP_UP_REQUIRED")
    [reading] = told["readings"]
    assert all(check["state"] in ("PASSED", "NOT_ASKED") for check in reading["checks"])
    [ground] = reading["grounds"]
    assert (ground["authority"]["id"], ground["counts"]) == ("a1", True)
    assert [step["reason"] for step in ground["steps"] if step["state"] == "FOUND"] == ["STEP_UP_REQUIRED"]
    assert [(other["id"], other["why"]) for other in told["otherAuthorities"]] == [("a2", "HELD_BY_ANOTHER")]
    changes = {change["what"]: change for change in told["changes"]}
    assert (changes["STEP_UP"]["level"], changes["STEP_UP"]["outcome"]) == ("SUBSTANTIAL", "PERMIT")


SINCE = """query($q: Question!, $o: String) { explain(question: $q, asOf: $o) { decision { outcome } since {
  asOf differs differsIn facts { id fact asOf recordedAt change }
  decisionNow { outcome reason asOf grounds { id status represented { died } } } } } }"""


async def test_what_has_been_learnt_since_a_past_decision(ledger: EmbeddedGraph) -> None:
    before = str(await ledger.head())
    dead = {"fact": "person", "id": "child", "born": "2018-03-01", "died": "2026-02-01"}
    await fill(ledger, [dead | {"recorded_at": "2026-03-01T00:00:00Z"}])
    after = str(await ledger.head())
    known_before = QUESTION | {"knownAt": "2026-02-15T00:00:00Z"}
    for variables in ({"q": QUESTION, "o": before}, {"q": known_before}, {"q": known_before, "o": before}):
        told = (await data(ledger, SINCE, variables))["explain"]
        assert told == {
            "decision": {"outcome": "PERMIT"},
            "since": {
                "asOf": after,
                "differs": True,
                "differsIn": ["outcome", "reason", "validUntil", "reasons"],
                "facts": [
                    {
                        "id": "child",
                        "fact": "person",
                        "asOf": after,
                        "recordedAt": "2026-03-01T00:00:00Z",
                        "change": "CORRECTED",
                    }
                ],
                "decisionNow": {
                    "outcome": "INDETERMINATE",
                    "reason": "PROVIDER_MUST_DECIDE",
                    "asOf": after,
                    "grounds": [{"id": "a1", "status": "ACTIVE", "represented": {"died": "2026-01-31T23:00:00Z"}}],
                },
            },
        }
    nothing = (await data(ledger, SINCE, {"q": QUESTION, "o": after}))["explain"]["since"]
    assert (nothing["differs"], nothing["differsIn"], nothing["facts"]) == (False, [], [])
    assert (await data(ledger, SINCE, {"q": QUESTION}))["explain"]["since"] is None


async def test_things_by_id(ledger: EmbeddedGraph) -> None:
    query = """{
      authority(id: "b1") { id kind status exercise services domains goods candidates { id } validFrom recordedAt
        retracted underInvestigation represented { id name } representative { ... on Person { id } } }
      person(id: "child") { id name born died } nobody: person(id: "nobody") { id }
      provider(id: "t1") { id name sector status live liveFrom route services { id domain provider { id } } }
      service(id: "h1/record") { id domain minimumAssurance channel routine mandatable matter provider { id } }
      registers { id serves completeFor heardFrom maxSilence delay stale name } }"""
    found = await data(ledger, query)
    assert found["authority"] == {
        "id": "b1",
        "kind": "BEWIND",
        "status": "ACTIVE",
        "exercise": "SOLE",
        "services": None,
        "domains": None,
        "goods": None,
        "candidates": [],
        "validFrom": None,
        "recordedAt": "0001-01-01T00:00:00Z",
        "retracted": False,
        "underInvestigation": False,
        "represented": {"id": "client", "name": None},
        "representative": {},
    }
    assert found["person"] == {"id": "child", "name": "Noor", "born": "2018-03-01", "died": None}
    assert found["nobody"] is None
    assert found["provider"]["services"] == [{"id": "t1/return", "domain": "TAX", "provider": {"id": "t1"}}]
    assert found["provider"]["live"] is True
    assert found["service"]["minimumAssurance"] == "SUBSTANTIAL"
    assert len(found["registers"]) == 10


async def test_things_as_registers_knew_them(ledger: EmbeddedGraph) -> None:
    before = str(await ledger.head())
    dead = {"fact": "person", "id": "client", "born": "1950-05-05", "died": "2026-02-01"}
    await fill(ledger, [dead | {"recorded_at": "2026-03-01T00:00:00Z"}])
    query = """query($k: DateTime, $o: String) { person(id: "client", knownAt: $k, asOf: $o) { died } }"""
    assert (await data(ledger, query))["person"] == {"died": "2026-01-31T23:00:00Z"}
    assert (await data(ledger, query, {"k": "2026-02-15T00:00:00Z"}))["person"] == {"died": None}
    assert (await data(ledger, query, {"o": before}))["person"] == {"died": None}
    wrong = await error(ledger, query, {"k": "yesterday"})
    assert wrong["extensions"]["field"] == "knownAt"


async def test_authorities_are_counted_as_they_were(ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    before = str(await ledger.head())
    bewind = {"fact": "authority", "id": "b1", "kind": "BEWIND", "representative": "office", "represented": "client"}
    await fill(ledger, [bewind | {"retracted": True, "recorded_at": "2026-03-01T00:00:00Z"}])
    await fill(ledger, [bewind | {"id": "b2", "register": "COURT", "recorded_at": "2026-04-01T00:00:00Z"}])
    query = "query($k: DateTime, $o: String) { registers(knownAt: $k, asOf: $o) { id authorityCount } }"

    async def counts(**variables: str) -> dict[str, int]:
        found = (await data(ledger, query, variables))["registers"]
        return {each["id"]: each["authorityCount"] for each in found if each["id"] in ("BRP", "CCBR", "COURT")}

    now = {"BRP": 2, "CCBR": 0, "COURT": 1}
    assert await counts() == await counts(o=str(await ledger.head())) == now
    assert await counts(o=before) == await counts(k="2026-02-15T00:00:00Z") == {"BRP": 2, "CCBR": 1, "COURT": 0}
    assert await counts(k="2026-03-15T00:00:00Z") == {"BRP": 2, "CCBR": 0, "COURT": 0}
    monkeypatch.setattr("resolvers.registers.COUNTED_MAX", 3)
    assert await counts(o=before) == {"BRP": None, "CCBR": None, "COURT": None}
    assert await counts() == now


async def test_what_a_decision_leads_to_is_as_it_was_decided(ledger: EmbeddedGraph) -> None:
    before = str(await ledger.head())
    dead = {"fact": "person", "id": "child", "born": "2018-03-01", "died": "2026-02-01"}
    await fill(ledger, [dead | {"recorded_at": "2026-03-01T00:00:00Z"}])
    query = """query($q: Question!, $o: String) {
      decision(question: $q, asOf: $o) { outcome grounds { represented { died } } } }"""
    known_before = QUESTION | {"knownAt": "2026-02-15T00:00:00Z"}
    for variables in ({"q": QUESTION, "o": before}, {"q": known_before}):
        answer = await data(ledger, query, variables)
        assert answer["decision"] == {"outcome": "PERMIT", "grounds": [{"represented": {"died": None}}]}
    now = await data(ledger, query, {"q": QUESTION})
    assert now["decision"]["grounds"] == [{"represented": {"died": "2026-01-31T23:00:00Z"}}]


async def test_history(ledger: EmbeddedGraph) -> None:
    ended = {"fact": "authority", "id": "b1", "kind": "BEWIND", "representative": "office", "represented": "client"}
    await fill(ledger, [ended | {"status": "ENDED", "recorded_at": "2026-02-01T00:00:00Z"}])
    query = """{ history(authority: "b1") { asOf authority { status recordedAt } }
      none: history(authority: "x") { asOf } }"""
    found = await data(ledger, query)
    assert [version["authority"] for version in found["history"]] == [
        {"status": "ACTIVE", "recordedAt": "0001-01-01T00:00:00Z"},
        {"status": "ENDED", "recordedAt": "2026-02-01T00:00:00Z"},
    ]
    assert found["none"] == []


@pytest.mark.parametrize(
    ("type_name", "thing"),
    [
        ("Person", "child"),
        ("Organisation", "office"),
        ("Provider", "h1"),
        ("Service", "h1/record"),
        ("Authority", "a1"),
        ("Register", "BRP"),
    ],
)
async def test_node_finds_every_type_again(ledger: EmbeddedGraph, type_name: str, thing: str) -> None:
    query = "query($id: ID!) { node(id: $id) { __typename id nodeId } }"
    found = await data(ledger, query, {"id": node_id(type_name, thing)})
    assert found["node"] == {"__typename": type_name, "id": thing, "nodeId": node_id(type_name, thing)}
    assert (await data(ledger, query, {"id": node_id(type_name, "unknown")}))["node"] is None


async def test_node_refuses_an_opaque_id(ledger: EmbeddedGraph) -> None:
    wrong = await error(ledger, '{ node(id: "child") { id } }')
    assert wrong["extensions"] == {"code": "BAD_INPUT", "field": "id", "retryable": False}


async def test_entities_are_resolved_in_batches(ledger: EmbeddedGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    reads: list[tuple[FactType, int]] = []
    read = ledger.find

    async def counted(fact_type: FactType, ids: Sequence[str], view: View = NOW) -> dict[str, Fact]:
        reads.append((fact_type, len(ids)))
        return await read(fact_type, ids, view)

    monkeypatch.setattr(ledger, "find", counted)
    people = [{"__typename": "Person", "id": each} for each in ("child", "mother", "father", "nobody")]
    providers = [{"__typename": "Provider", "id": each} for each in ("h1", "t1", "nobody")]
    query = """query($all: [_Any!]!) { _entities(representations: $all) {
      ... on Person { id born } ... on Provider { id sector } } }"""
    found = await data(ledger, query, {"all": [*people, *providers]})
    assert [each and each["id"] for each in found["_entities"]] == [
        *("child", "mother", "father", "nobody", "h1", "t1"),
        None,
    ]
    assert sorted(reads) == [("person", 4), ("provider", 3)]


async def test_sdl_of_the_subgraph_is_served(ledger: EmbeddedGraph) -> None:
    sdl = (await ask(ledger, "{ _service { sdl } }", dev=True))["data"]["_service"]["sdl"]
    for entity in ("Person", "Provider", "Service", "Organisation", "Authority"):
        assert f'type {entity} implements Node @key(fields: "id")' in sdl
